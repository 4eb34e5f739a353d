package starling;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every rule of {@link Architecture} refuses a planted fault: a rule that can't fail guards
 * nothing.
 */
class ArchitectureRulesTest {
  @TempDir Path directory;

  @Test
  void aLowerModuleThatImportsAHigherOneIsRefused() throws IOException {
    plant("gateway", "starling.gateway", "public class Up {}");
    plant("edge-node", "starling.node", "class Down { starling.gateway.Up up; }");
    refuses(Architecture.modulesImportOnlyWhatIsBelowThem());
  }

  @Test
  void twoPackagesThatImportEachOtherAreRefused() throws IOException {
    plant("edge-node", "starling.model", "public class Left {}");
    plant("edge-node", "starling.query", "public class Right { starling.model.Left other; }");
    plant("edge-node", "starling.model", "public class Left { starling.query.Right other; }");
    refuses(Architecture.packagesFormNoCircle());
  }

  @Test
  void aProtocolThatImportsAnotherIsRefused() throws IOException {
    plant("edge-node", "starling.zone", "public class Zone {}");
    plant("edge-node", "starling.clock", "class Clock { starling.zone.Zone zone; }");
    refuses(Architecture.noProtocolImportsAnother());
  }

  @Test
  void anEngineThatImportsAProtocolIsRefused() throws IOException {
    plant("edge-node", "starling.zone", "public class Zone {}");
    plant("edge-node", "starling.engine", "class Engine { starling.zone.Zone zone; }");
    refuses(Architecture.theValuesBelowTheProtocolsKnowNone());
  }

  @Test
  void aProtocolThatImportsALinkOrASensorIsRefused() throws IOException {
    plant("edge-node", "starling.sensor", "public class Sensor {}");
    plant("edge-node", "starling.zone", "class Zone { starling.sensor.Sensor sensor; }");
    refuses(Architecture.aProtocolRestsOnValuesAndTheEngine());
  }

  @Test
  void filesSocketsAndThreadsInAPurePackageAreRefused() throws IOException {
    for (String type : List.of("java.nio.file.Path", "java.net.Socket", "Thread", "java.io.File")) {
      plant("edge-node", "starling.engine", "class Machine { " + type + " world; }");
      refuses(Architecture.onlyWorldlyPackagesTouchTheWorld());
    }
  }

  @Test
  void theTimeAndChanceInAPurePackageAreRefused() throws IOException {
    for (String call :
        List.of(
            "System.nanoTime()",
            "System.currentTimeMillis()",
            "Math.random()",
            "new java.util.Random()",
            "java.time.Instant.now()")) {
      plant("edge-node", "starling.zone.inner", "class Machine { Object input = " + call + "; }");
      refuses(Architecture.onlyWorldlyPackagesAskForTimeOrChance());
    }
  }

  @Test
  void seededChanceInAPurePackageIsFine() throws IOException {
    plant(
        "edge-node", "starling.zone", "class Machine { Object input = new java.util.Random(1); }");
    assertDoesNotThrow(() -> Architecture.onlyWorldlyPackagesAskForTimeOrChance().check(planted()));
  }

  @Test
  void theWorldInARuntimePackageIsFine() throws IOException {
    plant("edge-node", "starling.node", "class Runtime { Object now = System.nanoTime(); }");
    plant("radio-transport", "starling.link.serial", "class Port { Thread reader; }");
    assertDoesNotThrow(() -> Architecture.onlyWorldlyPackagesTouchTheWorld().check(planted()));
    assertDoesNotThrow(() -> Architecture.onlyWorldlyPackagesAskForTimeOrChance().check(planted()));
  }

  @Test
  void aForeignLibraryOutsideItsRoomIsRefused() throws IOException {
    plant("edge-node", "starling.node", "class Radio { jssc.SerialPort port; }");
    refuses(Architecture.onlyTheseUse("jssc..", "starling.link.serial.."));
  }

  @Test
  void aPackageWithoutItsPageIsRefused() throws IOException {
    plant("edge-node", "starling.node", "class Lonely {}");
    refuses(Architecture.everyPackageIsNullMarked());
  }

  private void refuses(ArchRule rule) {
    assertThrows(AssertionError.class, () -> rule.check(planted()), rule.getDescription());
  }

  private JavaClasses planted() {
    return new ClassFileImporter().importPath(directory);
  }

  private void plant(String module, String room, String source) throws IOException {
    Path sources = Files.createDirectories(directory.resolve("sources"));
    Path classes = Files.createDirectories(directory.resolve(module + "/target/classes"));
    String name = source.replaceFirst(".*?class (\\w+).*", "$1");
    Path file = sources.resolve(name + ".java");
    Files.writeString(file, "package " + room + ";\n" + source);
    List<String> classPath = new ArrayList<>(List.of(System.getProperty("java.class.path")));
    for (String other : Repository.modules()) {
      classPath.add(directory.resolve(other + "/target/classes").toString());
    }
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-sourcepath",
                "",
                "-cp",
                String.join(":", classPath),
                "-d",
                classes.toString(),
                file.toString());
    assertEquals(0, status, source);
  }
}
