package starling.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import starling.frame.Introduction;
import starling.link.Address;
import starling.model.Facts;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * Who is who: asks senders that were heard but are not known to introduce themselves, and tells a
 * node that took a generation already used that it must take a higher one.
 *
 * <pre>
 * kind 0, WHO     (cell 2 | slot 1)...        introduce yourselves in your next frame
 * kind 1, TAKEN   (node 8 | generation 4 | salt 4)...
 *                                             this boot of this node is believed here: any other, go above it
 * </pre>
 *
 * <p>Who asks introduces itself in the same frames, since a stranger can't read the question of one
 * whom it does not know. Each is said once for each time that it was heard again: a stranger who
 * only claims to be somebody costs a bounded part of a few frames. On a broadcast medium, one who
 * asks asks for all.
 */
final class Introductions implements Protocol {
  private static final int WHO = 0;
  private static final int TAKEN = 1;
  private static final int WHO_BYTES = 3;
  private static final int TAKEN_BYTES = Introduction.BYTES;
  private static final int ASKED_MAX = 12;
  private static final long ASK_AGAIN_NANOS = 2_000_000_000L;

  private final Engine engine;
  private SortedMap<Integer, Due> links = Collections.emptySortedMap(); // mostly so
  private @Nullable UnderWay<Said> filled;
  private int changes;

  /** What is to be said on one link: whom to ask, and whom to tell of which boot. */
  private static final class Due {
    final Set<Address> strangers = new LinkedHashSet<>();
    final Map<Address, Introduction> taken = new LinkedHashMap<>();
    long notBeforeNanos = Long.MIN_VALUE;

    boolean empty() {
      return strangers.isEmpty() && taken.isEmpty();
    }
  }

  private record Said(Due due, Set<Address> strangers, Map<Address, Introduction> taken) {}

  Introductions(Engine engine) {
    this.engine = engine;
  }

  private Due due(int link) {
    changes++;
    links = links.isEmpty() ? new TreeMap<>() : links;
    return links.computeIfAbsent(link, _ -> new Due());
  }

  /** It is known now, or somebody else has asked. */
  private void forget(int link, Address stranger) {
    Due due = links.get(link);
    if (due != null) {
      due.strangers.remove(stranger);
    }
  }

  /** Answers whether it is a question more: if one too many waits, it is not asked. */
  boolean ask(int link, Address stranger) {
    Set<Address> strangers = due(link).strangers;
    return strangers.size() < ASKED_MAX && strangers.add(stranger);
  }

  void tellTaken(int link, Address whom, Introduction believed) {
    Map<Address, Introduction> taken = due(link).taken;
    if (taken.size() < ASKED_MAX) {
      taken.put(whom, believed);
    }
  }

  @Override
  public SectionType type() {
    return SectionType.ENGINE;
  }

  @Override
  public Share share() {
    return new Share(SectionWriter.HEADER_BYTES + TAKEN_BYTES);
  }

  @Override
  public void on(Event event, Facts facts, Effects out, long nowNanos) {
    if (event instanceof Event.Heard heard) {
      Address known = new Address(heard.header().cell(), heard.header().slot());
      forget(heard.link().link(), known);
    }
  }

  @Override
  public void read(Section section, Facts facts, Effects out, long nowNanos)
      throws MalformedException {
    WireReader body = section.body();
    LinkView link = section.frame().link();
    Address self = new Address(facts.self().cell(), facts.self().slot());
    while (section.kind() == WHO && body.remaining() > 0) {
      Address asked = new Address(body.u16(), body.u8());
      if (asked.equals(self)) {
        engine.introduceAgain(section.frame());
      } else if (link.profile().broadcast()) {
        forget(link.link(), asked);
      }
    }
    while (section.kind() == TAKEN && body.remaining() > 0) {
      long node = body.u64();
      long generation = body.u32();
      int salt = (int) body.u32();
      if (node == engine.self().node()) {
        engine.bootTaken(generation, salt, nowNanos);
      }
    }
  }

  @Override
  public long nextWakeNanos(long nowNanos) {
    long next = Long.MAX_VALUE;
    if (links.isEmpty()) { // so it is after nearly each frame heard
      return next;
    }
    links.values().removeIf(due -> due.empty() && nowNanos >= due.notBeforeNanos);
    links = links.isEmpty() ? Collections.emptySortedMap() : links;
    for (Due due : links.values()) {
      boolean waits = !due.empty() && due.notBeforeNanos > nowNanos;
      next = waits ? Math.min(next, due.notBeforeNanos) : next;
    }
    return next;
  }

  @Override
  public int changes() {
    return changes;
  }

  @Override
  public Urgency urgency(LinkView link, Facts facts, long nowNanos) {
    Due due = links.get(link.link());
    boolean concerned =
        due != null
            && (link.profile().broadcast()
                ? !due.empty()
                : due.strangers.contains(link.to()) || due.taken.containsKey(link.to()));
    if (due == null || !concerned) {
      return Urgency.NONE;
    }
    return nowNanos >= due.notBeforeNanos ? Urgency.TURN : Urgency.IDLE;
  }

  @Override
  public void fill(SectionWriter to, LinkView link, long frameId, Facts facts, long nowNanos) {
    Due due = links.get(link.link());
    if (due == null) {
      return;
    }
    Said said = new Said(due, new LinkedHashSet<>(), new LinkedHashMap<>());
    WireWriter body = to.open(TAKEN);
    due.taken.forEach((whom, boot) -> {
      if (concerns(link, whom) && body.remaining() >= TAKEN_BYTES) {
        body.u64(boot.node()).u32(boot.generation()).u32(boot.salt() & 0xFFFF_FFFFL);
        said.taken.put(whom, boot);
      }
    });
    if (!to.close()) {
      said.taken.clear();
    }
    to.open(WHO);
    for (Address stranger : due.strangers) {
      if (concerns(link, stranger) && body.remaining() >= WHO_BYTES) {
        body.u16(stranger.cell()).u8(stranger.slot());
        said.strangers.add(stranger);
      }
    }
    if (!to.close()) {
      said.strangers.clear();
    }
    if (!said.strangers.isEmpty() || !said.taken.isEmpty()) {
      filled = UnderWay.with(frameId, said, filled);
    }
  }

  private static boolean concerns(LinkView link, Address whom) {
    return link.profile().broadcast() || whom.equals(link.to());
  }

  @Override
  public void sent(LinkView link, long frameId, boolean left, long nowNanos) {
    Said said = UnderWay.find(frameId, filled);
    filled = UnderWay.without(frameId, filled);
    if (said != null && left) {
      said.due.strangers.removeAll(said.strangers);
      said.taken.forEach(said.due.taken::remove);
      said.due.notBeforeNanos = nowNanos + ASK_AGAIN_NANOS;
    }
  }
}
