package starling.boards;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import starling.Eventually;

/**
 * A Raspberry Pi 3 with a BME280 on its I²C bus and a radio on its own UART: Pi4J reads the sensor,
 * and the temperature comes out at the gateway's subscriber.
 */
@Timeout(10_800)
class SensorCheck {
  private static final int WINDOW_S = 60;
  private static final int BOOT_S = 7200;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void aSensorOnTheBoardsBusIsReadAndItsValueArrives() throws Exception {
    Path image = Path.of(System.getProperty("starling.image"));
    try (Field field = new Field(directory, image, List.of("n1"), WINDOW_S)) {
      field.flash("n1", "/dev/ttyAMA0", "--sensor", "bme280:bus=1,address=0x76");
      field.startGateway();
      Guest board = field.switchOn("n1", Board.RASPI3B);
      String topic = "starling/orchard/node/north/n1/latest";
      Eventually.within(
          BOOT_S,
          "its readings",
          () -> field.hasAnswerOf(1, 0) && !field.published(topic).isEmpty());
      JsonObject values = field.published(topic).getLast().getAsJsonObject("values");
      assertEquals(Registers.CELSIUS, values.get("air_temperature").getAsDouble(), 0.01);
      System.out.printf(
          "boards: %s arrived after %d s of computing%n", values, board.computed().toSeconds());
    }
  }
}
