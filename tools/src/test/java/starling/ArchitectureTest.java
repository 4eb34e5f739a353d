package starling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What ships keeps to {@link Architecture}. */
class ArchitectureTest {
  private static final JavaClasses STARLING =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(place -> !place.contains("-tests.jar"))
          .withImportOption(place -> !place.contains("/jmh_generated/"))
          .importPackages("starling");

  @Test
  void modulesImportOnlyWhatIsBelowThem() {
    check(Architecture.modulesImportOnlyWhatIsBelowThem());
  }

  @Test
  void aPackageLivesInOneModule() {
    Map<String, Set<String>> modules = new TreeMap<>();
    for (JavaClass c : STARLING) {
      modules
          .computeIfAbsent(c.getPackageName(), p -> new TreeSet<>())
          .add(Architecture.module(c).orElseThrow());
    }
    modules.forEach((room, where) -> assertEquals(1, where.size(), room + " is in " + where));
  }

  @Test
  void packagesFormNoCircle() {
    check(Architecture.packagesFormNoCircle());
  }

  @Test
  void noProtocolImportsAnother() {
    check(Architecture.noProtocolImportsAnother());
  }

  @Test
  void theValuesBelowTheProtocolsKnowNone() {
    check(Architecture.theValuesBelowTheProtocolsKnowNone());
  }

  @Test
  void aProtocolRestsOnValuesAndTheEngine() {
    check(Architecture.aProtocolRestsOnValuesAndTheEngine());
  }

  @Test
  void onlyWorldlyPackagesTouchTheWorld() {
    check(Architecture.onlyWorldlyPackagesTouchTheWorld());
  }

  @Test
  void onlyWorldlyPackagesAskForTimeOrChance() {
    check(Architecture.onlyWorldlyPackagesAskForTimeOrChance());
  }

  @Test
  void eachForeignLibraryHasItsRooms() {
    check(Architecture.onlyTheseUse("jssc..", "starling.link.serial.."));
    check(Architecture.onlyTheseUse("com.pi4j..", "starling.sensor.bus.."));
    check(Architecture.onlyTheseUse("org.apache..", "starling.gateway.broker.."));
    check(Architecture.onlyTheseUse("org.sqlite..", "starling.gateway.[outbox|history].."));
    check(Architecture.onlyTheseUse("java.sql..", "starling.gateway.[outbox|history|sink].."));
    check(
        Architecture.onlyTheseUse(
            "org.eclipse.paho..",
            "starling.link.mqtt..",
            "starling.gateway.upstream..",
            "starling.[cli|demo|doctor|bench].."));
    check(Architecture.onlyTheseUse("org.openjdk.jmh..", "starling.bench.frame.."));
  }

  @Test
  void everyPackageIsNullMarked() {
    check(Architecture.everyPackageIsNullMarked());
  }

  @Test
  void everyModuleIsSeen() {
    Set<String> seen = new TreeSet<>();
    STARLING.forEach(c -> Architecture.module(c).ifPresent(seen::add));
    assertTrue(seen.containsAll(Set.of("radio-transport", "edge-node", "tools")), "only " + seen);
  }

  private static void check(ArchRule rule) {
    rule.check(STARLING);
  }
}
