package starling.link.serial;

import java.io.IOException;
import java.util.List;
import starling.link.ModemSettings;

/**
 * An XBee in transparent mode: its settings are read and compared whenever the port opens, with the
 * text commands that it obeys after {@code +++}; then bytes in are bytes out.
 */
final class Xbee implements Dialect {
  private final XbeeSetup setup;
  private final FrameStream stream;
  private boolean checked;

  Xbee(ModemSettings.Xbee modem, int mtuBytes) {
    setup = new XbeeSetup(modem, mtuBytes + FrameStream.framingBytes(mtuBytes), false);
    stream = new FrameStream(mtuBytes);
  }

  /** Throws unless all settings are as asked. */
  static void check(XbeeSetup setup) throws IOException {
    for (Comparison each : setup.comparisons()) {
      if (!each.holds()) {
        throw new IOException(
            "the XBee has "
                + each.setting()
                + " "
                + each.is()
                + " where "
                + each.asked()
                + " was asked: set it with starling radio configure");
      }
    }
  }

  @Override
  public byte[] encoded(byte[] frame) {
    return FrameStream.framed(frame);
  }

  @Override
  public void begin(long nowNanos) {
    stream.restart();
    setup.begin(nowNanos);
    checked = false;
  }

  @Override
  public byte[] due(long nowNanos) throws IOException {
    byte[] words = setup.due(nowNanos);
    if (setup.done() && !checked) {
      check(setup);
      checked = true;
    }
    return words;
  }

  @Override
  public boolean ready() {
    return checked;
  }

  @Override
  public List<Heard> heard(byte[] bytes, long nowNanos) {
    if (checked) {
      return stream.heard(bytes, nowNanos);
    }
    setup.heard(bytes);
    return List.of();
  }

  @Override
  public String modem() {
    return "the XBee (firmware " + setup.firmware() + ") in transparent mode";
  }

  @Override
  public long frames() {
    return stream.frames();
  }

  @Override
  public long garbageBytes() {
    return stream.garbageBytes();
  }
}
