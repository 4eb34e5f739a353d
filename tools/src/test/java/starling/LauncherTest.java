package starling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a home of its own, with a JDK and a Maven that only say how they were called. */
class LauncherTest {
  private static final Instant BUILT = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path directory;
  private Path home;
  private Path jdk;
  private Path bin;

  @BeforeEach
  void makeABuiltHome() throws IOException {
    home = directory.resolve("a home");
    jdk = directory.resolve("jdk");
    bin = Files.createDirectories(directory.resolve("bin"));
    for (String file : List.of("tools/starling", "tools/lib/machine.sh")) {
      Path copy = home.resolve(file);
      Files.createDirectories(copy.getParent());
      Files.copy(Repository.root().resolve(file), copy);
    }
    script(jdk.resolve("bin/java"), "printf '%s\\n' \"$@\"; exit ${FAKE_STATUS:-0}");
    script(jdk.resolve("bin/javac"), "exit 1");
    Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"25.0.3\"\n");
    script(bin.resolve("mvn"), "echo \"$JAVA_HOME $*\" >>'" + directory + "/mvn.log'");
    for (String module : Repository.modules()) {
      file(module + "/pom.xml");
      file(module + "/src/main/java/A.java");
      file(module + "/target/" + module + "-0.1.0.jar");
      file(module + "/target/" + module + "-0.1.0-tests.jar");
      file(module + "/target/lib/b.jar");
      file(module + "/target/lib/a.jar");
    }
    file("pom.xml");
    file("target/built");
  }

  @Test
  void withoutAVerbItListsVerbsWithoutBuildingAnything() throws Exception {
    Files.delete(home.resolve("target/built"));
    for (List<String> asked : List.of(List.<String>of(), List.of("--help"))) {
      Run run = run(Map.of(), asked.toArray(String[]::new));
      assertEquals(0, run.status());
      for (String verb : List.of("demo", "node", "gateway")) {
        assertTrue(run.out().contains("starling " + verb), run.out());
      }
    }
    assertFalse(mavenRan());
  }

  @Test
  void aVerbRunsInTheToolsWithItsArgumentsAsTheyWere() throws Exception {
    Run run = run(Map.of(), "keys", "a b", "*", "");
    assertEquals(0, run.status(), run.err());
    List<String> told = run.lines();
    assertEquals(
        List.of("starling.cli.Main", "keys", "a b", "*", ""),
        told.subList(told.indexOf("starling.cli.Main"), told.size()));
    assertEquals(
        home + "/tools/target/tools-0.1.0.jar:" + libraries("tools"),
        told.get(told.indexOf("-cp") + 1));
    assertFalse(mavenRan());
  }

  @Test
  void aNodeRunsLeanOnItsOwnClassPath() throws Exception {
    Run run = run(Map.of("STARLING_NO_BUILD", "1"), "node", "--config", "x.toml");
    List<String> told = run.lines();
    assertTrue(told.contains("-Xmx24m"), run.out());
    assertTrue(told.contains("--enable-native-access=ALL-UNNAMED"), run.out());
    assertEquals(
        List.of(
            "-cp",
            home + "/edge-node/target/edge-node-0.1.0.jar:" + libraries("edge-node"),
            "starling.node.Main",
            "--config",
            "x.toml"),
        told.subList(told.indexOf("-cp"), told.size()));
  }

  @Test
  void aNodeUsesItsClassCacheUnlessAJarIsNewer() throws Exception {
    String cache = "-XX:AOTCache=" + home + "/edge-node/target/node.aot";
    assertEquals(0, run(Map.of(), "node").status());
    file("edge-node/target/node.aot");
    assertTrue(run(Map.of("STARLING_NO_BUILD", "1"), "node").lines().contains(cache));
    touch("edge-node/target/lib/a.jar", Instant.now().plusSeconds(1));
    touch("edge-node/target/edge-node-0.1.0.jar", Instant.now().plusSeconds(1));
    assertFalse(run(Map.of("STARLING_NO_BUILD", "1"), "node").lines().contains(cache));
  }

  @Test
  void aFailedTrainingIsToldOnceAndNotRepeated() throws Exception {
    Run first = run(Map.of(), "node");
    assertTrue(first.err().contains("class cache ... failed"), first.err());
    assertTrue(first.lines().contains("starling.node.Main"), first.out());
    assertEquals("", run(Map.of(), "node").err());
  }

  @Test
  void theExitStatusIsThePrograms() throws Exception {
    for (int status : new int[] {0, 1, 2}) {
      assertEquals(status, run(Map.of("FAKE_STATUS", "" + status), "keys").status());
    }
  }

  @Test
  void aChangedSourceIsBuiltUnderTheJdkThatWasFound() throws Exception {
    touch("edge-node/src/main/java/A.java", BUILT.plusSeconds(1));
    Run run = run(Map.of(), "keys");
    assertEquals(0, run.status(), run.err());
    assertTrue(run.err().startsWith("starling: building"), run.err());
    String maven = Files.readString(directory.resolve("mvn.log"));
    assertTrue(maven.startsWith(jdk + " -f " + home + "/pom.xml"), maven);
    assertEquals("", run(Map.of(), "keys").err());
  }

  @Test
  void aDeletedSourceIsBuiltToo() throws Exception {
    Files.delete(home.resolve("edge-node/src/main/java/A.java"));
    run(Map.of(), "keys");
    assertTrue(mavenRan());
  }

  @Test
  void aBuildThatFailsIsToldAndNothingRuns() throws Exception {
    touch("pom.xml", BUILT.plusSeconds(1));
    script(bin.resolve("mvn"), "echo '[ERROR] no such symbol'; exit 1");
    Run run = run(Map.of(), "keys");
    assertEquals(1, run.status());
    assertEquals("", run.out());
    assertTrue(run.err().contains("no such symbol"), run.err());
    assertTrue(run.err().contains("build.log"), run.err());
  }

  @Test
  void anOldJavaOnThePathIsPassedOver() throws Exception {
    Path old = directory.resolve("old");
    script(old.resolve("bin/java"), "echo old");
    script(old.resolve("bin/javac"), "exit 1");
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
    Run run =
        run(
            Map.of("JAVA_HOME", old.toString(), "PATH", jdk + "/bin:" + System.getenv("PATH")),
            "keys");
    assertTrue(run.lines().contains("starling.cli.Main"), run.out() + run.err());
  }

  private String libraries(String module) {
    return home + "/" + module + "/target/lib/a.jar:" + home + "/" + module + "/target/lib/b.jar";
  }

  private boolean mavenRan() {
    return Files.exists(directory.resolve("mvn.log"));
  }

  private Run run(Map<String, String> environment, String... args)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(home + "/tools/starling");
    builder.command().addAll(Arrays.asList(args));
    builder.environment().remove("STARLING_NO_BUILD");
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
    builder.environment().putAll(environment);
    Path err = directory.resolve("stderr");
    Process process = builder.redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Run(process.waitFor(), out, Files.readString(err));
  }

  /** Writes an empty file as old as the last build, and lets its directories be that old. */
  private void file(String name) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
    for (Path old = file; !old.equals(home); old = old.getParent()) {
      Files.setLastModifiedTime(old, FileTime.from(BUILT));
    }
  }

  private void touch(String name, Instant time) throws IOException {
    Files.setLastModifiedTime(home.resolve(name), FileTime.from(time));
  }

  private static void script(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Run(int status, String out, String err) {
    List<String> lines() {
      return Arrays.asList(out.split("\n", -1)).subList(0, out.split("\n", -1).length - 1);
    }
  }
}
