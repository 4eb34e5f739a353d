package starling.link.serial;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import starling.link.LinkProfile;
import starling.link.ModemSettings;

/** Reads a modem's settings, sets them as a preset wants them if they may be set, and compares. */
public final class Adjustment {
  private static final long POLL_NANOS = 10_000_000L;

  private Adjustment() {}

  /**
   * Opens a port and answers how each setting was, should be and is.
   *
   * @param baud the rate between this machine and the modem
   * @param profile the medium, whose frames the modem has to carry
   * @param mayWrite whether what differs is set
   * @throws IOException the port does not open, or the modem does not answer or take what is asked,
   *     with what to do
   */
  public static List<Comparison> at(
      String port, int baud, LinkProfile profile, ModemSettings modem, boolean mayWrite)
      throws IOException {
    return at(port, baud, profile, modem, mayWrite, JsscPort::open);
  }

  static List<Comparison> at(
      String path,
      int baud,
      LinkProfile profile,
      ModemSettings modem,
      boolean mayWrite,
      SerialPort.Opener opener)
      throws IOException {
    Setup setup = setup(modem, profile.mtuBytes(), mayWrite);
    boolean pins = modem instanceof ModemSettings.Ebyte ebyte && ebyte.pins();
    try (SerialPort port = opener.open(path, baud)) {
      setup.begin(System.nanoTime());
      ModePins pinned = null;
      while (!setup.done()) {
        pinned = pins ? pin(port, setup, pinned) : null;
        byte[] words = setup.due(System.nanoTime());
        if (words.length > 0) {
          port.write(words);
        }
        LockSupport.parkNanos(POLL_NANOS);
        setup.heard(port.read());
      }
      if (pins) {
        port.pins(setup.pins());
      }
    }
    return setup.comparisons();
  }

  private static ModePins pin(SerialPort port, Setup setup, @Nullable ModePins pinned)
      throws IOException {
    ModePins pins = setup.pins();
    if (!pins.equals(pinned)) {
      port.pins(pins);
    }
    setup.busy(port.busy());
    return pins;
  }

  private static Setup setup(ModemSettings modem, int mtuBytes, boolean mayWrite)
      throws IOException {
    return switch (modem) {
      case ModemSettings.Ebyte ebyte -> new EbyteSetup(ebyte, mayWrite);
      case ModemSettings.Rnode rnode -> new RnodeSetup(rnode, mayWrite);
      case ModemSettings.Xbee xbee -> {
        int framing = xbee.api() > 0 ? 0 : FrameStream.framingBytes(mtuBytes);
        yield new XbeeSetup(xbee, mtuBytes + framing, mayWrite);
      }
      case ModemSettings.Kiss _ ->
          throw new IOException(
              "a KISS TNC answers nothing, so there is nothing to compare: a node tells it its"
                  + " timing whenever the port opens");
      case ModemSettings.Transparent _ ->
          throw new IOException(
              "a transparent radio is set with its maker's tool; see docs/modems.md");
    };
  }
}
