package starling.link.serial;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import starling.link.ModemSettings;

/**
 * Asks an RNode for its radio settings, and makes them if they may be changed. Each setting's
 * question is its command with zero or with all bits set. The board keeps nothing over a reset, so
 * this shows what it takes; a node sets it whenever the port opens.
 */
final class RnodeSetup implements Setup {
  private static final long ASK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long BOOT_MAX_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long ANSWER_MAX_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int ANSWER_MAX_BYTES = 64;
  private static final long NONE = -1;

  private enum Stage {
    ASKING,
    READING,
    SETTING,
    DONE
  }

  private final List<RnodeSetting> settings;
  private final boolean mayWrite;
  private final KissStream stream = new KissStream(ANSWER_MAX_BYTES);
  private final RnodeIdentity identity = new RnodeIdentity();
  private final long[] answers;
  private long[] before;
  private Stage stage = Stage.ASKING;
  private long sinceNanos;
  private long askNanos;

  /**
   * @param mayWrite whether the settings are made; else they are only read
   */
  RnodeSetup(ModemSettings.Rnode modem, boolean mayWrite) {
    settings = RnodeSetting.of(modem);
    this.mayWrite = mayWrite;
    answers = new long[settings.size()];
    before = answers.clone();
  }

  @Override
  public void begin(long nowNanos) {
    identity.forget();
    askNanos = nowNanos;
    enter(Stage.ASKING, nowNanos);
  }

  private void enter(Stage next, long nowNanos) {
    stage = next;
    sinceNanos = nowNanos;
    if (next != Stage.DONE) {
      Arrays.fill(answers, NONE);
    }
  }

  @Override
  public byte[] due(long nowNanos) throws IOException {
    return switch (stage) {
      case ASKING -> ask(nowNanos);
      case READING, SETTING -> await(nowNanos);
      case DONE -> Dialect.NOTHING;
    };
  }

  private byte[] ask(long nowNanos) throws IOException {
    if (identity.known()) {
      identity.check();
      enter(Stage.READING, nowNanos);
      return lines(RnodeSetting::question);
    }
    if (nowNanos - sinceNanos > BOOT_MAX_NANOS) {
      throw new IOException(identity.missing());
    }
    if (nowNanos < askNanos) {
      return Dialect.NOTHING;
    }
    askNanos = nowNanos + ASK_EVERY_NANOS;
    return RnodeIdentity.question();
  }

  private byte[] await(long nowNanos) throws IOException {
    boolean whole = Arrays.stream(answers).noneMatch(answer -> answer == NONE);
    if (!whole && nowNanos - sinceNanos < ANSWER_MAX_NANOS) {
      return Dialect.NOTHING;
    }
    if (!whole && stage == Stage.SETTING) {
      throw new IOException(
          "the RNode (firmware "
              + identity.firmware()
              + ") does not answer to all settings: reset it");
    }
    boolean set = stage == Stage.READING && mayWrite;
    if (stage == Stage.READING) {
      before = answers.clone();
    }
    enter(set ? Stage.SETTING : Stage.DONE, nowNanos);
    return set ? lines(RnodeSetting::line) : Dialect.NOTHING;
  }

  private byte[] lines(Function<RnodeSetting, byte[]> of) {
    return settings.stream().map(of).reduce(Dialect.NOTHING, KissStream::join);
  }

  @Override
  public void heard(byte[] bytes) {
    identity.heardBytes(bytes.length);
    for (KissStream.Message message : stream.feed(bytes)) {
      if (!identity.heard(message)) {
        take(message);
      }
    }
  }

  private void take(KissStream.Message message) {
    for (int i = 0; i < answers.length; i++) {
      if (settings.get(i).command() == message.type()) {
        answers[i] = settings.get(i).value(message.payload());
      }
    }
  }

  @Override
  public boolean done() {
    return stage == Stage.DONE;
  }

  @Override
  public List<Comparison> comparisons() {
    return IntStream.range(0, answers.length)
        .mapToObj(i -> settings.get(i).compare(before[i], answers[i]))
        .toList();
  }
}
