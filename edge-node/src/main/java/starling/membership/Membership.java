package starling.membership;

import java.util.Optional;
import starling.engine.ByNeighbour;
import starling.engine.Effects;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Protocol;
import starling.engine.Section;
import starling.engine.SectionType;
import starling.engine.SectionWriter;
import starling.engine.UnderWay;
import starling.model.Delivery;
import starling.model.Facts;
import starling.model.Member;
import starling.model.Members;
import starling.model.Page;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/**
 * The membership protocol of a cell.
 *
 * <pre>
 * kind 0, VOTES   length 1 | suspects (length) | hears (length)     bitmaps over slots, slot 0 in the low bit of the first byte
 * </pre>
 *
 * <p>A member is doubted by one observer after three broken promises, five above 40 % loss. It is
 * <em>suspect</em> once 65 % of the voters doubt it: those whose word is recent, who used to hear
 * it, and who don't doubt most of their own neighbours (a deaf node has no vote). It is
 * <em>gone</em> after fifty broken promises. Being heard again takes effect at once, and costs
 * nothing but that others keep its duties for five minutes: who comes and goes does not take them
 * along. (Rapid's tally of distinct observers, USENIX ATC 2018; Lifeguard's own-health doubt, DSN
 * 2018.)
 */
public final class Membership implements Protocol {
  private static final int VOTES = 0;
  private static final int BROKEN_SUSPECT = 3;
  private static final int BROKEN_LOSSY = 5;
  private static final int LOSSY_PERMILLE = 400;
  private static final int BROKEN_GONE = 50;
  private static final int QUORUM_PERCENT = 65;
  private static final int SAY_EVERY = 8;
  private static final long VOTE_FRESH_NANOS = 120_000_000_000L;
  private static final long STEADY_NANOS = 300_000_000_000L;
  private static final long HEALTH_EVERY_NANOS = 60_000_000_000L;

  private final Observers observers = new Observers();
  private final UnderWay<Long> filled = new UnderWay<>();
  private final ByNeighbour framesUnsaid = new ByNeighbour(); // frames without votes, counted down
  private Members members = Members.NONE;
  private long doubts;
  private long saidDoubts;
  private long nextNanos = Long.MAX_VALUE;
  private long healthNanos = Long.MIN_VALUE;

  @Override
  public SectionType type() {
    return SectionType.MEMBERSHIP;
  }

  @Override
  public Share share() {
    return new Share(SectionWriter.HEADER_BYTES + 1 + 2 * Long.BYTES);
  }

  @Override
  public void on(Event event, Facts facts, Effects out, long nowNanos) {
    switch (event) {
      case Event.Heard heard -> {
        if (heard.header().cell() == facts.self().cell()
            && heard.header().slot() < Member.SLOTS_MAX) {
          int slot = heard.header().slot();
          boolean reborn =
              observers.heard(
                  slot,
                  heard.generation(),
                  heard.header().counter(),
                  heard.link().profile().broadcast(),
                  heard.header().nextSpeak(),
                  nowNanos);
          if (reborn && members.present(slot)) { // News, though nobody missed it meanwhile.
            long others = members.heard() & ~(1L << slot);
            tell(new Members(others, members.suspect(), members.gone(), 0, 0), members, facts, out);
          }
          judge(facts, out, nowNanos);
        }
      }
      case Event.Woke() -> judge(facts, out, nowNanos);
      default -> {}
    }
  }

  @Override
  public void read(Section section, Facts facts, Effects out, long nowNanos)
      throws MalformedException {
    if (section.kind() != VOTES) {
      return; // a later version's
    }
    WireReader body = section.body();
    int length = body.u8();
    if (length > Long.BYTES) {
      throw new MalformedException("a cell has at most 64 slots");
    }
    long suspects = bits(body, length);
    long hears = bits(body, length);
    body.end();
    int slot = section.frame().header().slot();
    if (section.frame().header().cell() == facts.self().cell() && slot < Member.SLOTS_MAX) {
      observers.says(slot, suspects, hears, nowNanos);
      judge(facts, out, nowNanos);
    }
  }

  private void judge(Facts facts, Effects out, long nowNanos) {
    int self = facts.self().slot();
    long heard = observers.everHeard() | 1L << self;
    long doubted = 0;
    long gone = 0;
    long unsteady = 0;
    double loss = 0;
    int silences = members.lossPermille() > LOSSY_PERMILLE ? BROKEN_LOSSY : BROKEN_SUSPECT;
    nextNanos = Long.MAX_VALUE;
    for (int slot = 0; slot < observers.slots(); slot++) {
      if (slot != self && (heard & 1L << slot) != 0) {
        loss += observers.loss(slot);
        long broken = observers.brokenPromises(slot, nowNanos);
        doubted |= broken >= silences ? 1L << slot : 0;
        gone |= broken >= BROKEN_GONE ? 1L << slot : 0;
        nextNanos = Math.min(nextNanos, observers.nextBreakNanos(slot, nowNanos));
      }
    }
    doubts = doubted;
    long suspect = 0;
    long accused = (doubted | observers.accused()) & heard & ~(1L << self);
    for (int slot = 0; slot < observers.slots() && accused != 0; slot++) {
      if ((accused & 1L << slot) != 0 && convicted(slot, self, heard, nowNanos)) {
        suspect |= 1L << slot;
      }
    }
    for (int slot = 0; slot < observers.slots(); slot++) {
      if ((members.suspect() & ~suspect & 1L << slot) != 0) {
        observers.returned(slot, nowNanos);
      }
      unsteady |= observers.returnedWithin(STEADY_NANOS, slot, nowNanos) ? 1L << slot : 0;
    }
    int neighbours = Math.max(1, Long.bitCount(heard) - 1);
    Members next =
        new Members(
            heard,
            suspect,
            gone & suspect,
            unsteady,
            (int) Math.round(loss / neighbours * 20) * 50);
    if (!next.equals(members)) {
      tell(members, next, facts, out);
      members = next;
      out.publish(next);
    }
    if (nowNanos >= healthNanos && facts.time().known()) {
      healthNanos = nowNanos + HEALTH_EVERY_NANOS;
      tellHealth(facts, out, nowNanos);
    }
  }

