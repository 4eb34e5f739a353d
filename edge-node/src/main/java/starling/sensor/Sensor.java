package starling.sensor;

import java.io.IOException;
import java.util.Map;

/** One attached sensor: asked once a window, on a thread that may block for a second or two. */
public interface Sensor extends AutoCloseable {
  /**
   * The newest readings by channel name, in the channels' units. A channel that has no reading now
   * is absent.
   *
   * @param atMillis the end of the window that asks, network time in Unix milliseconds: a sensor
   *     that replays a recording answers with what was valid then; one that measures does so now
   * @throws IOException the sensor could not be read; the message says which, why, and what to look
   *     at
   */
  Map<String, Reading> read(long atMillis) throws IOException;

  @Override
  void close();

  /**
   * One value.
   *
   * @param value in the channel's unit
   * @param ageMillis how old it was when asked, 0 for one taken now
   */
  record Reading(double value, long ageMillis) {}
}
