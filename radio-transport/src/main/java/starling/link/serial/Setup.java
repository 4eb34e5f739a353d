package starling.link.serial;

import java.io.IOException;
import java.util.List;

/**
 * What is said to a modem and answered by it until its settings are known, and as asked if they may
 * be changed. Like a {@link Dialect} it holds no port and no clock.
 */
interface Setup {
  /** Begins anew. */
  void begin(long nowNanos);

  /**
   * What the modem has to be told now, {@link Dialect#NOTHING} for most of the time.
   *
   * @throws IOException the modem does not answer or do what it must, with what to do
   */
  byte[] due(long nowNanos) throws IOException;

  /** Takes the next bytes of the line. */
  void heard(byte[] bytes);

  /** Whether there is nothing more to say. */
  boolean done();

  /** The settings, once all is said. */
  List<Comparison> comparisons();

  /** Where the mode pins have to be meanwhile. */
  default ModePins pins() {
    return ModePins.TRANSPARENT;
  }

  /** Whether the module says on AUX that it is busy; told before each {@link #due}. */
  default void busy(boolean now) {}
}