  /** How the members are, if this node is the one to say that outside. */
  private void tellHealth(Facts facts, Effects out, long nowNanos) {
    Optional<Page.Cell> cell = facts.charter().cell(facts.self().cell());
    if (cell.flatMap(page -> page.member(facts.self().slot())).filter(Member::gateway).isEmpty()) {
      return;
    }
    for (Member member : cell.get().members()) {
      boolean heard = (observers.everHeard() & 1L << member.slot()) != 0;
      if (heard && member.slot() != facts.self().slot()) {
        out.deliver(
            new Delivery.Health(
                path(member, facts),
                facts.time().millis(nowNanos),
                state(members, member.slot()),
                observers.generation(member.slot()),
                Optional.of(observers.hearing(member.slot(), nowNanos)),
                Optional.empty()));
      }
    }
  }

  private static String path(Member member, Facts facts) {
    return facts.charter().path(facts.self().cell()).orElse("") + "/" + member.name();
  }

  private boolean convicted(int slot, int self, long heard, long nowNanos) {
    int voters = 0;
    int against = 0;
    boolean healthy =
        Long.bitCount(doubts & heard) * 2 <= Long.bitCount(heard) - 1 || Long.bitCount(heard) <= 3;
    if (healthy) {
      voters++;
      against += (doubts & 1L << slot) != 0 ? 1 : 0;
    }
    for (int other = 0; other < observers.slots(); other++) {
      boolean counts = other != slot && other != self && (doubts & 1L << other) == 0;
      if (counts && observers.votesOn(other, slot, nowNanos, VOTE_FRESH_NANOS)) {
        voters++;
        against += observers.suspects(other, slot) ? 1 : 0;
      }
    }
    return voters > 0 && against * 100 >= voters * QUORUM_PERCENT;
  }

  private void tell(Members before, Members after, Facts facts, Effects out) {
    Optional<Page.Cell> cell = facts.charter().cell(facts.self().cell());
    for (Member member : cell.map(Page.Cell::members).orElse(java.util.List.of())) {
      Delivery.State state = state(after, member.slot());
      boolean known = (after.heard() & 1L << member.slot()) != 0;
      boolean news = (before.heard() & 1L << member.slot()) == 0;
      if (known && (news || state != state(before, member.slot()))) {
        long generation = observers.generation(member.slot());
        out.deliver(new Delivery.NodeState(path(member, facts), state, generation));
        healthNanos = Long.MIN_VALUE;
      }
    }
  }

  private static Delivery.State state(Members members, int slot) {
    if ((members.gone() & 1L << slot) != 0) {
      return Delivery.State.GONE;
    }
    return members.present(slot) ? Delivery.State.UP : Delivery.State.SUSPECT;
  }

  @Override
  public long nextWakeNanos(long nowNanos) {
    return nextNanos > nowNanos ? nextNanos : Long.MAX_VALUE;
  }

  /**
   * Votes ride in frames that leave anyway: always when a doubt is new or stands, else every eighth
   * frame.
   */
  @Override
  public Urgency urgency(LinkView link, Facts facts, long nowNanos) {
    if (!link.mate()) {
      return Urgency.NONE;
    }
    boolean due = framesUnsaid.get(link) == 0;
    return doubts != 0 || saidDoubts != 0 || due ? Urgency.IDLE : Urgency.NONE;
  }

  @Override
  public void fill(SectionWriter to, LinkView link, long frameId, Facts facts, long nowNanos) {
    int length = (64 - Long.numberOfLeadingZeros(members.heard() | doubts | 1) + 7) / 8;
    if (to.remaining() < 1 + 2 * length) {
      return;
    }
    var body = to.open(VOTES);
    body.u8(length);
    bits(body, doubts, length);
    bits(body, members.heard(), length);
    if (to.close()) {
      filled.put(frameId, doubts);
    }
  }

  @Override
  public void sent(LinkView link, long frameId, boolean left, long nowNanos) {
    Long said = filled.remove(frameId);
    if (left && link.mate()) {
      int before = framesUnsaid.get(link);
      framesUnsaid.set(link, said != null ? SAY_EVERY : Math.max(0, before - 1));
      saidDoubts = said != null ? said : saidDoubts;
    }
  }

  private static void bits(starling.wire.WireWriter to, long bits, int length) {
    for (int i = 0; i < length; i++) {
      to.u8((int) (bits >>> 8 * i));
    }
  }

  private static long bits(WireReader from, int length) throws MalformedException {
    long bits = 0;
    for (int i = 0; i < length; i++) {
      bits |= (long) from.u8() << 8 * i;
    }
    return bits;
  }
}
