package starling.bench.membership;

import starling.engine.Effects;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Protocol;
import starling.engine.Section;
import starling.engine.SectionWriter;
import starling.frame.FrameHeader;
import starling.link.Address;
import starling.link.Presets;
import starling.membership.Membership;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Fact;
import starling.model.Facts;
import starling.model.Members;
import starling.model.NodeId;
import starling.model.Self;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * One member of a cell: the production protocol, as an engine would call it, without sealing and
 * without other protocols.
 */
final class Station implements Effects {
  static final int CELL = 1;
  private static final int SECTION_HEADER = 2;
  private static final int SECTION_MAX = 64;
  private static final int FRAME_BYTES = 60;
  private static final int COUNTER_MASK = 0xFFFFFF;
  private static final byte[] NOTHING = {};
  private static final LinkView RADIO =
      new LinkView(0, Presets.SIK_64K.profile(), Address.ALL, true, 0, CELL);

  private final int slot;
  private final int promise;
  private Membership protocol = new Membership();
  private Facts facts;
  private int generation;
  private int counter;

  /**
   * A member that is switched on.
   *
   * @param promise that it speaks again within 2^promise seconds, as each of its frames says
   */
  Station(int slot, int promise) {
    this.slot = slot;
    this.promise = promise;
    this.facts = Facts.of(new Self(new NodeId(slot), CELL, slot, 0), Charter.EMPTY);
    boot();
  }

  /** Begins its next life, knowing nobody. */
  void boot() {
    protocol = new Membership();
    generation++;
    counter = 0;
    facts = Facts.of(new Self(new NodeId(slot), CELL, slot, generation), Charter.EMPTY);
  }

  Members members() {
    return facts.members();
  }

  /** What a frame of it says now: a section, or nothing. */
  byte[] sections(long nowNanos) {
    counter = counter + 1 & COUNTER_MASK;
    byte[] sections = NOTHING;
    if (protocol.urgency(RADIO, facts, nowNanos) != Protocol.Urgency.NONE) {
      WireWriter to = WireWriter.ofSize(SECTION_MAX);
      protocol.fill(new SectionWriter(to), RADIO, counter, facts, nowNanos);
      sections = to.toBytes();
    }
    protocol.sent(RADIO, counter, true, nowNanos);
    return sections;
  }

  /** The frame that it says now, as others hear of it. */
  Event.Heard frame(long nowNanos) {
    FrameHeader header = new FrameHeader(false, 0, CELL, slot, counter, 0, promise);
    return new Event.Heard(RADIO, header, new NodeId(slot), generation, FRAME_BYTES, nowNanos);
  }

  void hear(Event.Heard frame, byte[] sections, long nowNanos) {
    protocol.on(frame, facts, this, nowNanos);
    if (sections.length > 0) {
      try {
        WireReader body = new WireReader(sections, SECTION_HEADER, sections.length);
        protocol.read(new Section(frame, sections[0] & 7, body), facts, this, nowNanos);
      } catch (MalformedException e) {
        throw new IllegalStateException("members don't understand each other", e);
      }
    }
  }

  void wake(long nowNanos) {
    protocol.on(new Event.Woke(), facts, this, nowNanos);
  }

  long nextWakeNanos(long nowNanos) {
    return protocol.nextWakeNanos(nowNanos);
  }

  /** Whom a section that it said doubts. */
  static long doubts(byte[] sections) {
    long doubts = 0;
    int length = sections.length == 0 ? 0 : sections[SECTION_HEADER];
    for (int i = 0; i < length; i++) {
      doubts |= (sections[SECTION_HEADER + 1 + i] & 0xFFL) << 8 * i;
    }
    return doubts;
  }

  @Override
  public void publish(Fact fact) {
    facts = facts.with(fact);
  }

  @Override
  public void deliver(Delivery delivery) {}

  @Override
  public long persist(long key, byte[] value) {
    throw new IllegalStateException("membership keeps nothing");
  }
}
