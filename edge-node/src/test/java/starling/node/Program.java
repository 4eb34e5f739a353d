package starling.node;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A program in a process of its own, whose output can be looked at while it runs. */
final class Program implements AutoCloseable {
  private static final int DEADLINE_SECONDS = 60;
  private static final Path ROOT = root();

  private final Process process;
  private final Path log;
  private final Path temporary;

  private Program(Process process, Path log, Path temporary) {
    this.process = process;
    this.log = log;
    this.temporary = temporary;
  }

  /** A place for all programs of this test run, which goes with it. */
  private static Path root() {
    try {
      Path root = Files.createTempDirectory("starling-test");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(root)));
      return root;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A Java program with the flags of a node and the class path of this test. */
  static Program java(String mainClass, String... args) throws IOException {
    Path temporary = Files.createTempDirectory(ROOT, "tmp");
    Path log = Files.createTempFile(ROOT, "program", ".log");
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "--default-signal=INT", // what runs in the background may ignore it
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx24m",
                "-Xss256k",
                "-Dslf4j.internal.verbosity=ERROR",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
    command.addAll(Arrays.asList(args));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Program(process, log, temporary);
  }

  static Program node(String... args) throws IOException {
    return java(Main.class.getName(), args);
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** What it has said so far. */
  String output() throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
  }

  /** How often it has said this so far. */
  int said(String text) throws IOException {
    return output().split(Pattern.quote(text), -1).length - 1;
  }

  void awaitSaid(String text, int times) throws Exception {
    Eventually.holds(
        text + " " + times + " times in\n" + output(),
        () -> {
          if (!alive()) {
            throw new AssertionError("it ended with " + process.exitValue() + ":\n" + output());
          }
          return said(text) >= times;
        });
  }

  /** The files in the directory that it has for temporary ones. */
  List<Path> temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.walk(temporary)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  OutputStream stdin() {
    return process.getOutputStream();
  }

  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
  }

  /** Its exit status, once it has ended by itself. */
  int await() throws IOException, InterruptedException {
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running:\n" + output());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
