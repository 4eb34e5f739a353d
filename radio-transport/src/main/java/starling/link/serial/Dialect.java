package starling.link.serial;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import starling.link.ModemSettings;

/**
 * How one modem is spoken to: what carries a frame over the line, and what has to be said and
 * answered before it may. It holds no port and no clock; one thread calls it, but {@link #encoded}
 * may be called by any.
 */
interface Dialect {
  /** Nothing to say. */
  byte[] NOTHING = {};

  /** What speaks to such a modem. */
  static Dialect of(ModemSettings modem, int mtuBytes) {
    return switch (modem) {
      case ModemSettings.Transparent _ -> new FrameStream(mtuBytes);
      case ModemSettings.Kiss kiss -> new Tnc(kiss, mtuBytes);
      case ModemSettings.Rnode rnode -> new Rnode(rnode, mtuBytes);
      case ModemSettings.Xbee xbee ->
          xbee.api() > 0 ? new XbeeApi(xbee, mtuBytes) : new Xbee(xbee, mtuBytes);
      case ModemSettings.Ebyte ebyte -> new Ebyte(ebyte, mtuBytes);
    };
  }

  /** The bytes that carry a frame to the modem. */
  byte[] encoded(byte[] frame);

  /** The port was opened: whatever was half said is void. */
  void begin(long nowNanos);

  /**
   * What the modem has to be told now, {@link #NOTHING} for most of the time.
   *
   * @throws IOException the modem does not do what it must, in one line with what to do
   */
  byte[] due(long nowNanos) throws IOException;

  /** Whether frames may be sent. */
  boolean ready();

  /**
   * Takes the next bytes of the line, any number, also none when time passes; answers the frames
   * that they complete.
   *
   * @throws IOException the modem says that it has to be set up again
   */
  List<Heard> heard(byte[] bytes, long nowNanos) throws IOException;

  /** Where the mode pins have to be; null if they are not wired or there are none. */
  default @Nullable ModePins pins() {
    return null;
  }

  /** Whether a modem with mode pins says on AUX that it is busy; told before each {@link #due}. */
  default void busy(boolean now) {}

  /** What the modem turned out to be, for a person; empty if that can't be known. */
  String modem();

  /** Frames completed so far. */
  long frames();

  /** Bytes so far that were part of no frame and no answer. */
  long garbageBytes();
}
