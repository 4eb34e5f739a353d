package starling.link.serial;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import starling.link.ModemSettings;
import starling.link.Reception;

/**
 * A board with RNode firmware: KISS with commands of its own (the firmware's published list, {@code
 * Framing.h} of markqvist/RNode_Firmware). It is asked until it has booted, its radio is switched
 * off, set, compared with what was asked, and switched on; then it is asked now and again whether
 * it still is. Whatever is not as asked ends the line, which opens the port and begins anew.
 *
 * <p>The radio goes off first because a board that starts by itself answers settings as if it took
 * them, and takes them when the radio is switched on.
 *
 * <p>Signal strength and noise ratio come before each frame, and hold for that one alone.
 */
final class Rnode implements Dialect {
  private static final int DATA = 0x00;
  private static final int RADIO_STATE = 0x06;
  private static final int STRENGTH = 0x23;
  private static final int NOISE_RATIO = 0x24;
  private static final int PHYSICAL = 0x26;
  private static final int RESET = 0x55;
  private static final int ERROR = 0x90;

  /** Statistics and echoes that need nothing done: flow, counters, signal, channel, battery. */
  private static final List<Integer> NEWS =
      List.of(0x08, 0x0B, 0x0C, 0x0F, 0x21, 0x22, 0x25, 0x27, 0x28, 0x48, 0x49);

  private static final int ON = 1;
  private static final int OFF = 0;
  private static final int TELL = 0xFF;
  private static final int UNKNOWN = -1;
  private static final int PREAMBLE_AT = 4;
  private static final int STRENGTH_BELOW_DB = 157;
  private static final double NOISE_RATIO_STEPS = 4;

  private static final long ASK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long BOOT_MAX_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long ANSWER_MAX_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long WATCH_NANOS = TimeUnit.SECONDS.toNanos(10);

  private enum Stage {
    ASKING,
    SETTING,
    STARTING,
    READY
  }

  private final List<RnodeSetting> settings;
  private final int preambleSymbolsMax;
  private final KissStream stream;
  private final Intake intake;
  private final RnodeIdentity identity = new RnodeIdentity();
  private final long[] answers;
  private Stage stage = Stage.ASKING;
  private long sinceNanos;
  private long askNanos;
  private int radio = UNKNOWN;
  private int error = UNKNOWN;
  private int preambleSymbols;
  private Reception reception = Reception.UNTOLD;

  Rnode(ModemSettings.Rnode modem, int mtuBytes) {
    settings = RnodeSetting.of(modem);
    preambleSymbolsMax = modem.preambleSymbolsMax();
    stream = new KissStream(mtuBytes);
    intake = new Intake(mtuBytes);
    answers = new long[settings.size()];
  }

  @Override
  public byte[] encoded(byte[] frame) {
    return KissStream.framed(DATA, frame);
  }

  @Override
  public void begin(long nowNanos) {
    stream.restart();
    identity.forget();
    Arrays.fill(answers, UNKNOWN);
    error = UNKNOWN;
    preambleSymbols = 0;
    reception = Reception.UNTOLD;
    askNanos = nowNanos;
    enter(Stage.ASKING, nowNanos);
  }

  private void enter(Stage next, long nowNanos) {
    stage = next;
    sinceNanos = nowNanos;
    radio = UNKNOWN;
  }

  @Override
  public byte[] due(long nowNanos) throws IOException {
    if (error != UNKNOWN) {
      throw new IOException(whatIsIt() + " reports " + RnodeIdentity.error(error));
    }
    if (preambleSymbols > preambleSymbolsMax) {
      throw new IOException(
          whatIsIt()
              + " sends preambles of "
              + preambleSymbols
              + " symbols, and the preset's airtime counts "
              + preambleSymbolsMax
              + ": take the firmware that docs/modems.md names");
    }
    return switch (stage) {
      case ASKING -> ask(nowNanos);
      case SETTING -> compare(nowNanos);
      case STARTING -> start(nowNanos);
      case READY -> watch(nowNanos);
    };
  }

  private byte[] ask(long nowNanos) throws IOException {
    if (identity.known()) {
      identity.check();
      enter(Stage.SETTING, nowNanos);
      byte[] off = KissStream.framed(RADIO_STATE, (byte) OFF);
      return settings.stream().map(RnodeSetting::line).reduce(off, KissStream::join);
    }
    if (nowNanos - sinceNanos > BOOT_MAX_NANOS) {
      throw new IOException(identity.missing());
    }
    if (nowNanos < askNanos) {
      return NOTHING;
    }
    askNanos = nowNanos + ASK_EVERY_NANOS;
    return RnodeIdentity.question();
  }

