package starling.flash.software;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.Repository;
import starling.progress.Progress;

/** The archive of the programs, made of a home and a runtime that only look like real ones. */
class ReleaseTest {
  private static final byte[] ARM64 = {
    0x7F, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, (byte) 183, 0
  };

  @TempDir Path directory;
  private Path home;
  private Arm64Runtime arm64;

  @BeforeEach
  void makeAHome() throws IOException {
    home = directory.resolve("home");
    arm64 = new Arm64Runtime(directory.resolve("cache/arm64"));
    Path packaging = Path.of("edge-node/src/packaging");
    try (Stream<Path> files = Files.walk(Repository.root().resolve(packaging))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        write(home.resolve(Repository.root().relativize(file)), Files.readAllBytes(file));
      }
    }
    write(home.resolve("edge-node/target/edge-node-1.jar"), "own".getBytes(UTF_8));
    write(home.resolve("edge-node/target/edge-node-1-tests.jar"), "tests".getBytes(UTF_8));
    write(home.resolve("edge-node/target/lib/b.jar"), "b".getBytes(UTF_8));
    write(home.resolve("edge-node/target/lib/a.jar"), "a".getBytes(UTF_8));
    write(arm64.directory().resolve("glibc"), "2.38\n".getBytes(UTF_8));
    write(arm64.runtime().resolve("bin/java"), ARM64);
    assertTrue(arm64.runtime().resolve("bin/java").toFile().setExecutable(true));
    Path library = arm64.runtime().resolve("lib/server/libjvm.so");
    write(library, ARM64);
    size(library, 30 << 20);
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    Files.write(file, bytes);
  }

  private static void size(Path file, long bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(bytes);
    }
  }

  private Path ready() throws IOException {
    return Release.ready(home, arm64.check(), Progress.NONE);
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  @Test
  void tarReadsTheArchiveAndFindsAllThatABoardNeeds() throws Exception {
    List<String> names = run("tar", "-tzf", ready().toString()).lines().toList();
    for (String name :
        List.of(
            "RELEASE",
            "bin/starling-node",
            "lib/edge-node-1.jar",
            "lib/jvm.options",
            "lib/libs/a.jar",
            "runtime/bin/java",
            "runtime/lib/server/libjvm.so",
            "system/etc/systemd/system/starling-node.service",
            "system/etc/sysusers.d/starling-node.conf",
            "system/etc/udev/rules.d/70-starling-node.rules")) {
      assertTrue(names.contains(name), name + " of " + names);
    }
    assertFalse(names.stream().anyMatch(name -> name.contains("tests")));
    String modes = run("tar", "-tvzf", ready().toString());
    assertTrue(modes.contains("-rwxr-xr-x root/root"), modes);
    assertEquals(238, Release.glibc(ready()).orElseThrow());
    assertEquals(Optional.empty(), Release.glibc(Path.of("other.tar.gz")));
  }

  @Test
  void itIsMadeOnceForEachStateOfThePrograms() throws Exception {
    Path first = ready();
    byte[] bytes = Files.readAllBytes(first);
    Files.write(first, new byte[] {1});
    assertEquals(first, ready());
    assertEquals(1, Files.size(first), "it was there");
    Files.delete(first);
    ready();
    assertArrayEquals(bytes, Files.readAllBytes(first), "the same bytes from the same programs");
    write(home.resolve("edge-node/target/lib/a.jar"), "changed".getBytes(UTF_8));
    assertNotEquals(first, ready());
  }

  @Test
  void aRuntimeForAnotherMachineOrOfAnImpossibleSizeIsRefused() throws Exception {
    Path library = arm64.runtime().resolve("lib/server/libjvm.so");
    size(library, 61 << 20);
    String large = assertThrows(IOException.class, this::ready).getMessage();
    assertTrue(large.contains("61 MiB"), large);
    size(library, 1 << 20);
    assertThrows(IOException.class, this::ready);
    byte[] amd64 = ARM64.clone();
    amd64[18] = 62;
    write(library, amd64);
    String other = assertThrows(IOException.class, this::ready).getMessage();
    assertTrue(other.contains("machine 62, not arm64"), other);
    write(library, "#!/bin/sh\n".getBytes(UTF_8));
    assertThrows(IOException.class, this::ready);
  }

  @Test
  void programsThatAreNotBuiltAreMissed() throws Exception {
    Files.delete(home.resolve("edge-node/target/edge-node-1.jar"));
    Files.delete(home.resolve("edge-node/target/edge-node-1-tests.jar"));
    String missing = assertThrows(IOException.class, this::ready).getMessage();
    assertTrue(missing.contains("not built"), missing);
  }

  /** The launcher, with a Java that only says how it was called. */
  @Test
  void theLauncherRunsTheNodeWithTheJavaThatCameWithIt() throws Exception {
    Path place = Files.createDirectory(directory.resolve("a place"));
    run("tar", "-xzf", ready().toString(), "-C", place.toString());
    Files.writeString(place.resolve("runtime/bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    List<String> told = run(place + "/bin/starling-node", "--config", "a b.toml").lines().toList();
    assertEquals("@" + place + "/lib/jvm.options", told.getFirst());
    String path = "%1$s/lib/edge-node-1.jar:%1$s/lib/libs/a.jar:%1$s/lib/libs/b.jar";
    assertEquals(path.formatted(place), told.get(told.indexOf("-cp") + 1));
    assertEquals(
        List.of("starling.node.Main", "--config", "a b.toml"),
        told.subList(told.size() - 3, told.size()));
  }

  /** What systemd itself says of the unit: 0 is none, 10 all that a service can be exposed to. */
  @Test
  void theServiceIsExposedToLittle() throws Exception {
    Path place = Files.createDirectory(directory.resolve("x"));
    run("tar", "-xzf", ready().toString(), "-C", place.toString());
    Path unit = place.resolve("system/etc/systemd/system/starling-node.service");
    String said =
        run(
            "systemd-analyze",
            "security",
            "--no-pager",
            "--offline=true",
            "--threshold=30",
            "" + unit);
    assertTrue(said.contains("Overall exposure level"), said);
    assertFalse(Files.readString(unit).contains("@HOME@"), "all is filled in");
  }
}
