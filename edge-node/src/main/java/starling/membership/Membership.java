package starling.membership;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import starling.engine.ByNeighbour;
import starling.engine.Effects;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Protocol;
import starling.engine.Section;
import starling.engine.SectionType;
import starling.engine.SectionWriter;
import starling.engine.UnderWay;
import starling.frame.FrameHeader;
import starling.link.LinkProfile;
import starling.model.Delivery;
import starling.model.Facts;
import starling.model.Member;
import starling.model.Members;
import starling.model.Page;
import starling.model.Reach;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/**
 * The membership protocol of a cell.
 *
 * <pre>
 * kind 0, VOTES   length 1 | suspects (length) | hears (length) | weakly    bitmaps over slots, slot 0 in the low bit of the first byte
 * kind 1, CUT_OFF 1                                                 nobody is heard on the sender's uplink
 * kind 2, ALIVE   epoch 1 | length 1 | alive (length) | rest        whom the sender knows to live in that epoch; who else did in the one before
 * </pre>
 *
 * <p>A frame to a mate without the first says that its sender doubts nobody; one by radio without
 * the second, that its sender's uplink works, if it has one. This node goes by its own word once
 * that is said, so that all change who speaks when at once.
 *
 * <p>A member is <em>doubted</em> by one observer after three broken promises, and while it breaks
 * them more often than others. It is <em>suspect</em> once 65 % of the voters doubt it (the high
 * watermark), until fewer than half do (the low one). Voters are those whose word is recent, who
 * used to hear it, and who don't doubt most of those who are heard here: a deaf node has no vote.
 * Verdicts take a turnout of more than a third, and new ones as many doubts; one who hears fewer
 * than that doubts itself, and goes by its own ears after fifty broken promises only. A suspect is
 * <em>gone</em> after as many, if most of the cell votes: nobody can tell a crash from a sender
 * that is unheard by all for a while, nor which half of a cell that fell apart is the lost one.
 *
 * <p>In large cells on an addressed medium nobody votes: whom nobody heard of for four epochs is
 * suspect ({@link Heartbeats}), unless this node hears of too few to judge.
 *
 * <p>Being heard again takes effect at once, and costs nothing but that others keep its duties
 * while it is on probation. Time that this node itself stood still is nobody's broken promise.
 * (Rapid's tally of distinct observers between two watermarks, USENIX ATC 2018; Lifeguard's
 * own-health doubt, DSN 2018.)
 */
public final class Membership implements Protocol {
  private static final int VOTES = 0;
  private static final int CUT_OFF = 1;
  private static final int ALIVE = 2;
  static final int BROKEN_DOUBTED = 3;
  private static final int BROKEN_GONE = 50;
  private static final int SAY_EVERY = 8;
  private static final int SAY_EVERY_WITH_GAPS = 4;
  private static final long STOOD_STILL_NANOS = 2_000_000_000L;
  private static final long HEALTH_EVERY_NANOS = 60_000_000_000L;
  private static final int NOBODY = -1;
  private static final int LISTEN_PROMISES = 2; // until it is clear who is out of reach

  private final Observers observers = new Observers();
  private final Uplink uplink = new Uplink();
  private @Nullable UnderWay<Integer> filled; // the kinds said, as bits
  private final ByNeighbour framesUnsaid = new ByNeighbour(); // frames without votes, counted down
  private @Nullable Heartbeats beats; // in a large cell whose mates are spoken to one by one
  private Members members = Members.NONE;
  private long doubts;
  private long weak; // whom it does not hear well enough to count on
  private Reach reach = Reach.ALL;
  private int self;
  private int unread = NOBODY; // whose frame may say more
  private int connected = NOBODY; // whose frame may say otherwise
  private boolean cutOff; // as others should know
  private boolean byRadio; // whether mates are heard so
  private long heardNanos; // since when they are
  private long promisedNanos; // within what time they speak again
  private boolean news = true; // since the last judgement: at first, that this node is here
  private long nextNanos = Long.MAX_VALUE; // when there may be some without anybody's word
  private long healthNanos = Long.MIN_VALUE;

  @Override
  public SectionType type() {
    return SectionType.MEMBERSHIP;
  }

