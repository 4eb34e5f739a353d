package starling.link.serial;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import starling.link.ModemSettings;

/**
 * Reads an EBYTE module's registers in its configuration mode, writes them if they differ from what
 * is asked, and reads them again (E22-900T22S user manual, section 6; E32-868T20D user manual,
 * section 7).
 *
 * <pre>
 *   E22   read  C1 00 07            answer  C1 00 07 | registers 7
 *         write C0 00 07 registers  answer  C1 00 07 | registers 7
 *   E32   read  C1 C1 C1            answer  C0 | registers 5
 *         write C0 registers        answer  C0 | registers 5
 * </pre>
 *
 * <p>A byte or two may come when the mode changes; an answer begins where its head is found.
 */
final class EbyteSetup implements Setup {
  private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long ANSWER_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);

  /** A packet that it hears just then may take a second. */
  private static final long BUSY_MAX_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final int ATTEMPTS_MAX = 3;
  private static final int HEARD_MAX_BYTES = 256;

  private enum Stage {
    ENTERING,
    READING,
    WRITING,
    READING_BACK,
    LEAVING,
    DONE
  }

  private final ModemSettings.Ebyte.Model model;
  private final List<EbyteSetting> settings;
  private final boolean mayWrite;
  private final byte[] heard = new byte[HEARD_MAX_BYTES];
  private int heardBytes;
  private long strangeBytes;
  private Stage stage = Stage.ENTERING;
  private long sinceNanos;
  private int attempts;
  private boolean busy;
  private byte[] before = {};
  private byte[] after = {};

  /**
   * @param mayWrite whether what differs is set; else it is only read
   */
  EbyteSetup(ModemSettings.Ebyte modem, boolean mayWrite) {
    this.model = modem.model();
    this.mayWrite = mayWrite;
    settings = EbyteSetting.of(modem);
  }

  @Override
  public void begin(long nowNanos) {
    before = after = Dialect.NOTHING;
    strangeBytes = 0;
    enter(Stage.ENTERING, nowNanos);
  }

  private void enter(Stage next, long nowNanos) {
    stage = next;
    sinceNanos = nowNanos;
    attempts = 0;
    heardBytes = 0;
  }

  @Override
  public ModePins pins() {
    boolean transparent = stage == Stage.LEAVING || stage == Stage.DONE;
    return transparent
        ? ModePins.TRANSPARENT
        : new ModePins(model == ModemSettings.Ebyte.Model.E32, true);
  }

  @Override
  public void busy(boolean now) {
    busy = now;
  }

  @Override
  public byte[] due(long nowNanos) throws IOException {
    return switch (stage) {
      case ENTERING -> settled(nowNanos) ? ask(Stage.READING, read(), nowNanos) : Dialect.NOTHING;
      case READING, WRITING, READING_BACK -> answer(nowNanos);
      case LEAVING -> {
        if (settled(nowNanos)) {
          stage = Stage.DONE;
        }
        yield Dialect.NOTHING;
      }
      case DONE -> Dialect.NOTHING;
    };
  }

  /** Whether the module has had time to change its mode, and says so if AUX is wired. */
  private boolean settled(long nowNanos) throws IOException {
    long waitedNanos = nowNanos - sinceNanos;
    if (busy && waitedNanos > BUSY_MAX_NANOS) {
      throw new IOException(
          "the " + model + " stays busy, AUX is low: is it powered, and AUX at CTS?");
    }
    return !busy && waitedNanos >= SETTLE_NANOS;
  }

  private byte[] ask(Stage next, byte[] words, long nowNanos) {
    enter(next, nowNanos);
    return words;
  }

  private byte[] answer(long nowNanos) throws IOException {
    byte[] registers = registers();
    if (registers != null) {
      return take(registers, nowNanos);
    }
    if (nowNanos - sinceNanos < ANSWER_MAX_NANOS) {
      return Dialect.NOTHING;
    }
    if (++attempts == ATTEMPTS_MAX) {
      throw new IOException(missing());
    }
    sinceNanos = nowNanos;
    strangeBytes += heardBytes;
    heardBytes = 0;
    return stage == Stage.WRITING ? write(before) : read();
  }

  private byte[] take(byte[] registers, long nowNanos) throws IOException {
    after = registers;
    if (stage == Stage.READING) {
      before = registers;
      if (mayWrite && settings.stream().anyMatch(setting -> !setting.holds(before))) {
        return ask(Stage.WRITING, write(before), nowNanos);
      }
    } else if (stage == Stage.WRITING) {
      return ask(Stage.READING_BACK, read(), nowNanos);
    }
    if (mayWrite) {
      refuseOthers();
    }
    enter(Stage.LEAVING, nowNanos);
    return Dialect.NOTHING;
  }

  private void refuseOthers() throws IOException {
    for (Comparison each : comparisons()) {
      if (!each.holds()) {
        throw new IOException(
            "the "
                + model
                + " has "
                + each.setting()
                + " "
                + each.is()
                + " where "
                + each.asked()
                + " was asked: is it another module than the preset is for?");
      }
    }
  }

  private byte[] read() {
    return model == ModemSettings.Ebyte.Model.E22
        ? new byte[] {(byte) 0xC1, 0, (byte) model.registers()}
        : new byte[] {(byte) 0xC1, (byte) 0xC1, (byte) 0xC1};
  }

  private byte[] write(byte[] registers) {
    byte[] next = registers.clone();
    settings.forEach(setting -> setting.set(next));
    return model == ModemSettings.Ebyte.Model.E22
        ? KissStream.join(new byte[] {(byte) 0xC0, 0, (byte) model.registers()}, next)
        : KissStream.join(new byte[] {(byte) 0xC0}, next);
  }

  private byte[] head() {
    return model == ModemSettings.Ebyte.Model.E22
        ? new byte[] {(byte) 0xC1, 0, (byte) model.registers()}
        : new byte[] {(byte) 0xC0};
  }

  private byte @Nullable [] registers() {
    byte[] head = head();
    for (int at = 0; at + head.length + model.registers() <= heardBytes; at++) {
      if (Arrays.equals(heard, at, at + head.length, head, 0, head.length)) {
        return Arrays.copyOfRange(heard, at + head.length, at + head.length + model.registers());
      }
    }
    return null;
  }

  private String missing() {
    String mode = model == ModemSettings.Ebyte.Model.E22 ? "M1 high, M0 low" : "M0 and M1 high";
    String wires = ": wire M0 to DTR and M1 to RTS, or set it by hand (" + mode + ")";
    return strangeBytes + heardBytes == 0
        ? "no " + model + " answers in configuration mode at 9600 baud" + wires
        : "no "
            + model
            + " answers, but something sent "
            + (strangeBytes + heardBytes)
            + " bytes: it is not in configuration mode"
            + wires
            + ", or it is another modem";
  }

  @Override
  public void heard(byte[] bytes) {
    int count = Math.min(bytes.length, HEARD_MAX_BYTES - heardBytes);
    System.arraycopy(bytes, 0, heard, heardBytes, count);
    heardBytes += count;
    strangeBytes += bytes.length - count;
  }

  @Override
  public boolean done() {
    return stage == Stage.DONE;
  }

  @Override
  public List<Comparison> comparisons() {
    return settings.stream().map(setting -> setting.compare(before, after)).toList();
  }
}
