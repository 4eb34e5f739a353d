package starling.link.serial;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import starling.link.ModemSettings;
import starling.link.Reception;

/**
 * A terminal node controller in KISS mode. It answers nothing, so it is told how to use the channel
 * whenever the port opens, and again every few minutes, in case it was switched off meanwhile. What
 * else is on the channel is no frame of ours.
 */
final class Tnc implements Dialect {
  private static final int DATA = 0;
  private static final int TX_DELAY = 1;
  private static final int PERSISTENCE = 2;
  private static final int SLOT_TIME = 3;
  private static final int PORT_SHIFT = 4;
  private static final int STEP_MS = 10;
  private static final long TELL_EVERY_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final ModemSettings.Kiss settings;
  private final Ax25 station;
  private final KissStream stream;
  private final Intake intake;
  private boolean told;
  private long toldNanos;

  Tnc(ModemSettings.Kiss settings, int mtuBytes) {
    this.settings = settings;
    station = new Ax25(settings.callsign());
    stream = new KissStream(Ax25.HEADER_BYTES + mtuBytes);
    intake = new Intake(mtuBytes);
  }

  @Override
  public byte[] encoded(byte[] frame) {
    if (settings.callsign().isEmpty()) {
      throw new IllegalStateException("a station without a call sign only listens");
    }
    return KissStream.framed(type(DATA), station.wrap(frame));
  }

  @Override
  public void begin(long nowNanos) {
    stream.restart();
    told = false;
  }

  @Override
  public byte[] due(long nowNanos) {
    if (told && nowNanos - toldNanos < TELL_EVERY_NANOS) {
      return NOTHING;
    }
    told = true;
    toldNanos = nowNanos;
    return KissStream.join(
        KissStream.framed(type(TX_DELAY), (byte) (settings.txDelayMs() / STEP_MS)),
        KissStream.framed(type(PERSISTENCE), (byte) settings.persistence()),
        KissStream.framed(type(SLOT_TIME), (byte) (settings.slotMs() / STEP_MS)));
  }

  @Override
  public boolean ready() {
    return told;
  }

  @Override
  public List<Heard> heard(byte[] bytes, long nowNanos) {
    List<Heard> complete = new ArrayList<>(0);
    for (KissStream.Message message : stream.feed(bytes)) {
      byte[] frame = message.type() == type(DATA) ? Ax25.unwrap(message.payload()) : null;
      if (frame != null) {
        intake.take(frame, Reception.UNTOLD, nowNanos, complete);
      } else {
        intake.ignore(message.payload());
      }
    }
    return complete;
  }

  @Override
  public String modem() {
    String sign = settings.callsign();
    String station = sign.isEmpty() ? "listening only" : "call sign " + sign;
    return "KISS, " + station + ", transmit delay " + settings.txDelayMs() + " ms";
  }

  @Override
  public long frames() {
    return intake.frames();
  }

  @Override
  public long garbageBytes() {
    return stream.garbageBytes() + intake.ignoredBytes();
  }

  private int type(int command) {
    return settings.port() << PORT_SHIFT | command;
  }
}