  @Override
  public Share share() {
    return new Share(2 * SectionWriter.HEADER_BYTES + 1 + 1 + 2 * Long.BYTES);
  }

  @Override
  public void on(Event event, Facts facts, Effects out, long nowNanos) {
    uplink.begins(nowNanos);
    self = facts.self().slot();
    switch (event) {
      case Event.Heard heard -> {
        stir(nowNanos);
        if (!heard.link().profile().broadcast()) {
          news |= uplink.heard(heard.header().nextSpeak(), nowNanos);
        }
        if (heard.header().cell() == facts.self().cell()
            && heard.header().slot() < Member.SLOTS_MAX) {
          hear(heard, facts, out, nowNanos);
        }
        judgeIfNeedBe(facts, out, nowNanos);
      }
      case Event.Linked(LinkProfile medium, boolean up) when !medium.broadcast() -> {
        uplink.turned(up, nowNanos);
        news = true;
        judgeIfNeedBe(facts, out, nowNanos);
      }
      case Event.Woke() -> {
        stir(nowNanos);
        judgeIfNeedBe(facts, out, nowNanos);
      }
      default -> {}
    }
  }

  /** Another frame, or none for a while: the last one has said all; or this node slept. */
  private void stir(long nowNanos) {
    if (unread != NOBODY) {
      news |= observers.saysNothing(unread);
      unread = NOBODY;
    }
    if (connected != NOBODY) {
      news |= observers.saysCutOff(connected, false);
      connected = NOBODY;
    }
    if (nextNanos != Long.MAX_VALUE && nowNanos - nextNanos > STOOD_STILL_NANOS) {
      uplink.excuse(nowNanos - nextNanos);
      observers.excuse(nowNanos - nextNanos);
      beats = null;
    }
  }

  private void hear(Event.Heard heard, Facts facts, Effects out, long nowNanos) {
    int slot = heard.header().slot();
    long asleep = observers.asleep();
    if (beats == null) {
      observers.note(slot, heard.link().profile().broadcast(), nowNanos);
    }
    boolean reborn =
        observers.heard(
            slot,
            heard.generation(),
            heard.header().counter(),
            heard.link().profile().broadcast(),
            heard.header().nextSpeak(),
            heard.link().profile().broadcast() ? aired(facts) : 0,
            nowNanos);
    beat(heard.link(), facts, nowNanos);
    if (beats != null) {
      news |= beats.lives(beats.number(), 1L << slot);
    }
    unread = slot;
    if (heard.link().profile().broadcast()) {
      heardNanos = byRadio ? heardNanos : nowNanos;
      promisedNanos = byRadio ? promisedNanos : 1_000_000_000L << heard.header().nextSpeak();
      byRadio = true;
    }
    connected = heard.link().profile().broadcast() ? slot : NOBODY;
    news |= reborn || ((doubts | ~members.heard()) & 1L << slot) != 0;
    news |= observers.asleep() != asleep || observers.isUnreliable(slot, false);
    if (reborn && members.present(slot)) { // News, though nobody missed it meanwhile.
      long others = members.heard() & ~(1L << slot);
      tell(
          new Members(others, members.suspect(), members.gone(), 0, 0, 0, 0, 0),
          members,
          facts,
          out);
    }
  }

  /** Within 2^x seconds all promise to speak again on a shared medium: one and a half windows. */
  private static int aired(Facts facts) {
    long windowMillis = facts.charter().site().map(Page.Site::windowMillis).orElse(0L);
    return FrameHeader.promise(3 * (windowMillis << facts.pace().exponent()) / 2);
  }

  /** Goes by epochs in a large cell on an addressed medium, once time is known. */
  private void beat(LinkView mate, Facts facts, long nowNanos) {
    boolean large =
        facts.time().known()
            && facts.charter().cell(facts.self().cell()).filter(Heartbeats::serve).isPresent();
    if (!large) {
      beats = null;
    } else if (beats == null) {
      beats = new Heartbeats(mate.profile());
      observers.forgetWords();
      framesUnsaid.clear();
    }
    turn(facts, nowNanos);
  }

  private void turn(Facts facts, long nowNanos) {
    long others = observers.everHeard() & ~observers.asleep();
    if (beats != null && beats.turn(facts.time().millis(nowNanos), self, others)) {
      news = true;
    }
  }

