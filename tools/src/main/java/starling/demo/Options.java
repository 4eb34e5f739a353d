package starling.demo;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the person at the terminal asked for.
 *
 * @param seconds how long to run, until interrupted if empty
 * @param json one object a line instead of a table
 * @param speed recorded seconds that pass in one second, 1 to 86400
 * @param seed decides every chance of the air and every key
 * @param lossPercent of the frames, on average, on each radio channel, 0 to 90
 * @param keep where to leave all files behind; a temporary directory that is removed if empty
 * @param port of the gateway's broker, 0 for a free one
 */
public record Options(
    OptionalInt seconds,
    boolean json,
    int speed,
    long seed,
    int lossPercent,
    Optional<Path> keep,
    int port) {
  /** Throws with what is possible if a value is not. */
  public Options {
    within("--seconds", seconds.orElse(1), 1, 31 * 86_400);
    within("--speed", speed, 1, 86_400);
    within("--loss", lossPercent, 0, 90);
    within("--port", port, 0, 65_535);
  }

  private static void within(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          option + " is " + least + " to " + most + ", not " + value);
    }
  }
}
