package starling;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;

/**
 * The staircase of docs/architecture.md as rules on compiled classes: imports go down, the value
 * machine touches nothing of the world, and each foreign library has one room.
 */
final class Architecture {
  /** Each knows of the others only what passes as facts. */
  private static final String PROTOCOL =
      "starling.(clock|charter|membership|zone|inquiry|cast|archive|agreement)..";

  /** The rooms with doors to the world; everything else is a value machine or a pure library. */
  private static final String WORLDLY =
      "starling.[node|sensor|link|gateway|cli|demo|keys|flash|doctor|bench|simulate]..";

  private static final String[] WORLD = {
    "java.net..",
    "java.nio.channels..",
    "java.nio.file..",
    "java.util.concurrent..",
    "java.lang.foreign..",
    "sun.misc.."
  };

  private static final Set<String> WORLD_CLASSES =
      Set.of(
          "java.io.File",
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.io.FileReader",
          "java.io.FileWriter",
          "java.io.RandomAccessFile",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.lang.Thread",
          "java.util.Timer");

  /** Time is an argument, and so is chance. */
  private static final Map<String, Set<String>> HIDDEN_INPUTS =
      Map.of(
          "java.lang.System", Set.of("nanoTime", "currentTimeMillis", "getenv", "in", "out", "err"),
          "java.lang.Math", Set.of("random"),
          "java.time.Instant", Set.of("now"),
          "java.time.LocalDate", Set.of("now"),
          "java.time.LocalDateTime", Set.of("now"),
          "java.time.ZonedDateTime", Set.of("now"),
          "java.time.OffsetDateTime", Set.of("now"),
          "java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system"),
          "java.util.UUID", Set.of("randomUUID"));

  private Architecture() {}

  static ArchRule modulesImportOnlyWhatIsBelowThem() {
    return rule(classes().should(importOnlyLowerModules()));
  }

  static ArchRule packagesFormNoCircle() {
    return rule(slices().matching("starling.(**)").should().beFreeOfCycles());
  }

  static ArchRule noProtocolImportsAnother() {
    return rule(slices().matching(PROTOCOL).should().notDependOnEachOther());
  }

  static ArchRule theValuesBelowTheProtocolsKnowNone() {
    return rule(
        noClasses()
            .that(resideInAPackage("starling.[engine|model|query|predict|wire|frame|link].."))
            .should()
            .dependOnClassesThat(resideInAPackage(PROTOCOL)));
  }

  static ArchRule aProtocolRestsOnValuesAndTheEngine() {
    return rule(
        noClasses()
            .that(resideInAPackage(PROTOCOL))
            .should()
            .dependOnClassesThat(
                resideInAPackage("starling..")
                    .and(
                        not(
                            resideInAnyPackage(
                                PROTOCOL,
                                "starling.[model|engine|query|predict|wire|frame]..",
                                "starling.link")))));
  }

  static ArchRule onlyWorldlyPackagesTouchTheWorld() {
    return rule(
        noClasses()
            .that(not(resideInAPackage(WORLDLY)))
            .should()
            .dependOnClassesThat(
                describe(
                    "are threads, processes, sockets or files",
                    c ->
                        WORLD_CLASSES.contains(c.getName())
                            || (resideInAnyPackage(WORLD).test(c)
                                && !c.getSimpleName().equals("TimeUnit")))));
  }

  static ArchRule onlyWorldlyPackagesAskForTimeOrChance() {
    return rule(
        noClasses()
            .that(not(resideInAPackage(WORLDLY)))
            .should()
            .accessTargetWhere(
                describe("reads the clock, chance or the terminal", Architecture::isHiddenInput)));
  }

  static ArchRule onlyTheseUse(String library, String... rooms) {
    return rule(
        noClasses()
            .that(not(resideInAnyPackage(rooms)))
            .should()
            .dependOnClassesThat(resideInAPackage(library)));
  }

  static ArchRule everyPackageIsNullMarked() {
    return rule(
        classes()
            .should(
                satisfy(
                    "be in a package with a package-info.java that says @NullMarked",
                    c ->
                        c.getPackage().tryGetPackageInfo().isPresent()
                            && c.getPackage().isAnnotatedWith(NullMarked.class))));
  }

  /** The module that a class was compiled in: it lies in MODULE/target or in MODULE's jar. */
  static Optional<String> module(JavaClass c) {
    String place = c.getSource().map(s -> s.getUri().toString()).orElse("");
    return Repository.modules().stream()
        .filter(m -> place.contains("/" + m + "/target/classes/") || place.contains("/" + m + "-"))
        .findFirst();
  }

  private static ArchRule rule(ArchRule rule) {
    return rule.allowEmptyShould(true);
  }

  private static boolean isHiddenInput(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    String owner = target.getOwner().getName();
    boolean unseeded =
        owner.equals("java.util.Random")
            && target instanceof AccessTarget.ConstructorCallTarget constructor
            && constructor.getRawParameterTypes().isEmpty();
    return unseeded || HIDDEN_INPUTS.getOrDefault(owner, Set.of()).contains(target.getName());
  }

  private static ArchCondition<JavaClass> importOnlyLowerModules() {
    return new ArchCondition<>("import only lower modules") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        item.getDirectDependenciesFromSelf().stream()
            .filter(d -> height(d.getTargetClass()) > height(item))
            .forEach(d -> events.add(SimpleConditionEvent.violated(item, d.getDescription())));
      }
    };
  }

  private static int height(JavaClass c) {
    return module(c).map(Repository.modules()::indexOf).orElse(-1);
  }

  private static ArchCondition<JavaClass> satisfy(String description, Predicate<JavaClass> holds) {
    return ArchCondition.from(describe(description, holds));
  }
}