  @Override
  public void read(Section section, Facts facts, Effects out, long nowNanos)
      throws MalformedException {
    int slot = section.frame().header().slot();
    boolean mate =
        section.frame().header().cell() == facts.self().cell() && slot < Member.SLOTS_MAX;
    switch (section.kind()) {
      case VOTES -> readVotes(section.body(), slot, mate);
      case CUT_OFF -> readCutOff(section.body(), slot, mate);
      case ALIVE -> readAlive(section.body(), mate);
      default -> {
        return; // a later version's
      }
    }
    judgeIfNeedBe(facts, out, nowNanos);
  }

  private void readVotes(WireReader body, int slot, boolean mate) throws MalformedException {
    int length = body.u8();
    if (length > Long.BYTES) {
      throw new MalformedException("a cell has at most 64 slots");
    }
    long suspects = bits(body, length);
    long hears = bits(body, length);
    long weakly = bits(body, Math.min(length, body.remaining()));
    body.end();
    if (mate && beats == null) {
      unread = NOBODY;
      news |= observers.says(slot, suspects, hears);
      news |= observers.hearsWeakly(slot, weakly);
    }
  }

  private void readCutOff(WireReader body, int slot, boolean mate) throws MalformedException {
    boolean cutOff = body.u8() != 0;
    body.end();
    if (mate && connected == slot) {
      connected = NOBODY;
      news |= observers.saysCutOff(slot, cutOff);
    }
  }

  private void readAlive(WireReader body, boolean mate) throws MalformedException {
    int number = body.u8();
    int length = body.u8();
    if (length > Long.BYTES) {
      throw new MalformedException("a cell has at most 64 slots");
    }
    long alive = bits(body, length);
    long before = bits(body, Math.min(Long.BYTES, body.remaining()));
    body.end();
    if (mate && beats != null) {
      news |= beats.lives(number, alive);
      news |= beats.lives(number - 1, before);
    }
  }

  private void judgeIfNeedBe(Facts facts, Effects out, long nowNanos) {
    if (news || nowNanos >= nextNanos) {
      news = false;
      judge(facts, out, nowNanos);
    }
    if (nowNanos >= healthNanos && facts.time().known()) {
      healthNanos = nowNanos + HEALTH_EVERY_NANOS;
      tellHealth(facts, out, nowNanos);
    }
  }

  private void judge(Facts facts, Effects out, long nowNanos) {
    turn(facts, nowNanos);
    long heard = observers.everHeard() | 1L << self;
    long silent = listen(self, heard, nowNanos);
    Tally.Verdict byWord = beats == null ? null : byWord(beats, heard, facts, nowNanos);
    Tally tally = new Tally(observers, members, self, heard, doubts);
    Tally.Verdict verdict = byWord == null ? tally.verdict(nowNanos) : byWord;
    long convicted = verdict.convicted();
    long unjudged = verdict.unjudged() & doubts;
    long voters = verdict.voters();
    boolean most = Long.bitCount(voters) * 2 > Long.bitCount(heard);
    long suspect = convicted | unjudged & (silent | members.suspect());
    long gone = (most ? silent & convicted : 0) | (convicted | unjudged) & members.gone();
    cutOff = isCutOff(facts, nowNanos);
    Members next =
        new Members(
            heard,
            suspect,
            gone,
            unsteady(suspect, nowNanos),
            observers.cutOff(),
            observers.asleep(),
            tally.deaf() | (byRadio ? tally.faint(voters) : 0),
            loss(self));
    if (byRadio && next.heard() != members.heard()) {
      framesUnsaid.clear(); // others want to know soon who is heard by whom
    }
    if (byRadio) {
      reach(next, out, nowNanos);
    }
    if (!next.equals(members)) {
      tell(members, next, facts, out);
      members = out.shared(next); // mates mostly see the same
      out.publish(members);
    }
  }

