package starling.link.serial;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import starling.link.ModemSettings;
import starling.link.Reception;

/**
 * An EBYTE E22 or E32 in transparent mode. With its mode pins wired it is set up whenever the port
 * opens; without, it is taken for set up. An E22 puts a byte behind what it received, which says
 * how strong it was: {@code -(256 - byte) dBm}. A frame waits for it a moment, and goes without if
 * none comes.
 */
final class Ebyte implements Dialect {
  private static final long RSSI_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int RSSI_BELOW_DB = 256;

  private final ModemSettings.Ebyte modem;
  private final EbyteSetup setup;
  private final FrameStream stream;
  private byte @Nullable [] waiting;
  private long waitingNanos;

  Ebyte(ModemSettings.Ebyte modem, int mtuBytes) {
    this.modem = modem;
    setup = new EbyteSetup(modem, true);
    stream = new FrameStream(mtuBytes);
  }

  @Override
  public byte[] encoded(byte[] frame) {
    return FrameStream.framed(frame);
  }

  @Override
  public void begin(long nowNanos) {
    stream.restart();
    waiting = null;
    setup.begin(nowNanos);
  }

  @Override
  public byte[] due(long nowNanos) throws IOException {
    return ready() ? NOTHING : setup.due(nowNanos);
  }

  @Override
  public boolean ready() {
    return !modem.pins() || setup.done();
  }

  @Override
  public @Nullable ModePins pins() {
    return modem.pins() ? setup.pins() : null;
  }

  @Override
  public void busy(boolean now) {
    setup.busy(now);
  }

  @Override
  public List<Heard> heard(byte[] bytes, long nowNanos) {
    if (!ready()) {
      setup.heard(bytes);
      return List.of();
    }
    List<Heard> complete = new ArrayList<>(0);
    for (byte next : bytes) {
      take(next, nowNanos, complete);
    }
    if (bytes.length == 0 && nowNanos - waitingNanos > RSSI_WAIT_NANOS) {
      release(Reception.UNTOLD, complete);
    }
    return complete;
  }

  private void take(byte next, long nowNanos, List<Heard> complete) {
    if (waiting != null) {
      boolean told = next != 0; // else it is where the next frame begins
      release(
          told ? Reception.ofStrength((next & 0xFF) - RSSI_BELOW_DB) : Reception.UNTOLD, complete);
      if (told) {
        return;
      }
    }
    byte[] frame = stream.feed(next);
    if (frame != null && modem.model() == ModemSettings.Ebyte.Model.E22) {
      waiting = frame;
      waitingNanos = nowNanos;
    } else if (frame != null) {
      complete.add(new Heard(frame, Reception.UNTOLD, nowNanos));
    }
  }

  private void release(Reception reception, List<Heard> complete) {
    byte[] frame = waiting;
    if (frame != null) {
      complete.add(new Heard(frame, reception, waitingNanos));
      waiting = null;
    }
  }

  @Override
  public String modem() {
    return modem.pins()
        ? "the " + modem.model() + " is set and compared, channel " + modem.channel()
        : "the " + modem.model() + " has its mode pins not wired: its settings are not checked";
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
