package starling.boards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumSet;
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
 * Four boards whose power is cut at random moments, at their first start and later. What they say
 * is looked at from outside: on the channel, on their cards after each cut, and by a subscriber.
 */
@Timeout(6 * 3600)
class PowerCutCheck {
  private static final List<String> BOARDS = List.of("n1", "n2", "n3", "n4");

  /** Of each board. */
  private static final int CUTS = Integer.getInteger("starling.cuts", 5);

  /** Of these, before it is a node. */
  private static final int FIRST_CUTS = Integer.getInteger("starling.first", CUTS / 2);

  /** Of the moments at which the power is cut. */
  private static final long SEED = Long.getLong("starling.seed", 1);

  private static final int WINDOW_S = 20;

  /** How long a board computes at its first start, on any machine. */
  private static final int FIRST_START_S = 95;

  private static final int LIFE_S = 60;
  private static final int BACK_S = 3600;
  private static final String LOG = "/var/lib/starling/journal.log";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void boardsComeBackFromPowerCutsAndContradictNothing() throws Exception {
    Path image = Path.of(System.getProperty("starling.image"));
    try (Field field = new Field(directory, image, BOARDS, WINDOW_S);
        ExecutorService hands = Executors.newFixedThreadPool(BOARDS.size())) {
      for (String name : BOARDS) {
        field.flash(name);
      }
      Witness witness = field.witness();
      field.startGateway();
      List<Future<Void>> lives = new ArrayList<>();
      for (String name : BOARDS) {
        Guest board = field.switchOn(name, Board.VIRT_SMALL);
        lives.add(hands.submit(new Life(field, witness, name, board)));
      }
      for (Future<Void> life : lives) {
        life.get();
      }
      long nowMillis = System.currentTimeMillis();
      Eventually.within(
          BACK_S, "their readings", () -> field.hasAnswerOf(BOARDS.size(), nowMillis));
      for (String name : BOARDS) {
        Eventually.within(BACK_S, name + "'s windows", () -> latest(field, name).size() > CUTS / 2);
      }
      nothingContradicts(field, witness);
      for (String name : BOARDS) {
        noWindowChanges(latest(field, name));
      }
    }
  }

  /** One board, and whoever pulls its plug. */
  private static final class Life implements Callable<Void> {
    private final Field field;
    private final Witness witness;
    private final String name;
    private final Guest board;
    private final SplittableRandom random;
    private int cuts;

    Life(Field field, Witness witness, String name, Guest board) {
      this.field = field;
      this.witness = witness;
      this.name = name;
      this.board = board;
      random = new SplittableRandom(SEED * BOARDS.size() + BOARDS.indexOf(name));
    }

    @Override
    public Void call() throws Exception {
      while (cuts < FIRST_CUTS && boot() == 0) {
        Duration computing = Duration.ofMillis(random.nextLong(1000L * FIRST_START_S));
        await(computing.toString(), () -> isSo(computing) || boot() > 0);
        cut();
      }
      await("its first start", () -> boot() > 0);
      say("%s is a node, after %d s of computing", name, board.computed().toSeconds());
      board.tell(
          "cloud-init=disabled"); // it has nothing more to do, in half of a start's computing
      while (cuts < CUTS) {
        LockSupport.parkNanos(random.nextLong(TimeUnit.SECONDS.toNanos(LIFE_S)));
        long before = boot();
        cut();
        await("cut " + cuts, () -> boot() > before);
        say("%s is back from cut %d; %s", name, cuts, witness);
        board.bare(); // the system came back once: a third of the computing
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
      witness.read(board.rootFile(LOG));
      assertEquals(List.of(), witness.contradictions());
      board.again();
    }

    private long boot() {
      return witness.boot(name);
    }
  }

  /**
   * No frame counter of a boot is there twice, no boot comes again, and no window is two things.
   */
  private static void nothingContradicts(Field field, Witness witness) {
    assertEquals(List.of(), witness.contradictions());
    // Of a boot that is cut off before anybody has received its introduction.
    assertTrue(witness.foreign() <= witness.opened() / 100, witness.foreign() + " not opened");
    long both = witness.windows(EnumSet.allOf(Witness.Place.class));
    assertTrue(both >= BOARDS.size(), both + " windows were seen in both places");
    for (String name : BOARDS) {
      assertTrue(witness.boot(name) > CUTS / 2, name + " was heard in boot " + witness.boot(name));
      say("%s was heard in boots up to %d", name, witness.boot(name));
    }
    say("no counter is there twice, no window is two things: %s", witness);
    field
        .air()
        .capture((_, packet) -> {
          witness.hear("again", packet);
          witness.hear("again", packet);
        });
    awaitContradiction(witness);
  }

  /** A witness that could find nothing would have proven nothing. */
  private static void awaitContradiction(Witness witness) {
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(3 * WINDOW_S);
    while (witness.contradictions().isEmpty() && System.nanoTime() < endNanos) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    assertFalse(witness.contradictions().isEmpty(), "a frame that is there twice");
  }

  private static List<JsonObject> latest(Field field, String name) {
    return field.published("starling/orchard/node/north/" + name + "/latest");
  }

  private static void noWindowChanges(List<JsonObject> readings) {
    Map<Long, String> values = new HashMap<>();
    for (JsonObject reading : readings) {
      String said = reading.get("values").toString();
      String before = values.putIfAbsent(reading.get("ts").getAsLong(), said);
      assertEquals(before == null ? said : before, said, reading.toString());
    }
    say("%d windows were published, none has changed", values.size());
  }

  private static void say(String text, Object... arguments) {
    System.out.printf(Locale.ROOT, "boards: %tT  %s%n", LocalTime.now(), text.formatted(arguments));
  }
}