  /** Who hears whom on a radio. */
  private void reach(Members next, Effects out, long nowNanos) {
    long others = next.heard() & ~(1L << self);
    weak = observers.weak(self, others, weak, nowNanos);
    boolean listened = nowNanos - heardNanos >= LISTEN_PROMISES * promisedNanos;
    Reach found =
        listened ? observers.reach(self, others & ~weak, doubts, next.suspect()) : Reach.ALL;
    if (!found.equals(reach)) {
      reach = out.shared(found);
      out.publish(reach);
    }
  }

  /** Goes by whom nobody heard of, now or time and again. */
  private Tally.Verdict byWord(Heartbeats beats, long heard, Facts facts, long nowNanos) {
    long unreliable = beats.unreliable(members.suspect());
    doubts = unreliable | beats.silent(beats.listened() ? heard : heard & members.suspect());
    for (long left = doubts & observers.asleep(); left != 0; left &= left - 1) {
      int slot = Long.numberOfTrailingZeros(left);
      doubts &= observers.brokenPromises(slot, nowNanos) == 0 ? ~(1L << slot) : -1;
    }
    long dueNanos = facts.time().nanosAt(beats.dueMillis());
    boolean later = nowNanos >= dueNanos;
    nextNanos = Math.min(nextNanos, later ? facts.time().nanosAt(beats.endMillis()) : dueNanos);
    int tellers = observers.heardWithin(beats.judgedNanos(), nowNanos);
    boolean enough = beats.heard(tellers);
    return new Tally.Verdict(enough ? doubts : 0, enough ? 0 : doubts, beats.recent());
  }

  /**
   * Whether this node is of use to a radio cell as one of its uplinks, but cut off from it, and
   * another one may do better: one that keeps its promises, and has a word from outside or the
   * smaller slot.
   */
  private boolean isCutOff(Facts facts, long nowNanos) {
    Optional<Page.Cell> cell = facts.charter().cell(facts.self().cell());
    boolean uplinked =
        cell.isPresent()
            && cell.get().medium() == Page.Medium.BROADCAST
            && cell.get().member(facts.self().slot()).filter(Member::uplink).isPresent();
    if (uplinked) {
      nextNanos = Math.min(nextNanos, uplink.nextNanos(nowNanos));
    }
    return uplinked
        && uplink.isCutOff(nowNanos)
        && cell.get().members().stream().anyMatch(mate -> replaces(mate, nowNanos));
  }

  private boolean replaces(Member mate, long nowNanos) {
    long bit = 1L << mate.slot();
    return mate.uplink()
        && mate.slot() != self
        && (observers.everHeard() & bit) != 0
        && observers.brokenPromises(mate.slot(), nowNanos) == 0
        && ((observers.cutOff() & bit) == 0 || mate.slot() < self);
  }

  /** Notes whom this node doubts; answers who has been silent for so long that it may be gone. */
  private long listen(int self, long heard, long nowNanos) {
    long silent = 0;
    long before = doubts;
    observers.tolerate();
    doubts = 0;
    nextNanos = Long.MAX_VALUE;
    for (long left = heard & ~(1L << self); left != 0; left &= left - 1) {
      int slot = Long.numberOfTrailingZeros(left);
      long broken = observers.brokenPromises(slot, nowNanos);
      boolean unreliable = observers.isUnreliable(slot, (before & 1L << slot) != 0);
      doubts |= broken >= BROKEN_DOUBTED || unreliable ? 1L << slot : 0;
      silent |= broken >= BROKEN_GONE ? 1L << slot : 0;
      nextNanos = Math.min(nextNanos, observers.nextBreakNanos(slot, nowNanos));
    }
    return silent;
  }

  /** Who came back from being suspect and is on probation. */
  private long unsteady(long suspect, long nowNanos) {
    for (long left = members.suspect() & ~suspect; left != 0; left &= left - 1) {
      int slot = Long.numberOfTrailingZeros(left);
      if (beats == null) {
        observers.returned(slot, nowNanos);
      } else {
        observers.returned(slot, beats.epochNanos(), nowNanos);
      }
    }
    long unsteady = 0;
    for (int slot = 0; slot < observers.slots(); slot++) {
      long untilNanos = observers.steadyNanos(slot);
      if (untilNanos > nowNanos && untilNanos != 0) {
        unsteady |= 1L << slot;
        nextNanos = Math.min(nextNanos, untilNanos);
      }
    }
    return unsteady;
  }

