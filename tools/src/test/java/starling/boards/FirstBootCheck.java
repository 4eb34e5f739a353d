package starling.boards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import starling.Eventually;

/** Two boards start for the first time, through cloud-init, and join the field. */
@Timeout(10_800)
class FirstBootCheck {
  private static final int BOOT_S = 3600;
  private static final int MEASURED_S = 60;

  /** Aimed at, and missed: two fifths of it are the files of Java and of the class cache. */
  private static final int RSS_AIM_MB = 36;

  private static final int RSS_MAX_MB = 72;

  @TempDir Path directory;

  private final long beganNanos = System.nanoTime();

  @Test
  void flashedBoardsJoinAndTheirReadingsArePublished() throws Exception {
    Path image = Path.of(System.getProperty("starling.image"));
    try (Field field = new Field(directory, image, List.of("n1", "n2"))) {
      field.flash("n1");
      field.flash("n2");
      say("two cards are flashed");
      field.startGateway();
      say("the gateway publishes");
      long onNanos = System.nanoTime();
      Guest one = field.switchOn("n1");
      Guest two = field.switchOn("n2");
      Eventually.within(
          BOOT_S,
          "both boards' readings",
          () -> {
            assertTrue(one.isOn() && two.isOn(), "a board has stopped");
            return field.hasAnswerOf(2, 0);
          });
      say(
          "both boards' readings are published, %d s after they were switched on",
          seconds(onNanos));
      Eventually.within(BOOT_S, "cloud-init ends", () -> one.answers("cloud-init status --wait"));
      Eventually.within(BOOT_S, "cloud-init ends", () -> two.answers("cloud-init status --wait"));
      look(one, "north-n1");
      look(two, "north-n2");
      measure(one);
      one.shutDown();
      secretsAreGone(one);
      long beforeMillis = System.currentTimeMillis();
      long againNanos = System.nanoTime();
      one.again();
      Eventually.within(
          BOOT_S, "it is back", () -> one.answers("systemctl is-active starling-node"));
      Eventually.within(BOOT_S, "and reports", () -> field.hasAnswerOf(2, beforeMillis + 120_000));
      say("a board that starts again reports after %d s", seconds(againNanos));
    }
  }

  private static void look(Guest board, String host) throws Exception {
    assertEquals(host, board.ssh("hostname").strip());
    assertEquals("active", board.ssh("systemctl is-active starling-node").strip());
    assertEquals("starling", board.ssh("ps -o user= -C java").strip());
    assertEquals("700 starling", board.ssh("sudo stat -c '%a %U' /etc/starling").strip());
    assertEquals("600 starling", board.ssh("sudo stat -c '%a %U' /etc/starling/node.key").strip());
    String mode = board.ssh("cat /sys/kernel/mm/transparent_hugepage/enabled");
    assertTrue(mode.contains("[never]"), mode);
  }

  /** What the node costs, once it has lived for a while. */
  private void measure(Guest board) throws Exception {
    String stat = "cat /proc/$(pidof java)/stat";
    long before = ticks(board.ssh(stat));
    long sinceNanos = System.nanoTime();
    Eventually.within(2 * MEASURED_S, "a minute", () -> seconds(sinceNanos) >= MEASURED_S);
    double share = (ticks(board.ssh(stat)) - before) / 100.0 / seconds(sinceNanos);
    String status = board.ssh("sudo cat /proc/$(pidof java)/status");
    double rssMb = kib(status, "VmRSS") * 1.024 / 1000;
    say(
        "RSS %.1f MB (aimed at: %d), %.1f of it its own; CPU %.1f %% of one emulated core",
        rssMb, RSS_AIM_MB, kib(status, "RssAnon") * 1.024 / 1000, 100 * share);
    say(board.ssh("systemd-analyze; free -m").strip());
    assertTrue(rssMb <= RSS_MAX_MB, "RSS " + rssMb + " MB");
  }

  private static long ticks(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]); // proc(5): utime, stime
  }

  private static double kib(String status, String name) {
    String line =
        status.lines().filter(one -> one.startsWith(name + ":")).findFirst().orElseThrow();
    return Double.parseDouble(line.replaceAll("\\D", ""));
  }

  /** The card, as whoever finds it reads it. */
  private static void secretsAreGone(Guest board) throws Exception {
    String files = board.bootFiles();
    for (String name : List.of("node.tar", "software.tar.gz", "first-start.sh", "FAILED.txt")) {
      assertFalse(files.contains(name), files);
    }
  }

  private static long seconds(long sinceNanos) {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - sinceNanos);
  }

  private void say(String text, Object... arguments) {
    System.out.printf(
        Locale.ROOT, "boards: %4d s  %s%n", seconds(beganNanos), text.formatted(arguments));
  }
}
