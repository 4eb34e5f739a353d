package starling.boards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import starling.Eventually;

/**
 * What a board does at a start when something was begun before: it says at its login prompt how its
 * node is, returns to its old programs when the power went while new ones were on trial, and
 * forgets which node it is when a file on its card says so.
 */
@Timeout(10_800)
class SecondThoughtsCheck {
  private static final int WINDOW_S = 60;
  private static final int BACK_S = 3600;

  /** As push leaves a board whose power goes in the midst of a trial. */
  private static final String TRIAL =
      """
      set -eu
      cd /opt/starling
      cp /tmp/push.sh push.sh
      old=$(cat current/RELEASE)
      mkdir -p releases/worse/bin
      cp -r current/system releases/worse/system
      echo worse >releases/worse/RELEASE
      printf '#!/bin/sh\\nexit 1\\n' >releases/worse/bin/starling-node
      chmod 0755 releases/worse/bin/starling-node
      systemctl stop starling-node
      cp -a /var/lib/starling /var/lib/starling-before
      touch /var/lib/starling/spoilt
      echo "$old" >trial
      ln -sfn releases/worse current.new
      mv -T current.new current
      sync
      """;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void aBoardThinksTwice() throws Exception {
    Path image = Path.of(System.getProperty("starling.image"));
    try (Field field = new Field(directory, image, List.of("n1"), WINDOW_S)) {
      field.flash("n1");
      Guest board = field.switchOn("n1", Board.VIRT_SMALL);
      await(field, "the login prompt", () -> prompt(board).contains("/orchard/north/n1: joined"));
      say("the login prompt says:%n%s", prompt(board));
      await(field, "cloud-init ends", () -> board.answers("cloud-init status --wait"));
      returns(field, board);
      forgets(field, board);
    }
  }

  /** What the console shows above its last login prompt. */
  private static String prompt(Guest board) throws Exception {
    String console = board.console();
    int to = console.lastIndexOf(" login:");
    return to < 0 ? "" : console.substring(Math.max(0, console.lastIndexOf("Debian", to)), to);
  }

  private static void returns(Field field, Guest board) throws Exception {
    String release = board.ssh("cat /opt/starling/current/RELEASE").strip();
    board.put(Path.of("src/main/resources/starling/flash/push/push.sh"), "/tmp/push.sh");
    board.ssh("sudo sh -c '" + TRIAL.replace("'", "'\\''") + "'");
    board.cut();
    board.tell("cloud-init=disabled");
    board.again();
    await(field, "a return", () -> board.answers("systemctl is-active starling-node"));
    assertEquals(release, board.ssh("cat /opt/starling/current/RELEASE").strip());
    assertEquals(
        "/var/lib/starling-failed/spoilt",
        board
            .ssh(
                "sudo sh -c 'ls /opt/starling/trial /var/lib/starling*/spoilt' 2>/dev/null || true")
            .strip());
    say("a trial that was cut off led back to %s", release);
  }

  private static void forgets(Field field, Guest board) throws Exception {
    board.ssh("sudo touch /boot/firmware/starling-reset");
    board.shutDown();
    board.again();
    await(
        field,
        "a reset",
        () -> board.answers("systemctl is-system-running --wait; ! sudo test -e /etc/starling"));
    String left =
        board.ssh(
            "systemctl is-active starling-node; sudo ls -d /etc/starling /var/lib/starling"
                + " /boot/firmware/starling-reset /opt/starling/current 2>/dev/null || true");
    assertEquals(List.of("inactive", "/opt/starling/current"), left.lines().toList());
    assertTrue(board.ssh("journalctl -u starling-reset").contains("no node any more"));
    say("a reset left: %s", left.lines().toList());
  }

  private static void await(Field field, String what, Callable<Boolean> condition)
      throws Exception {
    Eventually.within(
        BACK_S,
        what,
        () -> {
          field.check();
          return condition.call();
        });
  }

  private static void say(String text, Object... arguments) {
    System.out.printf(Locale.ROOT, "boards: %tT  %s%n", LocalTime.now(), text.formatted(arguments));
  }
}
