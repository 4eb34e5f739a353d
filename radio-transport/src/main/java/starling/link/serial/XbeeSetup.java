package starling.link.serial;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import starling.link.ModemSettings;

/**
 * Asks an XBee for its settings, and sets them if they may be changed: in API frames or as text
 * after {@code +++}, whichever it answers to. Its own way is tried first, since what goes to a
 * modem in transparent mode goes on the air.
 */
final class XbeeSetup implements Setup {
  private static final long GUARD_NANOS = TimeUnit.MILLISECONDS.toNanos(1_150);
  private static final long OK_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);
  private static final long ANSWER_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);
  private static final int ATTEMPTS_MAX = 2;
  private static final byte[] ATTENTION = "+++".getBytes(StandardCharsets.US_ASCII);
  private static final long ASK = -1;

  private enum Stage {
    GUARD,
    ATTENTION,
    IDENTIFY,
    SWITCH,
    READ,
    SET,
    READ_BACK,
    SAVE,
    LEAVE,
    DONE
  }

  private final ModemSettings.Xbee modem;
  private final List<XbeeSetting> settings;
  private final boolean mayWrite;
  private final List<Long> before = new ArrayList<>();
  private final List<Long> after = new ArrayList<>();
  private XbeeVoice voice = new XbeeVoice.Text();
  private boolean other;
  private boolean switched;
  private boolean changed;
  private boolean foreign;
  private XbeeVoice.@Nullable Reply reply;
  private Stage stage = Stage.DONE;
  private String command = "";
  private long value;
  private long sinceNanos;
  private int attempts;
  private long firmware;
  private long bytes;

  /**
   * @param packetBytes what the largest frame takes
   * @param mayWrite whether what differs is set; else it is only read
   */
  XbeeSetup(ModemSettings.Xbee modem, int packetBytes, boolean mayWrite) {
    this.modem = modem;
    this.mayWrite = mayWrite;
    settings = XbeeSetting.of(modem, packetBytes);
  }

  @Override
  public void begin(long nowNanos) {
    switched = changed = foreign = false;
    bytes = 0;
    greet(modem.api() > 0, nowNanos);
    other = false;
  }

  /** Begins to speak in one of the two ways. */
  private void greet(boolean api, long nowNanos) {
    before.clear();
    after.clear();
    voice = api ? new XbeeVoice.Api(modem.api() == 2) : new XbeeVoice.Text();
    enter(api ? Stage.IDENTIFY : Stage.GUARD, nowNanos);
    ask("VR", ASK);
  }

  private void enter(Stage next, long nowNanos) {
    stage = next;
    sinceNanos = nowNanos;
    attempts = 0;
    reply = null;
  }

  private void ask(String what, long newValue) {
    command = what;
    value = newValue;
  }

  @Override
  public byte[] due(long nowNanos) throws IOException {
    if (stage == Stage.DONE) {
      return Dialect.NOTHING;
    }
    if (stage == Stage.GUARD) {
      return guard(nowNanos);
    }
    if (reply != null) {
      answered(reply, nowNanos);
    } else if (late(nowNanos)) {
      unanswered(nowNanos);
    }
    return words(nowNanos);
  }

  private byte[] guard(long nowNanos) {
    if (nowNanos - sinceNanos < GUARD_NANOS) {
      return Dialect.NOTHING;
    }
    enter(Stage.ATTENTION, nowNanos);
    attempts = ATTEMPTS_MAX;
    return ATTENTION;
  }

  private boolean late(long nowNanos) {
    long maxNanos = stage == Stage.ATTENTION ? OK_MAX_NANOS : ANSWER_MAX_NANOS;
    return attempts >= ATTEMPTS_MAX && nowNanos - sinceNanos > maxNanos;
  }

  /** What has to be asked, if it was not yet or not answered for a while. */
  private byte[] words(long nowNanos) {
    boolean asks = stage != Stage.ATTENTION && stage != Stage.GUARD && stage != Stage.DONE;
    boolean again = attempts > 0 && nowNanos - sinceNanos <= ANSWER_MAX_NANOS;
    if (!asks || attempts >= ATTEMPTS_MAX || again) {
      return Dialect.NOTHING;
    }
    attempts++;
    sinceNanos = nowNanos;
    return voice.words(command, value);
  }

  private void unanswered(long nowNanos) throws IOException {
    boolean greeting = stage == Stage.ATTENTION || stage == Stage.IDENTIFY;
    if (greeting && !other && !switched) {
      other = true;
      greet(!(voice instanceof XbeeVoice.Api), nowNanos);
    } else if (stage == Stage.LEAVE || stage == Stage.SWITCH) {
      go(nowNanos); // its answer may come in the mode that it has changed to
    } else {
      throw new IOException(greeting ? missing() : "the XBee does not answer to AT" + command);
    }
  }

  private String missing() {
    String baud = ": is it powered, and is the link's baud its own (9600, if nobody changed it)?";
    return bytes == 0
        ? "no XBee answers, neither in API mode nor to +++" + baud
        : "no XBee answers, but something sent " + bytes + " bytes: another modem, or another baud";
  }

  private void answered(XbeeVoice.Reply said, long nowNanos) throws IOException {
    switch (stage) {
      case ATTENTION -> enter(Stage.IDENTIFY, nowNanos);
      case IDENTIFY -> {
        if (!said.done()) {
          foreign = true;
          enter(Stage.LEAVE, nowNanos);
          ask("O", ASK); // how a SiK radio leaves its command mode
          return;
        }
        firmware = said.value();
        if (other && mayWrite) {
          enter(Stage.SWITCH, nowNanos);
          ask("AP", modem.api());
        } else {
          next(nowNanos);
        }
      }
      case SWITCH, LEAVE -> go(nowNanos);
      case READ -> read(said, nowNanos);
      case SET -> {
        enter(Stage.READ_BACK, nowNanos);
        ask(settings.get(after.size()).command(), ASK);
      }
      case READ_BACK -> {
        after.add(said.done() ? said.value() : XbeeSetting.NOT_TOLD);
        next(nowNanos);
      }
      case SAVE -> leave(nowNanos);
      case GUARD, DONE -> reply = null;
    }
  }

  private void read(XbeeVoice.Reply said, long nowNanos) {
    XbeeSetting setting = settings.get(after.size());
    long had = said.done() ? said.value() : XbeeSetting.NOT_TOLD;
    before.add(had);
    if (mayWrite && !setting.least() && !setting.holds(had)) {
      changed = true;
      enter(Stage.SET, nowNanos);
      ask(setting.command(), setting.asked());
    } else {
      after.add(had);
      next(nowNanos);
    }
  }

  /** The next setting, or the end. */
  private void next(long nowNanos) {
    if (after.size() < settings.size()) {
      enter(Stage.READ, nowNanos);
      ask(settings.get(after.size()).command(), ASK);
    } else if (changed) {
      enter(Stage.SAVE, nowNanos);
      ask("WR", ASK);
    } else {
      leave(nowNanos);
    }
  }

  private void leave(long nowNanos) {
    enter(voice instanceof XbeeVoice.Text ? Stage.LEAVE : Stage.DONE, nowNanos);
    ask("CN", ASK);
  }

  /** Goes on after the mode was changed, or command mode left. */
  private void go(long nowNanos) throws IOException {
    if (foreign) {
      throw new IOException(
          "something answers to +++ that is no XBee, since it has no ATVR: a SiK radio? Take its"
              + " preset");
    }
    if (stage == Stage.LEAVE) {
      enter(Stage.DONE, nowNanos);
    } else if (voice instanceof XbeeVoice.Text && command.equals("AP")) {
      enter(Stage.SWITCH, nowNanos);
      ask("CN", ASK);
    } else {
      switched = changed = true;
      other = false;
      greet(modem.api() > 0, nowNanos);
    }
  }

  @Override
  public void heard(byte[] heard) {
    bytes += heard.length;
    XbeeVoice.Reply said = voice.heard(heard);
    reply = said == null ? reply : said;
  }

  @Override
  public boolean done() {
    return stage == Stage.DONE;
  }

  @Override
  public List<Comparison> comparisons() {
    List<Comparison> all = new ArrayList<>();
    for (int i = 0; i < after.size(); i++) {
      boolean mode = settings.get(i).command().equals("AP");
      long was = switched && mode ? (modem.api() > 0 ? 0 : 1) : before.get(i);
      all.add(settings.get(i).compare(was, after.get(i)));
    }
    return all;
  }

  /** What it says that it is. */
  String firmware() {
    return Long.toHexString(firmware);
  }

  /** Whether it speaks in API frames, if it answered. */
  boolean speaksApi() {
    return voice instanceof XbeeVoice.Api;
  }
}
