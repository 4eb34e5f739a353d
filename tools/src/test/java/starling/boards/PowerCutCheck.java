package starling.boards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import starling.Eventually;

/**
 * Two boards whose power is cut at random moments, at their first start and later. What they say is
 * looked at from outside: by a listener on their channel, and by a subscriber.
 */
@Timeout(6 * 3600)
class PowerCutCheck {
  private static final List<String> BOARDS = List.of("n1", "n2");

  /** Of each board: half of them before it is a node. */
  private static final int CUTS = Integer.getInteger("starling.cuts", 10);

  private static final int WINDOW_S = 20;

  /** How long a board computes at its first start, on any machine. */
  private static final int FIRST_START_S = 180;

  private static final int LIFE_S = 90;
  private static final int BACK_S = 3600;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void boardsComeBackFromPowerCutsAndContradictNothing() throws Exception {
    Path image = Path.of(System.getProperty("starling.image"));
    try (Field field = new Field(directory, image, List.of("n1", "n2", "ear"), WINDOW_S);
        ExecutorService hands = Executors.newFixedThreadPool(BOARDS.size())) {
      for (String name : BOARDS) {
        field.flash(name);
      }
      field.startGateway();
      field.listen("ear");
      List<Future<Void>> lives = new ArrayList<>();
      for (String name : BOARDS) {
        lives.add(hands.submit(new Life(field, name, field.switchOn(name))));
      }
      for (Future<Void> life : lives) {
        life.get();
      }
      long nowMillis = System.currentTimeMillis();
      Eventually.within(
          BACK_S, "their readings", () -> field.hasAnswerOf(BOARDS.size(), nowMillis));
      noFrameContradictsAnother(field.heard());
      for (String name : BOARDS) {
        noWindowChanges(field.published("starling/orchard/node/north/" + name + "/latest"));
      }
    }
  }

  /** One board, and whoever pulls its plug. */
  private static final class Life implements Callable<Void> {
    private final Field field;
    private final String name;
    private final Guest board;
    private final SplittableRandom random;
    private int cuts;

    Life(Field field, String name, Guest board) {
      this.field = field;
      this.name = name;
      this.board = board;
      random = new SplittableRandom(name.hashCode());
    }

    @Override
    public Void call() throws Exception {
      while (cuts < CUTS / 2 && boot() == 0) {
        Duration computing = Duration.ofMillis(random.nextLong(1000L * FIRST_START_S));
        await(computing.toString(), () -> isSo(computing) || boot() > 0);
        cut();
      }
      await("its first start", () -> boot() > 0);
      board.tell(
          "cloud-init=disabled"); // it has nothing more to do, in half of a start's computing
      while (cuts < CUTS) {
        LockSupport.parkNanos(random.nextLong(TimeUnit.SECONDS.toNanos(LIFE_S)));
        long before = boot();
        cut();
        await("cut " + cuts, () -> boot() > before);
        say("%s is back from cut %d", name, cuts);
      }
      return null;
    }

    /** Computing, and not time: it gets equally far on a slow machine. */
    private boolean isSo(Duration computing) {
      return board.computed().compareTo(computing) >= 0;
    }

    private void await(String what, Callable<Boolean> condition) throws Exception {
      Eventually.within(
          BACK_S,
          name + " after " + what,
          () -> {
            field.check();
            return condition.call();
          });
    }

    private void cut() throws Exception {
      cuts++;
      say(
          "%s is cut off, %d, in boot %d after %d s of computing: %s",
          name, cuts, boot(), board.computed().toSeconds(), board.lastLine());
      board.cut();
      board.again();
    }

    private long boot() {
      return field.heard().stream()
          .filter(frame -> isOf(frame, name))
          .mapToLong(frame -> frame.get("generation").getAsLong())
          .max()
          .orElse(0);
    }
  }

  private static boolean isOf(JsonObject frame, String name) {
    return frame.has("generation") && frame.get("sender").getAsString().endsWith("/" + name);
  }

  /**
   * A frame that is sealed with a nonce that was there before is authentic, and refused as a
   * repetition; one of an earlier boot, or of another one with the same number, is refused as that.
   */
  private static void noFrameContradictsAnother(List<JsonObject> frames) {
    for (JsonObject frame : frames) {
      assertNotEquals("refused", frame.get("state").getAsString(), frame.toString());
    }
    for (String name : BOARDS) {
      List<Long> boots =
          frames.stream()
              .filter(frame -> isOf(frame, name))
              .map(frame -> frame.get("generation").getAsLong())
              .toList();
      assertEquals(boots.stream().sorted().toList(), boots, name);
      assertTrue(boots.getLast() > CUTS / 2, name + " was heard in boot " + boots.getLast());
      say("%s was heard in boots up to %d", name, boots.getLast());
    }
    say("%d frames, none contradicts another", frames.size());
  }

  private static void noWindowChanges(List<JsonObject> readings) {
    Map<Long, String> values = new HashMap<>();
    for (JsonObject reading : readings) {
      String said = reading.get("values").toString();
      String before = values.putIfAbsent(reading.get("ts").getAsLong(), said);
      assertEquals(before == null ? said : before, said, reading.toString());
    }
    assertTrue(values.size() > CUTS / 2, values.size() + " windows");
    say("%d windows, none has changed", values.size());
  }

  private static void say(String text, Object... arguments) {
    System.out.printf(Locale.ROOT, "boards: %tT  %s%n", LocalTime.now(), text.formatted(arguments));
  }
}
