package starling.flash.software;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The node's ahead-of-time class cache for arm64, made on this machine: the node lives through a
 * few windows under qemu-user, with two others that run here, over pseudo-terminals. It is good for
 * the very jars (their sizes and times too), options and runtime that it was made with.
 */
final class ClassCache {
  /** An emulated node takes several times as long for everything. */
  private static final int SLOWER = 5;

  private static final int STEP_SECONDS =
      900; // half a minute of computing, on a machine that has it

  private final Arm64Runtime arm64;
  private final Path release;
  private final Path log;

  ClassCache(Arm64Runtime arm64, Path release, Path log) {
    this.arm64 = arm64;
    this.release = release;
    this.log = log;
  }

  /** The emulator, if it is here. */
  static Optional<String> emulator() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .flatMap(place ->
            Stream.of("qemu-aarch64-static", "qemu-aarch64").map(name -> Path.of(place, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  /**
   * Makes it.
   *
   * @return whether that worked; without it nodes start slower and take more memory
   */
  boolean make(String emulator, Path to) throws IOException {
    Path recorded = to.resolveSibling("node.aotconf");
    List<String> record = new ArrayList<>(rehearsal());
    record.addAll(emulated(emulator));
    record.addAll(List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + recorded));
    record.addAll(List.of("-cp", classPath(), "starling.node.Main"));
    List<String> create = new ArrayList<>(emulated(emulator));
    create.addAll(List.of("-XX:AOTMode=create", "-XX:AOTConfiguration=" + recorded));
    create.addAll(List.of("-XX:AOTCache=" + to, "-cp", classPath()));
    try {
      return run(record) && run(create) && Files.size(to) > 0;
    } finally {
      Files.deleteIfExists(recorded);
    }
  }

  /** The stage, the air and the other two nodes, on this machine's own JVM. */
  private List<String> rehearsal() throws IOException {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-Dstarling.rehearsal.slower=" + SLOWER,
        "-cp",
        classPath(),
        "starling.node.Rehearsal");
  }

  private List<String> emulated(String emulator) {
    return List.of(
        emulator,
        "-L",
        arm64.directory().resolve("sysroot").toString(),
        release.resolve("runtime/bin/java").toString(),
        "@" + release.resolve("lib/jvm.options"));
  }

  /** In the order of {@code bin/starling-node}. */
  private String classPath() throws IOException {
    List<Path> jars = new ArrayList<>(Release.jars(release.resolve("lib")));
    jars.addAll(Release.jars(release.resolve("lib/libs")));
    return jars.stream().map(Path::toString).collect(Collectors.joining(":"));
  }

  private boolean run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try {
      if (process.waitFor(STEP_SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue() == 0;
      }
    } catch (InterruptedException e) {
      process.destroy();
      throw new IOException("interrupted", e);
    }
    process.destroy();
    return false;
  }
}