  private byte[] compare(long nowNanos) throws IOException {
    boolean late = nowNanos - sinceNanos > ANSWER_MAX_NANOS;
    boolean whole = radio == OFF;
    for (int i = 0; i < answers.length; i++) {
      RnodeSetting setting = settings.get(i);
      whole &= answers[i] != UNKNOWN;
      if (answers[i] != UNKNOWN && !setting.holds(answers[i])) {
        throw new IOException(
            whatIsIt()
                + " took "
                + setting.told(answers[i])
                + " where "
                + setting.told(setting.asked())
                + " was asked: ask for what the board can do");
      }
      if (late && answers[i] == UNKNOWN) {
        throw new IOException(
            whatIsIt() + " does not answer to " + setting.told(setting.asked()) + ": reset it");
      }
    }
    if (whole) {
      enter(Stage.STARTING, nowNanos);
      return KissStream.framed(RADIO_STATE, (byte) ON);
    }
    if (late) {
      throw new IOException(whatIsIt() + " does not switch its radio off to be set: reset it");
    }
    return NOTHING;
  }

  private byte[] start(long nowNanos) throws IOException {
    if (radio == OFF || nowNanos - sinceNanos > ANSWER_MAX_NANOS) {
      throw new IOException(
          whatIsIt() + " does not switch its radio on: is its firmware made for this board?");
    }
    if (radio == ON) {
      stage = Stage.READY;
      askNanos = nowNanos + WATCH_NANOS;
    }
    return NOTHING;
  }

  private byte[] watch(long nowNanos) throws IOException {
    if (radio == OFF) {
      throw new IOException(whatIsIt() + " has its radio off: it is set up again");
    }
    if (nowNanos < askNanos) {
      return NOTHING;
    }
    if (radio == UNKNOWN) {
      throw new IOException(
          whatIsIt() + " has answered nothing for 10 s: if that stays so, unplug it");
    }
    radio = UNKNOWN;
    askNanos = nowNanos + WATCH_NANOS;
    return KissStream.framed(RADIO_STATE, (byte) TELL);
  }

  @Override
  public boolean ready() {
    return stage == Stage.READY;
  }

  @Override
  public List<Heard> heard(byte[] bytes, long nowNanos) throws IOException {
    identity.heardBytes(bytes.length);
    List<Heard> complete = new ArrayList<>(0);
    for (KissStream.Message message : stream.feed(bytes)) {
      byte[] payload = message.payload();
      if (message.type() == DATA && stage == Stage.READY) {
        intake.take(payload, reception, nowNanos, complete);
        reception = Reception.UNTOLD;
      } else if (!identity.heard(message)
          && !received(message.type(), payload)
          && !answered(message.type(), payload)) {
        intake.ignore(payload);
      }
    }
    return complete;
  }

  /** Takes what the modem tells of the frame that comes next. */
  private boolean received(int command, byte[] payload) {
    boolean strength = command == STRENGTH;
    if (payload.length != 1 || (!strength && command != NOISE_RATIO)) {
      return strength || command == NOISE_RATIO;
    }
    reception =
        strength
            ? new Reception((payload[0] & 0xFF) - STRENGTH_BELOW_DB, reception.snrDb())
            : new Reception(reception.rssiDbm(), payload[0] / NOISE_RATIO_STEPS);
    return true;
  }

  private boolean answered(int command, byte[] payload) throws IOException {
    for (int i = 0; i < answers.length; i++) {
      if (settings.get(i).command() == command && stage == Stage.SETTING) {
        answers[i] = settings.get(i).value(payload);
        return true;
      }
    }
    if (payload.length == 1 && command == RADIO_STATE) {
      radio = payload[0] == ON ? ON : OFF;
      return true;
    }
    if (payload.length == 1 && command == ERROR && stage != Stage.ASKING) {
      error = RnodeIdentity.fatal(payload[0] & 0xFF) ? payload[0] & 0xFF : UNKNOWN;
      return true;
    }
    if (command == RESET && stage != Stage.ASKING) {
      throw new IOException(whatIsIt() + " was reset: it is set up again");
    }
    if (command == PHYSICAL && payload.length >= PREAMBLE_AT + 2) {
      preambleSymbols = (payload[PREAMBLE_AT] & 0xFF) << 8 | payload[PREAMBLE_AT + 1] & 0xFF;
      return true;
    }
    return command == RESET || NEWS.contains(command);
  }

  @Override
  public String modem() {
    return whatIsIt() + ", " + settings.getFirst().told(settings.getFirst().asked());
  }

  private String whatIsIt() {
    return "the RNode (firmware " + identity.firmware() + ")";
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
