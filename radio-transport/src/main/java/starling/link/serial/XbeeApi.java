package starling.link.serial;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import starling.link.ModemSettings;
import starling.link.Reception;

/**
 * An XBee in API mode: each frame is a broadcast transmit request (10), and comes as a receive
 * packet (90, or 80 and 81 with its signal strength). A receive packet does not say how strong it
 * was, so the modem is asked for that of the last one (DB), and the frame waits a moment for it.
 *
 * <pre>
 *   10 | id 1 | FFFF as 8 | FFFE | radius 0 | options 0 | frame
 *   90 | sender 8 | sender 2 | options 1 | frame
 *   80 | sender 8 | RSSI 1 | options 1 | frame        81 | sender 2 | RSSI 1 | options 1 | frame
 *   8B | id 1 | receiver 2 | retries 1 | status 1 | discovery 1        8A | modem status 1
 * </pre>
 */
final class XbeeApi implements Dialect {
  private static final int TRANSMIT = 0x10;
  private static final byte[] EVERYBODY = {0, 0, 0, 0, 0, 0, -1, -1, -1, -2, 0, 0};
  private static final int RECEIVED = 0x90;
  private static final int RECEIVED_64 = 0x80;
  private static final int RECEIVED_16 = 0x81;
  private static final int TRANSMITTED = 0x8B;
  private static final int MODEM_STATUS = 0x8A;
  private static final int COMMAND_RESPONSE = 0x88;
  private static final int STATUS_AT = 5;
  private static final int TOO_LARGE = 0x74;
  private static final int WATCHDOG_RESET = 1;
  private static final int HEAD_MAX_BYTES = 32;
  private static final long RSSI_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final String STRENGTH = "DB";

  private final boolean escapes;
  private final XbeeSetup setup;
  private final XbeeStream stream;
  private final Intake intake;
  private boolean checked;
  private boolean tellsStrength;
  private byte @Nullable [] waiting;
  private long waitingNanos;
  private boolean asked;
  private int question;

  XbeeApi(ModemSettings.Xbee modem, int mtuBytes) {
    escapes = modem.api() == 2;
    setup = new XbeeSetup(modem, mtuBytes, false);
    stream = new XbeeStream(escapes, mtuBytes + HEAD_MAX_BYTES);
    intake = new Intake(mtuBytes);
  }

  @Override
  public byte[] encoded(byte[] frame) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.write(TRANSMIT);
    data.write(1); // so that it tells what it can't send
    data.writeBytes(EVERYBODY);
    data.writeBytes(frame);
    return XbeeStream.framed(escapes, data.toByteArray());
  }

  @Override
  public void begin(long nowNanos) {
    stream.restart();
    setup.begin(nowNanos);
    checked = false;
    waiting = null;
    tellsStrength = true;
  }

  @Override
  public byte[] due(long nowNanos) throws IOException {
    if (!checked) {
      byte[] words = setup.due(nowNanos);
      if (setup.done()) {
        Xbee.check(setup);
        checked = true;
      }
      return words;
    }
    if (waiting == null || asked) {
      return NOTHING;
    }
    asked = true;
    question = question % 0xFF + 1;
    return XbeeVoice.Api.question(escapes, question, STRENGTH, -1);
  }

  @Override
  public boolean ready() {
    return checked;
  }

  @Override
  public List<Heard> heard(byte[] bytes, long nowNanos) throws IOException {
    if (!checked) {
      setup.heard(bytes);
      return List.of();
    }
    List<Heard> complete = new ArrayList<>(0);
    for (byte[] data : stream.feed(bytes)) {
      take(data, nowNanos, complete);
    }
    if (waiting != null && nowNanos - waitingNanos > RSSI_WAIT_NANOS) {
      release(Reception.UNTOLD, complete);
    }
    return complete;
  }

  private void take(byte[] data, long nowNanos, List<Heard> complete) throws IOException {
    switch (data[0] & 0xFF) {
      case RECEIVED -> received(data, 12, nowNanos, complete);
      case RECEIVED_64 -> receivedWithStrength(data, 9, nowNanos, complete);
      case RECEIVED_16 -> receivedWithStrength(data, 3, nowNanos, complete);
      case COMMAND_RESPONSE -> strength(data, complete);
      case TRANSMITTED -> transmitted(data);
      case MODEM_STATUS -> {
        if (data.length > 1 && data[1] >= 0 && data[1] <= WATCHDOG_RESET) {
          throw new IOException("the XBee was reset: its settings are compared again");
        }
      }
      default -> intake.ignore(data);
    }
  }

  private void received(byte[] data, int head, long nowNanos, List<Heard> complete) {
    release(Reception.UNTOLD, complete); // an answer could be of either
    if (data.length <= head || !tellsStrength) {
      intake.take(payload(data, head), Reception.UNTOLD, nowNanos, complete);
      return;
    }
    waiting = payload(data, head);
    waitingNanos = nowNanos;
    asked = false;
  }

  private void receivedWithStrength(byte[] data, int at, long nowNanos, List<Heard> complete) {
    release(Reception.UNTOLD, complete);
    boolean whole = data.length > at + 1;
    Reception reception = whole ? Reception.ofStrength(-(data[at] & 0xFF)) : Reception.UNTOLD;
    intake.take(payload(data, at + 2), reception, nowNanos, complete);
  }

  private static byte[] payload(byte[] data, int from) {
    return Arrays.copyOfRange(data, Math.min(from, data.length), data.length);
  }

  private void strength(byte[] data, List<Heard> complete) {
    XbeeVoice.Reply reply = XbeeVoice.Api.answer(data, STRENGTH);
    if (reply == null || !asked || data[1] != (byte) question) {
      return;
    }
    tellsStrength = reply.done();
    release(
        reply.done() ? Reception.ofStrength(-(int) (reply.value() & 0xFF)) : Reception.UNTOLD,
        complete);
  }

  private void release(Reception reception, List<Heard> complete) {
    byte[] frame = waiting;
    if (frame != null) {
      waiting = null;
      intake.take(frame, reception, waitingNanos, complete);
    }
  }

  /** What could not be sent is a lost frame, unless none of that size ever can. */
  private static void transmitted(byte[] data) throws IOException {
    if (data.length > STATUS_AT && data[STATUS_AT] == TOO_LARGE) {
      throw new IOException(
          "the XBee does not send frames that large: set the link's mtu to what it says (ATNP)");
    }
  }

  @Override
  public String modem() {
    return "the XBee (firmware " + setup.firmware() + ") in API mode " + (escapes ? 2 : 1);
  }

  @Override
  public long frames() {
    return intake.frames();
  }

  @Override
  public long garbageBytes() {
    return stream.garbageBytes() + intake.ignoredBytes();
  }
}
