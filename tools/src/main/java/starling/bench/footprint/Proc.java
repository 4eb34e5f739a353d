package starling.bench.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the kernel says of a process (proc(5)).
 *
 * @param pid its process id
 */
public record Proc(long pid) {

  /**
   * Memory in KiB.
   *
   * @param rss what is mapped and present
   * @param pss the same, with what is shared counted in part
   * @param dirty what is this process's alone and was written, so that it can't be dropped
   */
  public record Memory(long rss, long pss, long dirty) {}

  public Memory memory() throws IOException {
    List<String> lines = Files.readAllLines(file("smaps_rollup"));
    return new Memory(
        kibibytes(lines, "Rss:"), kibibytes(lines, "Pss:"), kibibytes(lines, "Private_Dirty:"));
  }

  private static long kibibytes(List<String> lines, String name) throws IOException {
    for (String line : lines) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.substring(name.length(), line.length() - "kB".length()).strip());
      }
    }
    throw new IOException("no " + name + " in smaps_rollup");
  }

  int threads() throws IOException {
    return tasks().size();
  }

  /** Processor time that its present threads have used so far. */
  long cpuNanos() throws IOException {
    long nanos = 0;
    for (Path task : tasks()) {
      try {
        String schedule = Files.readString(task.resolve("schedstat"));
        nanos += Long.parseLong(schedule.substring(0, schedule.indexOf(' ')));
      } catch (NoSuchFileException e) {
        // It has just ended.
      }
    }
    return nanos;
  }

  /** The words that it was started with. */
  public List<String> command() throws IOException {
    return List.of(Files.readString(file("cmdline")).split("\0"));
  }

  private List<Path> tasks() throws IOException {
    try (var tasks = Files.list(file("task"))) {
      return tasks.toList();
    }
  }

  private Path file(String name) {
    return Path.of("/proc", Long.toString(pid), name);
  }
}
