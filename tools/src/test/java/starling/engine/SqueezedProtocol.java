package starling.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.Supplier;
import starling.frame.FrameHeader;
import starling.model.Delivery;
import starling.model.Fact;
import starling.model.Facts;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * A protocol in a running node that must, before it fills a frame, fill others of every size from 0
 * to the MTU, each of which is then dropped: it must write whole sections that another node can
 * read, within the size, and nothing of that may show in the frame that leaves.
 */
public final class SqueezedProtocol implements Protocol {
  private static final Effects NONE =
      new Effects() {
        @Override
        public void deliver(Delivery delivery) {
          if (delivery instanceof Delivery.Warning warning) {
            throw new AssertionError("what was written is not believed: " + warning);
          }
        }

        @Override
        public void publish(Fact fact) {}

        @Override
        public long persist(long key, byte[] value) {
          return 0;
        }
      };

  private final Protocol inner;
  private final Supplier<Protocol> another;
  private final int every;
  private long dryFrameId = -1;
  private int fills;
  private int squeezed;

  /**
   * Puts a running protocol to this test.
   *
   * @param another makes one that reads what this one writes
   * @param every how many fills come on one that is tested
   */
  public SqueezedProtocol(Protocol inner, Supplier<Protocol> another, int every) {
    this.inner = inner;
    this.another = another;
    this.every = every;
  }

  /** How many fills were tested at every size. */
  public int squeezed() {
    return squeezed;
  }

  @Override
  public void fill(SectionWriter to, LinkView link, long frameId, Facts facts, long nowNanos) {
    if (fills++ % every == 0) {
      int mtu = link.profile().mtuBytes();
      byte[] before = dryFill(mtu, link, facts, nowNanos);
      Protocol reader = another.get();
      reader.on(new Event.FactsChanged(), facts, NONE, nowNanos);
      for (int size = 0; size <= mtu; size++) {
        readBack(dryFill(size, link, facts, nowNanos), reader, link, facts, nowNanos);
      }
      assertArrayEquals(before, dryFill(mtu, link, facts, nowNanos), "dropped frames left a trace");
      squeezed++;
    }
    inner.fill(to, link, frameId, facts, nowNanos);
  }

  private byte[] dryFill(int size, LinkView link, Facts facts, long nowNanos) {
    byte[] frame = new byte[size];
    WireWriter to = new WireWriter(frame);
    SectionWriter sections = new SectionWriter(to);
    sections.type(type());
    long id = dryFrameId--;
    inner.fill(sections, link, id, facts, nowNanos);
    inner.sent(link, id, false, nowNanos);
    assertTrue(!to.overflowed() && to.length() <= size, () -> type() + " overflows " + size);
    return Arrays.copyOf(frame, SectionWriter.finish(frame, sections));
  }

  private void readBack(
      byte[] written, Protocol reader, LinkView link, Facts facts, long nowNanos) {
    int slot = facts.self().slot();
    int cell = facts.self().cell();
    FrameHeader header = new FrameHeader(false, 0, cell, slot, 7, facts.charter().low(), 3);
    Event.Heard frame =
        new Event.Heard(link, header, facts.self().id(), 1, written.length, nowNanos);
    try {
      WireReader from = new WireReader(written);
      while (from.remaining() > 0) {
        int first = from.u8();
        assertEquals(type().code(), first >>> 4);
        int length = SectionWriter.isLast(first) ? from.remaining() : from.u8();
        WireReader body = from.slice(length);
        assertTrue(length > 0, "an empty section");
        reader.read(new Section(frame, first & 7, body), facts, NONE, nowNanos);
        assertEquals(0, body.remaining(), () -> type() + " wrote more than is read");
      }
    } catch (MalformedException e) {
      throw new AssertionError(type() + " can't be read back at " + written.length, e);
    }
  }

  @Override
  public SectionType type() {
    return inner.type();
  }

  @Override
  public Share share() {
    return inner.share();
  }

  @Override
  public void restore(long key, byte[] value) {
    inner.restore(key, value);
  }

  @Override
  public void on(Event event, Facts facts, Effects out, long nowNanos) {
    inner.on(event, facts, out, nowNanos);
  }

  @Override
  public void read(Section section, Facts facts, Effects out, long nowNanos)
      throws MalformedException {
    inner.read(section, facts, out, nowNanos);
  }

  @Override
  public long nextWakeNanos(long nowNanos) {
    return inner.nextWakeNanos(nowNanos);
  }

  @Override
  public int changes() {
    return inner.changes();
  }

  @Override
  public Urgency urgency(LinkView link, Facts facts, long nowNanos) {
    return inner.urgency(link, facts, nowNanos);
  }

  @Override
  public void sent(LinkView link, long frameId, boolean left, long nowNanos) {
    inner.sent(link, frameId, left, nowNanos);
  }
}
