package starling.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.Eventually;

class ProcessesTest {
  private static final List<String> SHELL = List.of("/bin/sh", "-c");

  @TempDir Path directory;

  @Test
  void outputGoesToTheProgramsLog() throws Exception {
    try (Processes processes = new Processes(SHELL, directory)) {
      processes.start("/berlin/north/buch", List.of("echo out; echo err >&2"));
      Eventually.holds("ended", () -> !processes.ended().isEmpty());
      assertEquals("out\nerr\n", Files.readString(directory.resolve("buch.log")));
      assertEquals("out\nerr", processes.lastLines("/berlin/north/buch"));
    }
  }

  @Test
  void whatEndedByItselfIsToldOnce() throws Exception {
    try (Processes processes = new Processes(SHELL, directory)) {
      long pid = processes.start("a", List.of("exec sleep 60"));
      assertEquals(List.of(), processes.ended());
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      Eventually.holds(
          "killed", () -> processes.ended().equals(List.of(new Processes.Ended("a", 128 + 9))));
      assertEquals(List.of(), processes.ended());
    }
  }

  @Test
  void closingEndsEveryProgramAlsoOneThatWillNotListen() throws Exception {
    Processes processes = new Processes(SHELL, directory);
    long polite = processes.start("polite", List.of("exec sleep 60"));
    long deaf =
        processes.start("deaf", List.of("trap '' TERM; echo ready; while :; do read x; done"));
    Eventually.holds("deaf", () -> processes.lastLines("deaf").equals("ready"));
    processes.close();
    Eventually.holds("ended", () -> isGone(polite) && isGone(deaf));
    processes.close();
    assertThrows(IOException.class, () -> processes.start("late", List.of("true")));
  }

  @Test
  void programsEndWithAParentThatIsKilled() throws Exception {
    Process parent =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = parent.inputReader(UTF_8)) {
      long child = Long.parseLong(out.readLine());
      assertFalse(isGone(child));
      parent.destroyForcibly();
      assertTrue(parent.waitFor(30, TimeUnit.SECONDS));
      Eventually.holds("ended", () -> isGone(child));
    } finally {
      parent.destroyForcibly();
    }
  }

  /** Starts a program that reads its standard input to the end, says its id, and waits. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws IOException {
      Processes processes = new Processes(SHELL, Path.of(args[0]));
      System.out.println(processes.start("child", List.of("exec cat")));
      System.in.read();
    }
  }

  private static boolean isGone(long pid) {
    return ProcessHandle.of(pid).map(handle -> !handle.isAlive()).orElse(true);
  }
}