  /** How much of what mates sent was lost here, in steps of 50 permille. */
  private int loss(int self) {
    double loss = 0;
    int mates = 0;
    for (long left = observers.everHeard() & ~(1L << self); left != 0; left &= left - 1) {
      loss += observers.loss(Long.numberOfTrailingZeros(left));
      mates++;
    }
    return (int) Math.round(loss / Math.max(1, mates) * 20) * 50;
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

  @Override
  public int changes() {
    return beats == null ? 0 : beats.next(mates(), self); // votes are no news
  }

  /**
   * All rides in frames that leave anyway: votes always while a doubt stands, by radio once
   * somebody new was heard, else in every eighth frame; that this node is cut off in each one by
   * radio.
   */
  @Override
  public Urgency urgency(LinkView link, Facts facts, long nowNanos) {
    if (!link.mate()) {
      return Urgency.NONE;
    }
    if (beats != null && mustTell(beats, link.to().slot(), facts, nowNanos)) {
      return Urgency.PRESSING; // who has more to say elsewhere would be missed here
    }
    return votes(link) || isCutOff(link) || beats != null ? Urgency.IDLE : Urgency.NONE;
  }

  private boolean mustTell(Heartbeats beats, int slot, Facts facts, long nowNanos) {
    return nowNanos >= facts.time().nanosAt(beats.dueMillis()) && beats.next(mates(), self) == slot;
  }

  private long mates() {
    return members.heard() & ~members.suspect() & ~(1L << self);
  }

  private boolean votes(LinkView link) {
    return beats == null && (doubts != 0 || framesUnsaid.get(link) == 0);
  }

  private boolean isCutOff(LinkView link) {
    return cutOff && link.profile().broadcast();
  }

  @Override
  public void fill(SectionWriter to, LinkView link, long frameId, Facts facts, long nowNanos) {
    int said = votes(link) && fillVotes(to) ? 1 << VOTES : 0;
    if (isCutOff(link)) {
      to.open(CUT_OFF).u8(1);
      said |= to.close() ? 1 << CUT_OFF : 0;
    }
    if (beats != null) {
      fillAlive(to, beats);
    }
    if (said != 0) {
      filled = UnderWay.with(frameId, said, filled);
    }
  }

  private static void fillAlive(SectionWriter to, Heartbeats beats) {
    long before = beats.recent() & ~beats.alive();
    int length = bytes(beats.alive());
    if (to.remaining() >= 2 + length + bytes(before)) {
      var body = to.open(ALIVE).u8(beats.number()).u8(length);
      bits(body, beats.alive(), length);
      bits(body, before, bytes(before));
      to.close();
    }
  }

  private boolean fillVotes(SectionWriter to) {
    int length = bytes(members.heard() | doubts | 1);
    if (to.remaining() < 1 + 2 * length) {
      return false;
    }
    var body = to.open(VOTES);
    body.u8(length);
    bits(body, doubts, length);
    bits(body, members.heard(), length);
    if (bytes(weak) <= body.remaining()) {
      bits(body, weak, bytes(weak));
    }
    return to.close();
  }

  @Override
  public void sent(LinkView link, long frameId, boolean left, long nowNanos) {
    Integer kinds = UnderWay.find(frameId, filled);
    filled = UnderWay.without(frameId, filled);
    int said = kinds == null ? 0 : kinds;
    if (left && link.mate()) {
      if (beats != null) {
        beats.tells(link.to().slot());
      }
      int before = framesUnsaid.get(link);
      boolean votes = (said & 1 << VOTES) != 0;
      news |= votes ? observers.says(self, doubts, members.heard()) : observers.saysNothing(self);
      framesUnsaid.set(link, votes ? sayEvery() : Math.max(0, before - 1));
      if (link.profile().broadcast() && observers.saysCutOff(self, (said & 1 << CUT_OFF) != 0)) {
        news = true;
        nextNanos = nowNanos + 1;
      }
    }
  }

  private int sayEvery() {
    return reach.all() ? SAY_EVERY : SAY_EVERY_WITH_GAPS;
  }

  private static int bytes(long bits) {
    return (64 - Long.numberOfLeadingZeros(bits) + 7) / 8;
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
