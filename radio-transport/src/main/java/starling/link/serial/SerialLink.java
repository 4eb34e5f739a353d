package starling.link.serial;

import org.jspecify.annotations.Nullable;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Link;
import starling.link.LinkProfile;
import starling.link.ModemSettings;

/**
 * A radio on a serial port. A radio is a medium, not a session: noise, half frames, unplugging and
 * plugging in again are normal, and need nobody's attention.
 *
 * <p>The address of a frame is not looked at: everybody in reach hears it. A frame that is refused
 * is told as not left before {@link #send} returns, on the caller's thread.
 */
public final class SerialLink implements Link {
  /** What a frame below 252 bytes has more on the line: two delimiters, a code byte, a CRC-16. */
  public static final int FRAMING_BYTES = FrameStream.framingBytes(1);

  private final String path;
  private final int baud;
  private final LinkProfile profile;
  private final ModemSettings modem;
  private final SerialPort.Opener opener;
  private volatile @Nullable Line line;

  /**
   * A link that opens nothing yet.
   *
   * @param port the device, such as {@code /dev/ttyUSB0}, better {@code /dev/serial/by-id/...}
   * @param baud the rate between this machine and the modem, in bits per second
   * @param profile the medium that the modem is set to
   * @param modem what it is told when the port opens
   */
  public SerialLink(String port, int baud, LinkProfile profile, ModemSettings modem) {
    this(port, baud, profile, modem, JsscPort::open);
  }

  /** A transparent radio. */
  public SerialLink(String port, int baud, LinkProfile profile) {
    this(port, baud, profile, new ModemSettings.Transparent());
  }

  SerialLink(
      String port, int baud, LinkProfile profile, ModemSettings modem, SerialPort.Opener opener) {
    if (baud < 1) {
      throw new IllegalArgumentException("a line needs a rate in baud above 0, not " + baud);
    }
    this.path = port;
    this.baud = baud;
    this.profile = profile;
    this.modem = modem;
    this.opener = opener;
  }

  @Override
  public LinkProfile profile() {
    return profile;
  }

  @Override
  public synchronized void open(Listener listener) {
    if (line != null) {
      throw new IllegalStateException("the link to " + path + " was opened before");
    }
    Line opened = new Line(path, baud, Dialect.of(modem, profile.mtuBytes()), opener, listener);
    line = opened;
    opened.start();
  }

  @Override
  public void send(long frameId, Address to, AirtimeLedger.Permit permit, byte[] frame) {
    permit.check(frame);
    opened().send(frameId, frame);
  }

  @Override
  public void close() {
    Line open = line;
    if (open != null) {
      open.close();
    }
  }

  /** What came in since the start: with garbage and no frames, the rate or the modem is wrong. */
  public Counters counters() {
    return opened().counters();
  }

  /**
   * What came in, through all openings of the port.
   *
   * @param frames whole frames
   * @param garbageBytes bytes that belonged to none
   */
  public record Counters(long frames, long garbageBytes) {}

  private Line opened() {
    Line open = line;
    if (open == null) {
      throw new IllegalStateException("the link to " + path + " is not open");
    }
    return open;
  }
}
