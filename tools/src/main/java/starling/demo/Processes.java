package starling.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Programs that run beside this one and end with it, whatever ends it. They are started as a field
 * site starts them, and ended by their process ids alone. Each holds the other end of a pipe as its
 * standard input: if this process is killed outright, the pipe ends, and so do they.
 */
final class Processes implements AutoCloseable {
  private static final long TERMINATE_MS = 3_000;

  private static final int LINES_SHOWN = 10;

  private final List<String> launcher;
  private final Path logs;
  private final Map<String, Process> running = new LinkedHashMap<>();
  private boolean closed;

  /**
   * @param launcher the command that every program is started with
   * @param logs where each program's output goes, by its name
   */
  Processes(List<String> launcher, Path logs) {
    this.launcher = List.copyOf(launcher);
    this.logs = logs;
  }

  /**
   * Starts a program.
   *
   * @param name to speak of it; its last path segment names the log file
   * @return its process id
   */
  synchronized long start(String name, List<String> arguments) throws IOException {
    if (closed) {
      throw new IOException("can't start " + name + ": everything is being ended");
    }
    List<String> command = new ArrayList<>(launcher);
    command.addAll(arguments);
    Files.createDirectories(logs);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()))
            .start();
    running.put(name, process);
    return process.pid();
  }

  /** Where a program's output goes. */
  Path log(String name) {
    return logs.resolve(name.substring(name.lastIndexOf('/') + 1) + ".log");
  }

  /** What a program said last, to be shown when it failed. */
  String lastLines(String name) throws IOException {
    List<String> lines = Files.readAllLines(log(name));
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
  }

  /** Those that ended by themselves since the last call, and how. */
  synchronized List<Ended> ended() {
    List<Ended> ended = new ArrayList<>();
    running.forEach((name, process) -> {
      if (!process.isAlive()) {
        ended.add(new Ended(name, process.exitValue()));
      }
    });
    ended.forEach(one -> running.remove(one.name()));
    return ended;
  }

  /** Asks all to end, waits a little, and ends those that did not listen. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    running.values().forEach(Process::destroy);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TERMINATE_MS);
    for (Process process : running.values()) {
      try {
        if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
    running.clear();
  }

  /**
   * A program that is no more.
   *
   * @param status its exit status; 128 and the signal's number if a signal ended it
   */
  record Ended(String name, int status) {}
}
