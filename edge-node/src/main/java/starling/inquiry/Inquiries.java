package starling.inquiry;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import starling.engine.Effects;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Local;
import starling.engine.Protocol;
import starling.engine.RowSource;
import starling.engine.Section;
import starling.engine.SectionType;
import starling.engine.SectionWriter;
import starling.engine.UnderWay;
import starling.link.Address;
import starling.link.LinkProfile;
import starling.model.Delivery;
import starling.model.Facts;
import starling.model.Page;
import starling.query.Nearest;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * The rows inside any zone, for whoever asks. A node keeps the rows of its own path alone; a
 * question for others goes up through the asker's cell and down, contact by contact, until one who
 * represents the zone has it, and each node on the way answers whom it was asked by as soon as it
 * can. So nobody needs to know who asked first, two who ask the same cost one question, and what is
 * lost is asked for again by the neighbour who lacks it.
 *
 * <p>Soft state: {@value #QUESTS_MAX} questions, each for as long as somebody asks for it. What
 * does not fit is not answered; the asker tries another representative.
 */
public final class Inquiries implements Protocol {

  /** The most questions under way. */
  static final int QUESTS_MAX = 8;

  /** The most of these for one node, on whatever links it asks, and the most that wait for one. */
  static final int EACH_MAX = 4;

  /** The most of this node's owner. */
  static final int OWN_MAX = 16;

  /** For how long what one asked answers others. */
  private static final long FRESH_NANOS = 5_000_000_000L;

  private static final int GUARANTEED_BYTES = LinkProfile.MTU_MIN_BYTES - 16;
  private static final int PART_MIN_BYTES = 16;
  private static final int BODY_MAX_BYTES = 255;
  private static final int SLOT_BYTES = 1;

  private final RowSource source;
  private final Tempo tempo;
  private @Nullable UnderWay<List<LongConsumer>> filled;
  private List<Quest> quests = List.of();
  private int asked;
  private int lastId;

  /**
   * The inquiries of one node.
   *
   * @param source what this node itself knows of zones
   * @param links its media
   */
  public Inquiries(RowSource source, List<LinkProfile> links) {
    this.source = source;
    this.tempo = new Tempo(links);
  }

  @Override
  public SectionType type() {
    return SectionType.INQUIRY;
  }

  @Override
  public Share share() {
    return new Share(GUARANTEED_BYTES);
  }

  // ---- the owner asks

  @Override
  public void on(Event event, Facts facts, Effects out, long nowNanos) {
    if (event instanceof Event.Said(Local.Inquiry inquiry)) {
      ask(inquiry, facts, nowNanos).ifPresent(out::deliver);
    }
    if (!quests.isEmpty()) {
      step(facts, out, nowNanos);
    }
  }

  /** Begins to find out; answers why it does not. */
  private Optional<Delivery> ask(Local.Inquiry inquiry, Facts facts, long nowNanos) {
    Optional<Page.Site> site = facts.charter().site();
    if (site.isEmpty() || facts.charter().cell(facts.self().cell()).isEmpty()) {
      return failed(inquiry, Delivery.Outcome.UNREADY, "this node has no place in the charter");
    }
    List<Page.StandingQuery> queries = site.get().queries();
    List<String> names = queries.stream().map(Page.StandingQuery::name).toList();
    int place = names.indexOf(inquiry.query());
    if (place < 0 && !inquiry.query().isEmpty()) {
      String others = String.join(", ", names) + Nearest.hint(inquiry.query(), names);
      String fault = "there is no query " + inquiry.query() + ", but " + others;
      return failed(inquiry, Delivery.Outcome.UNKNOWN, fault);
    }
    int query = place < 0 ? RowSource.ALL : queries.get(place).number();
    Question question = Question.of(inquiry.zone(), query, facts.charter()).orElse(null);
    if (question == null) {
      String begin = "paths of this site begin with /" + site.get().site();
      String fault = "there is no zone " + inquiry.zone() + ": " + begin;
      return failed(inquiry, Delivery.Outcome.UNKNOWN, fault);
    }
    if (quests.stream().mapToInt(quest -> quest.owners.size()).sum() >= OWN_MAX) {
      String fault =
          "busy: " + OWN_MAX + " inquiries are under way; ask again when one is answered";
      return failed(inquiry, Delivery.Outcome.BUSY, fault);
    }
    Quest quest = seek(question, null, facts, nowNanos);
    if (quest == null) {
      String fault =
          "busy: this node passes on " + QUESTS_MAX + " inquiries of others; ask again soon";
      return failed(inquiry, Delivery.Outcome.BUSY, fault);
    }
    long deadline = nowNanos + inquiry.patienceMillis() * 1_000_000;
    quest.owners.add(
        new Quest.Owner(inquiry.id(), inquiry.zone(), inquiry.patienceMillis(), deadline));
    return Optional.empty();
  }

  private static Optional<Delivery> failed(
      Local.Inquiry inquiry, Delivery.Outcome outcome, String fault) {
    return Optional.of(Delivery.Inquired.failed(inquiry.id(), inquiry.zone(), outcome, fault));
  }

  /** The quest for a question: one that is under way, or a new one; null if there is no room. */
  private @Nullable Quest seek(
      Question question, @Nullable Peer asker, Facts facts, long nowNanos) {
    Question.Step step = question.follow(facts);
    Question next =
        switch (step) {
          case Question.Step.Here(int zone) -> question.at(zone);
          case Question.Step.Below(Page.Child _, Question rest) -> rest;
          case Question.Step.Nowhere _, Question.Step.Unknown _ -> question;
        };
    for (Quest quest : quests) {
      boolean fresh = !quest.copy.complete() || nowNanos - quest.bornNanos < FRESH_NANOS;
      if (quest.question.asksFor(next) && fresh && quest.askers.size() < EACH_MAX) {
        return quest;
      }
    }
    Copy copy =
        switch (step) {
          case Question.Step.Here(int zone) ->
              source
                  .rows(zone, question.query(), facts, nowNanos)
                  .map(Copy::new)
                  .orElse(new Copy());
          case Question.Step.Nowhere(int zone) -> new Copy(source.names(zone, facts));
          case Question.Step.Below _, Question.Step.Unknown _ -> new Copy();
        };
    boolean hopeless = next.hops() < 0 || step instanceof Question.Step.Unknown;
    if (hopeless && !copy.complete()) {
      return null;
    }
    return begin(new Quest(next, ++lastId & 0xFF, copy, nowNanos), asker);
  }

  private @Nullable Quest begin(Quest quest, @Nullable Peer asker) {
    if (quests.size() >= QUESTS_MAX + (asker == null ? OWN_MAX : 0)) {
      Quest least =
          quests.stream()
              .filter(Quest::idle)
              .min(Comparator.comparingLong(one -> one.bornNanos))
              .orElse(asker == null ? null : yields(asker.address()));
      if (least == null) {
        return null;
      }
      quests.remove(least);
    }
    if (quests.isEmpty()) {
      quests = new ArrayList<>(1);
    }
    quests.add(quest);
    return quest;
  }

  /**
   * What makes room for one who asks: the last that whoever has most places asked for alone, if it
   * is left with as many. Null if all have their share.
   */
  private @Nullable Quest yields(Address asker) {
    int most = places(asker) + 1;
    Quest yields = null;
    for (Quest quest : quests) {
      Address only = quest.onlyAsker();
      int places = only == null ? 0 : places(only);
      boolean younger = yields != null && places == most && quest.bornNanos >= yields.bornNanos;
      if (places > most || younger) {
        most = places;
        yields = quest;
      }
    }
    return yields;
  }

  /** How many questions a node waits for here. */
  private int places(Address asker) {
    int places = 0;
    for (Quest quest : quests) {
      places += quest.owesTo(asker) ? 1 : 0;
    }
    return places;
  }

  // ---- others do

  @Override
  public void read(Section section, Facts facts, Effects out, long nowNanos)
      throws MalformedException {
    LinkView link = section.frame().link();
    WireReader body = section.body();
    if (link.profile().broadcast()) {
      boolean ours = body.u8() == facts.self().slot() && link.mate();
      if (!ours) {
        body.slice(body.remaining());
        return;
      }
    }
    Address from = new Address(section.frame().header().cell(), section.frame().header().slot());
    Peer peer = new Peer(link.link(), from);
    switch (Message.read(section.kind(), body)) {
      case Message.Ask ask -> heard(ask, peer, facts, nowNanos);
      case Message.Tell tell -> heard(tell, peer, facts, nowNanos);
      case Message.Wait wait ->
          quest(wait.id(), peer)
              .ifPresent(
                  quest -> quest.heardWait(nowNanos + tempo.patienceNanos(peer.link(), facts)));
    }
    step(facts, out, nowNanos);
  }

  private void heard(Message.Ask ask, Peer peer, Facts facts, long nowNanos) {
    long untilNanos = nowNanos + tempo.lifeNanos(peer.link(), facts);
    for (Quest quest : quests) {
      Asker asker = quest.asker(peer, ask.id());
      if (asker != null && asker.question.asksFor(ask.question())) {
        asker.wants(ask, quest.copy, untilNanos);
        return;
      }
      if (asker != null) {
        quest.askers.remove(asker); // the number means another question now
      }
    }
    boolean more = places(peer.address()) < EACH_MAX;
    Quest quest = more ? seek(ask.question(), peer, facts, nowNanos) : null;
    if (quest != null && !peer.equals(quest.hop())) { // who is asked can't be told
      quest.askers.removeIf(one -> one.peer.equals(peer)); // it asks anew
      Asker asker = new Asker(peer, ask.id(), ask.question());
      asker.wants(ask, quest.copy, untilNanos);
      quest.askers.add(asker);
    }
  }

  private void heard(Message.Tell tell, Peer peer, Facts facts, long nowNanos) {
    Quest quest = quest(tell.id(), peer).orElse(null);
    if (quest == null || quest.copy.complete()) {
      return;
    }
    quest.copy.take(tell);
    boolean last = tell.offset() + tell.part().length == tell.total();
    long roundNanos = tempo.profile(peer.link()).roundMillis() * 1_000_000;
    quest.heardPart(nowNanos + (last ? roundNanos : tempo.patienceNanos(peer.link(), facts)));
  }

  /** What was asked of this neighbour under a number. */
  private Optional<Quest> quest(int id, Peer peer) {
    return quests.stream().filter(one -> one.id == id && peer.equals(one.hop())).findFirst();
  }

  // ---- what follows

  private void step(Facts facts, Effects out, long nowNanos) {
    for (Quest quest : List.copyOf(quests)) {
      quest.askers.removeIf(asker -> asker.untilNanos <= nowNanos);
      if (quest.copy.complete()) {
        quest.owners.forEach(owner -> out.deliver(answer(quest, owner, facts, nowNanos)));
        quest.owners.clear();
      } else {
        quest.aim(Hops.towards(quest.question, tempo.links(), facts), nowNanos);
        expire(quest, out, nowNanos);
      }
      if (!quest.wanted()) {
        quests.remove(quest);
      }
    }
    quests = quests.isEmpty() ? List.of() : quests;
  }

  private static void expire(Quest quest, Effects out, long nowNanos) {
    for (Quest.Owner owner : List.copyOf(quest.owners)) {
      if (owner.deadlineNanos() <= nowNanos) {
        String fault =
            "nobody who represents "
                + owner.path()
                + " answered within "
                + owner.patienceMillis() / 1000
                + " s";
        out.deliver(
            Delivery.Inquired.failed(owner.id(), owner.path(), Delivery.Outcome.UNANSWERED, fault));
        quest.owners.remove(owner);
      }
    }
  }

  private Delivery.Inquired answer(Quest quest, Quest.Owner owner, Facts facts, long nowNanos) {
    try {
      return source.read(quest.copy.bytes(), owner.id(), owner.path(), facts, nowNanos);
    } catch (MalformedException e) {
      String fault = "the answer makes no sense here: " + e.getMessage() + "; ask again";
      return Delivery.Inquired.failed(owner.id(), owner.path(), Delivery.Outcome.UNREADY, fault);
    }
  }

  @Override
  public long nextWakeNanos(long nowNanos) {
    long next = Long.MAX_VALUE;
    for (Quest quest : quests) {
      next = sooner(quest.dueNanos(), next, nowNanos);
      Peer hop = quest.hop();
      next = hop == null ? next : sooner(tempo.notBeforeNanos(hop.link()), next, nowNanos);
      for (Asker asker : quest.askers) {
        next = sooner(asker.untilNanos, next, nowNanos);
        next = sooner(tempo.notBeforeNanos(asker.peer.link()), next, nowNanos);
      }
      for (Quest.Owner owner : quest.owners) {
        next = sooner(owner.deadlineNanos(), next, nowNanos);
      }
    }
    return next;
  }

  private static long sooner(long nanos, long next, long nowNanos) {
    return nanos > nowNanos ? Math.min(nanos, next) : next;
  }

  // ---- speaking

  @Override
  public int changes() {
    return quests.isEmpty() ? 0 : ++asked; // whose turn it is goes by the time
  }

  @Override
  public Urgency urgency(LinkView link, Facts facts, long nowNanos) {
    for (Quest quest : quests) {
      if (!tempo.busy(link.link()) && says(quest, link, nowNanos)) {
        return tempo.mayLead(link.link(), nowNanos) ? Urgency.NORMAL : Urgency.IDLE;
      }
    }
    return Urgency.NONE;
  }

  private static boolean says(Quest quest, LinkView link, long nowNanos) {
    Peer hop = quest.hopNow(nowNanos);
    if (hop != null && hop.hears(link)) {
      return true;
    }
    for (Asker asker : quest.askers) {
      if (asker.peer.hears(link) && quest.owes(asker)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public List<LinkView> guests(Facts facts, long nowNanos) {
    if (quests.isEmpty()) {
      return List.of();
    }
    List<LinkView> guests = new ArrayList<>();
    for (Quest quest : quests) {
      Peer hop = quest.hopNow(nowNanos);
      if (hop != null) {
        invite(hop, guests, nowNanos);
      }
      for (Asker asker : quest.askers) {
        if (quest.owes(asker)) {
          invite(asker.peer, guests, nowNanos);
        }
      }
    }
    return guests;
  }

  private void invite(Peer peer, List<LinkView> guests, long nowNanos) {
    LinkProfile profile = tempo.profile(peer.link());
    LinkView guest = LinkView.guest(peer.link(), profile, peer.address());
    boolean room = guests.size() < GUESTS_MAX && !guests.contains(guest);
    if (!profile.broadcast() && room && tempo.mayLead(peer.link(), nowNanos)) {
      guests.add(guest);
    }
  }

  @Override
  public void fill(SectionWriter to, LinkView link, long frameId, Facts facts, long nowNanos) {
    List<LongConsumer> commits = new ArrayList<>();
    int before = to.remaining();
    for (Quest quest : quests) {
      Peer hop = quest.hopNow(nowNanos);
      if (hop != null && hop.hears(link)) {
        Message ask =
            new Message.Ask(quest.id, quest.question, quest.copy.stamp(), quest.copy.gaps());
        if (write(to, Message.ASK, hop, link, ask)) {
          commits.add(now -> quest.asked(now + tempo.patienceNanos(hop.link(), facts)));
        }
      }
    }
    for (Quest quest : quests) {
      for (Asker asker : quest.askers) {
        if (asker.peer.hears(link)) {
          fillAnswer(to, link, asker, quest, commits);
        }
      }
    }
    if (!commits.isEmpty()) {
      int bytes = before - to.remaining();
      commits.add(now -> tempo.spent(link.link(), bytes, facts, now));
      commits.add(_ -> rotate());
      tempo.begin(link.link());
      filled = UnderWay.with(frameId, commits, filled);
    }
  }

  private static void fillAnswer(
      SectionWriter to, LinkView link, Asker asker, Quest quest, List<LongConsumer> commits) {
    if (asker.waits
        && !quest.copy.complete()
        && write(to, Message.WAIT, asker.peer, link, new Message.Wait(asker.id))) {
      commits.add(_ -> asker.waits = false);
    }
    BitSet unsaid = (BitSet) asker.wanted.clone();
    Message.Tell tell = part(to, asker, unsaid, quest.copy);
    while (tell != null && write(to, Message.TELL, asker.peer, link, tell)) {
      int from = tell.offset();
      int until = from + tell.part().length;
      unsaid.clear(from, until);
      commits.add(_ -> asker.wanted.clear(from, until));
      tell = part(to, asker, unsaid, quest.copy);
    }
  }

  /** What to tell next in the room that is left; nothing if that would be a splinter. */
  private static Message.@Nullable Tell part(
      SectionWriter to, Asker asker, BitSet unsaid, Copy copy) {
    int room = Math.min(to.remaining(), BODY_MAX_BYTES) - SLOT_BYTES - Message.TELL_HEADER_BYTES;
    Message.Tell tell = copy.part(asker.id, unsaid, room);
    boolean splinter = room < PART_MIN_BYTES && tell != null && tell.part().length == room;
    return splinter ? null : tell;
  }

  private static boolean write(
      SectionWriter to, int kind, Peer peer, LinkView link, Message message) {
    WireWriter body = to.open(kind);
    if (link.profile().broadcast()) {
      body.u8(peer.address().slot());
    }
    message.write(body);
    return to.close();
  }

  private void rotate() {
    if (quests.size() > 1) {
      quests.add(quests.removeFirst());
    }
  }

  @Override
  public void sent(LinkView link, long frameId, boolean left, long nowNanos) {
    List<LongConsumer> commits = UnderWay.find(frameId, filled);
    filled = UnderWay.without(frameId, filled);
    if (commits != null) {
      tempo.end(link.link());
    }
    if (commits != null && left) {
      commits.forEach(commit -> commit.accept(nowNanos));
    }
  }
}
