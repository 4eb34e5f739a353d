package starling.engine;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import starling.link.Address;
import starling.model.Facts;
import starling.model.NodeId;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * Who is who: asks senders that were heard but are not known to introduce themselves, and tells a
 * node that took a generation already used that it must take a higher one.
 *
 * <pre>
 * kind 0, WHO     (cell 2 | slot 1)...       introduce yourselves in your next frame
 * kind 1, TAKEN   (node 8 | generation 4)...  this generation of this node is taken or past: go above it
 * </pre>
 */
final class Introductions implements Protocol {
  private static final int WHO = 0;
  private static final int TAKEN = 1;
  private static final int ASKED_MAX = 16;
  private static final long ASK_AGAIN_NANOS = 2_000_000_000L;

  private final Engine engine;
  private final Map<Integer, Set<Address>> strangers = new LinkedHashMap<>();
  private final Map<Long, Long> taken = new LinkedHashMap<>();
  private final Map<Integer, Long> askedNanos = new LinkedHashMap<>();

  Introductions(Engine engine) {
    this.engine = engine;
  }

  void ask(int link, Address stranger) {
    Set<Address> asked = strangers.computeIfAbsent(link, _ -> new LinkedHashSet<>());
    if (asked.size() < ASKED_MAX) {
      asked.add(stranger);
    }
  }

  void tellTaken(NodeId node, long generation) {
    if (taken.size() < ASKED_MAX || taken.containsKey(node.bits())) {
      taken.merge(node.bits(), generation, Math::max);
    }
  }

  @Override
  public SectionType type() {
    return SectionType.ENGINE;
  }

  @Override
  public Share share() {
    return new Share(SectionWriter.HEADER_BYTES + 12);
  }

  @Override
  public void on(Event event, Facts facts, Effects out, long nowNanos) {
    switch (event) {
      case Event.Section section -> {
        try {
          read(section, facts, nowNanos);
        } catch (MalformedException e) {
          engine.malformed(section.frame(), e, nowNanos);
        }
      }
      case Event.Heard heard -> {
        Set<Address> asked = strangers.get(heard.link().link());
        if (asked != null) {
          asked.remove(new Address(heard.header().cell(), heard.header().slot()));
        }
      }
      default -> {}
    }
  }

  private void read(Event.Section section, Facts facts, long nowNanos) throws MalformedException {
    WireReader body = section.body();
    switch (section.kind()) {
      case WHO -> {
        while (body.remaining() > 0) {
          int cell = body.u16();
          int slot = body.u8();
          if (cell == facts.self().cell() && slot == facts.self().slot()) {
            engine.introduceAgain(section.frame());
          }
        }
      }
      case TAKEN -> {
        while (body.remaining() > 0) {
          long node = body.u64();
          long generation = body.u32();
          if (node == facts.self().id().bits()) {
            engine.generationTaken(generation, nowNanos);
          }
        }
      }
      default -> {} // a later version's
    }
  }

  @Override
  public long nextWakeNanos() {
    return Long.MAX_VALUE;
  }

  @Override
  public Urgency urgency(LinkView link, Facts facts, long nowNanos) {
    Set<Address> asked = strangers.getOrDefault(link.link(), Set.of());
    if (!taken.isEmpty()) {
      return Urgency.NORMAL;
    }
    boolean mine = link.profile().broadcast() ? !asked.isEmpty() : asked.contains(link.to());
    if (!mine) {
      return Urgency.NONE;
    }
    long last = askedNanos.getOrDefault(link.link(), nowNanos - ASK_AGAIN_NANOS);
    return nowNanos - last >= ASK_AGAIN_NANOS ? Urgency.NORMAL : Urgency.IDLE;
  }

  @Override
  public void fill(SectionWriter to, LinkView link, long frameId, Facts facts, long nowNanos) {
    if (!taken.isEmpty() && to.remaining() >= 12) {
      WireWriter body = to.open(TAKEN);
      for (Map.Entry<Long, Long> entry : taken.entrySet()) {
        if (body.remaining() >= 12) {
          body.u64(entry.getKey()).u32(entry.getValue());
        }
      }
      to.close();
    }
    Set<Address> asked = strangers.getOrDefault(link.link(), Set.of());
    if (!asked.isEmpty() && to.remaining() >= 3) {
      WireWriter body = to.open(WHO);
      for (Address stranger : asked) {
        boolean here = link.profile().broadcast() || stranger.equals(link.to());
        if (here && body.remaining() >= 3) {
          body.u16(stranger.cell()).u8(stranger.slot());
        }
      }
      to.close();
    }
  }

  @Override
  public void sent(LinkView link, long frameId, boolean left, long nowNanos) {
    if (left) {
      taken.clear();
      askedNanos.put(link.link(), nowNanos);
    }
  }
}
