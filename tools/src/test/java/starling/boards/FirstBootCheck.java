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
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import starling.Eventually;

/** Two boards start for the first time, through cloud-init, and join the field. */
@Timeout(10_800)
class FirstBootCheck {
  private static final int BOOT_S = 3600;
  private static final int WINDOW_S = 60;
  private static final int MEASURED_S = 300;
  private static final int DAY_S = 86_400;
  private static final int SECTOR_BYTES = 512;

  /** Aimed at, and missed: two fifths of it are the files of Java and of the class cache. */
  private static final int RSS_AIM_MB = 36;

  private static final int RSS_MAX_MB = 72;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  private final long beganNanos = System.nanoTime();

  @Test
  void flashedBoardsJoinAndTheirReadingsArePublished() throws Exception {
    Path image = Path.of(System.getProperty("starling.image"));
    try (Field field = new Field(directory, image, List.of("n1", "n2"), WINDOW_S)) {
      field.flash("n1");
      field.flash("n2");
      say("two cards are flashed");
      field.startGateway();
      say("the gateway publishes");
      long onNanos = System.nanoTime();
      Guest one = field.switchOn("n1");
      Guest two = field.switchOn("n2");
      Eventually.within(BOOT_S, "both boards' readings", () -> field.hasAnswerOf(2, 0));
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
    String said =
        board.ssh(
            "hostname; systemctl is-active starling-node; ps -o user= -C java;"
                + " sudo stat -c '%a %U' /etc/starling /etc/starling/node.key;"
                + " grep -o '.never.' /sys/kernel/mm/transparent_hugepage/enabled; dpkg --audit");
    assertEquals(
        List.of(host, "active", "starling", "700 starling", "600 starling", "[never]"),
        said.lines().map(String::strip).toList());
  }

  /** What the node costs, once it has lived for a while: memory, computing, and its card. */
  private void measure(Guest board) throws Exception {
    Spent before = Spent.of(board);
    long sinceNanos = System.nanoTime();
    Eventually.within(2 * MEASURED_S, "a while", () -> seconds(sinceNanos) >= MEASURED_S);
    Spent after = Spent.of(board);
    double passed = seconds(sinceNanos);
    String status = board.ssh("sudo cat /proc/$(pidof java)/status; systemd-analyze; free -m");
    double rssMb = kib(status, "VmRSS") * 1.024 / 1000;
    Mappings mappings = new Mappings(board.ssh("sudo cat /proc/$(pidof java)/smaps"));
    say(
        "RSS %.1f MB, PSS %.1f MB (aimed at: %d), %.1f of it its own; CPU %.1f %% of one core",
        rssMb,
        mappings.pssMb(),
        RSS_AIM_MB,
        kib(status, "RssAnon") * 1.024 / 1000,
        100 * (after.ticks - before.ticks) / 100.0 / passed);
    say("that is %s", mappings);
    say(
        "written in %.0f s: %d bytes by the node, which is %.1f MB a day; %d by all there is",
        passed,
        after.nodeBytes - before.nodeBytes,
        (after.nodeBytes - before.nodeBytes) * DAY_S / passed / 1e6,
        after.cardBytes - before.cardBytes);
    say("%s", status.substring(status.indexOf("Startup")).strip());
    assertTrue(rssMb <= RSS_MAX_MB, "RSS " + rssMb + " MB");
  }

  /**
   * What was used up since the start.
   *
   * @param ticks the node's computing, in hundredths of a second
   * @param nodeBytes what the node had written to the card
   * @param cardBytes what was written to the card at all
   */
  private record Spent(long ticks, long nodeBytes, long cardBytes) {
    static Spent of(Guest board) throws Exception {
      List<String> said =
          board
              .ssh(
                  "cat /proc/$(pidof java)/stat /sys/block/vda/stat;"
                      + " sudo sed -n 's/^write_bytes: //p' /proc/$(pidof java)/io")
              .lines()
              .toList();
      String stat = said.get(0);
      String[] process = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      String[] card = said.get(1).strip().split(" +", -1);
      return new Spent(
          Long.parseLong(process[11]) + Long.parseLong(process[12]), // proc(5): utime, stime
          Long.parseLong(said.get(2)),
          Long.parseLong(card[6]) * SECTOR_BYTES); // Documentation/block/stat.rst
    }
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
