package starling.boards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import starling.Eventually;

/**
 * A board whose power is cut at random moments, at its first start and later. What it says is
 * looked at from outside: by a listener on its channel, and by a subscriber.
 */
@Timeout(6 * 3600)
class PowerCutCheck {
  private static final int CUTS = Integer.getInteger("starling.cuts", 10);
  private static final int FIRST_START_S = 180;
  private static final int LIFE_S = 60;
  private static final int BACK_S = 3600;

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(20_260_601);

  @Test
  void aBoardComesBackFromPowerCutsAndContradictsNothing() throws Exception {
    Path image = Path.of(System.getProperty("starling.image"));
    try (Field field = new Field(directory, image, List.of("n1", "ear"))) {
      field.flash("n1");
      field.startGateway();
      field.listen("ear");
      Guest board = field.switchOn("n1");
      for (int i = 0; i < CUTS; i++) {
        cutWithin(board, FIRST_START_S);
      }
      isBack(field, board, "its first start");
      for (int i = 0; i < CUTS; i++) {
        cutWithin(board, LIFE_S);
        isBack(field, board, "cut " + i);
      }
      noFrameContradictsAnother(field.heard());
      noWindowChanges(field.published("starling/orchard/node/north/n1/latest"));
    }
  }

  private void cutWithin(Guest board, int seconds) throws Exception {
    LockSupport.parkNanos(random.nextLong(TimeUnit.SECONDS.toNanos(seconds)));
    assertTrue(board.isOn(), board.console());
    board.cut();
    board.again();
  }

  private static void isBack(Field field, Guest board, String from) throws Exception {
    long sinceMillis = System.currentTimeMillis();
    Eventually.within(
        BACK_S,
        "it is back from " + from,
        () -> {
          assertTrue(board.isOn(), "it has stopped");
          return field.hasAnswerOf(1, sinceMillis);
        });
    System.out.printf(
        "boards: back from %s after %d s%n",
        from, (System.currentTimeMillis() - sinceMillis) / 1000);
  }

  /**
   * A frame that is sealed with a nonce that was there before is authentic, and refused as a
   * repetition; one of an earlier boot, or of another one with the same number, is refused as that.
   */
  private static void noFrameContradictsAnother(List<JsonObject> frames) {
    long newest = 0;
    long opened = 0;
    for (JsonObject frame : frames) {
      assertFalse(frame.get("state").getAsString().equals("refused"), frame.toString());
      opened += frame.get("state").getAsString().equals("opened") ? 1 : 0;
      if (frame.has("generation") && frame.get("sender").getAsString().endsWith("/n1")) {
        assertTrue(frame.get("generation").getAsLong() >= newest, frame.toString());
        newest = frame.get("generation").getAsLong();
      }
    }
    assertTrue(newest > CUTS, newest + " boots were heard");
    System.out.printf("boards: %d frames in %d boots, none contradicts another%n", opened, newest);
  }

  private static void noWindowChanges(List<JsonObject> readings) {
    Map<Long, String> values = new HashMap<>();
    for (JsonObject reading : readings) {
      String said = reading.get("values").toString();
      String before = values.putIfAbsent(reading.get("ts").getAsLong(), said);
      assertEquals(before == null ? said : before, said, reading.toString());
    }
    assertTrue(values.size() > CUTS, values.size() + " windows");
    System.out.printf("boards: %d windows, none has changed%n", values.size());
  }
}
