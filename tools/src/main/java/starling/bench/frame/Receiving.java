package starling.bench.frame;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.frame.Sealer;
import starling.model.Member;

/**
 * What an engine allocates to hear one frame, by JMH: frames are sealed beforehand, as each is
 * worth hearing once.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = Receiving.WARM, batchSize = Receiving.BATCH)
@Measurement(iterations = Receiving.COUNT, batchSize = Receiving.BATCH)
public class Receiving {
  static final int WARM = 10;
  static final int COUNT = 5;
  static final int BATCH = 2_000;

  private static final int FRAMES = (WARM + COUNT) * BATCH;
  private static final int LISTENER = 1;
  private static final int MATE = 2;
  private static final long GAP_NANOS = 200_000_000;
  private static final int NOISE_BYTES = 40;

  /** What is heard. */
  public enum Heard {
    /** A mate's digest and votes, which the listener knew. */
    NOTHING_NEW,
    /** A mate's own row of a window. */
    OWN_ROW,
    /** Bytes that are no frame. */
    NOISE
  }

  /** What is heard in this run. */
  @Param public Heard heard = Heard.NOISE;

  private final Deque<DrivenNode.Frame> frames = new ArrayDeque<>();
  private final Cell cell = Cell.create(3);
  private final DrivenNode listener = cell.node(LISTENER);

  /** Lets a listener come to know a speaker, and makes frames. */
  @Setup
  public void prepare() {
    DrivenNode speaker = cell.node(0);
    List<DrivenNode.Frame> said = new ArrayList<>();
    while (said.size() < (heard == Heard.OWN_ROW ? FRAMES + 8 : 8)) {
      said.addAll(speaker.liveWindow());
    }
    said.subList(0, 8).forEach(listener::hear);
    switch (heard) {
      case OWN_ROW -> frames.addAll(said.subList(8, said.size()));
      case NOTHING_NEW -> digests(said.get(7).atNanos());
      case NOISE -> noise(said.get(7).atNanos());
    }
  }

  private void digests(long afterNanos) {
    Member mate = cell.page().member(MATE).orElseThrow();
    Introduction boot = new Introduction(mate.id().bits(), 1, 1);
    Sealer sealer = new Sealer(cell.keyring(), 0, boot, cell.page().zone() << 8 | MATE, 1);
    for (int counter = 0; counter < FRAMES; counter++) {
      long atNanos = afterNanos + (counter + 1) * GAP_NANOS;
      int window = (int) (atNanos / Cell.WINDOW_NANOS - 1) & 31;
      byte[] sections = {
        0x52,
        3,
        (byte) (window << 3),
        1,
        0, // zone HAVE: of the window before, nothing
        0x48,
        1,
        0,
        0b11 // membership VOTES: nobody is suspect, both others are heard
      };
      FrameHeader header =
          new FrameHeader(
              counter == 0, 0, cell.page().zone(), MATE, counter, cell.charter().low(), 7);
      byte[] frame = sealer.seal(header, sections, sections.length);
      frames.add(new DrivenNode.Frame(frame, atNanos));
    }
  }

  private void noise(long afterNanos) {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < FRAMES; i++) {
      byte[] bytes = new byte[NOISE_BYTES];
      random.nextBytes(bytes);
      bytes[0] |= (byte) 0x80; // a wire version that nobody speaks
      frames.add(new DrivenNode.Frame(bytes, afterNanos + (i + 1) * GAP_NANOS));
    }
  }

  /** How many frames were opened and read. */
  long framesHeard() {
    return listener.framesHeard();
  }

  /** One frame. */
  @Benchmark
  public long hear() {
    DrivenNode.Frame frame = frames.remove();
    listener.hear(frame);
    return frame.atNanos();
  }
}
