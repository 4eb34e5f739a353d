package starling.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How long this process has been running, its JVM's own start included: from the kernel's ticks
 * since boot (proc(5)). The JVM's start instant is up to a second off, since it counts from the
 * boot's wall-clock second.
 */
final class ProcessAge {
  private static final int MILLIS_A_TICK = 10;

  /** Of the fields behind the program's name, the time at which it started. */
  private static final int START_AFTER_NAME = 19;

  private ProcessAge() {}

  /** In milliseconds, to the hundredth of a second; -1 where there is no /proc. */
  static long millis() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      String uptime = Files.readString(Path.of("/proc/uptime"));
      double now = 1000 * Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
      return Math.round(now) - Long.parseLong(fields[START_AFTER_NAME]) * MILLIS_A_TICK;
    } catch (IOException e) {
      return -1;
    }
  }
}
