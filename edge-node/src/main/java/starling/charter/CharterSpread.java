package starling.charter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import starling.engine.ByNeighbour;
import starling.engine.Effects;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Local;
import starling.engine.Protocol;
import starling.engine.Section;
import starling.engine.SectionType;
import starling.engine.SectionWriter;
import starling.engine.UnderWay;
import starling.link.LinkProfile;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Facts;
import starling.model.Page;
import starling.wire.Bytes;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/**
 * Spreads the charter: slow state.
 *
 * <pre>
 * kind 0, VERSION  version v                                       of the site page that I hold
 * kind 1, WANT     zone 2 | version v | before + 1 v | offset v    send me what leads from a version of it to that one, or to a later one, from there on
 * kind 2, CHUNK    zone 2 | version v | before + 1 v | total v | offset v | bytes
 * kind 3, OFFER    site version v | zone 2 | version v            I hold these; to a stranger who may lack them, and its answer
 * </pre>
 *
 * <p>Every frame's header carries four bits of the site page's version; as long as those agree
 * nothing is said. Where they differ, each says the version that it holds, on a broadcast medium
 * under a Trickle timer; there who is behind by those bits asks for the next version that has them
 * at once, since one who is not heard well can't make the other speak. Who is behind takes in the
 * site page; that one names the root zone's version, an inner page its children's, so a node that
 * has the site page knows which other pages it lacks, and asks for these one at a time. Whoever
 * holds a page answers, on a broadcast medium after a random wait unless another did; on an
 * addressed one part after part, unasked. Whoever still knows what has changed since the version
 * that the other holds says just that ({@link PageDelta}), else the whole. On a broadcast medium
 * what has changed of the site page goes along with the version, if it fits, so that nobody has to
 * ask; where not everybody hears everybody, as a {@link Wave}. A page counts only when the
 * operator's signature verifies.
 */
public final class CharterSpread implements Protocol {
  /** The kind of the sections that carry pages, or what leads to them, in parts. */
  public static final int CHUNK = Giving.CHUNK;

  private static final int VERSION = 0;
  private static final int WANT = 1;
  private static final int OFFER = 3;
  private static final int LOW_BITS = 15;
  private static final int ANSWER_ROUNDS = 8;
  private static final int ASK_ROUNDS = 8;
  private static final int ANSWER_ROUNDS_ADDRESSED = 2;
  private static final long ANSWER_NANOS = 2_000_000_000L;
  private static final int ASKS_AT_SOURCE = 3;
  private static final int ASKS_BROADCAST = 16;
  private static final int ASKS_ADDRESSED = 64;
  private static final int TELLS_WHILE_ANSWERING = 2;

  private final Operator operator;
  private final RandomGenerator random;
  private final Giving giving;
  private @Nullable Announcements announcements; // on a broadcast medium
  private Errands errands = Errands.NONE;
  private @Nullable LinkView addressed; // somebody on the medium on which strangers are reached
  private @Nullable UnderWay<List<Runnable>> filled;
  private @Nullable ByNeighbour known; // site page versions plus 1 of those who differ
  private long initial; // that of others: nobody needs to be told when all start alike
  private Charter charter;
  private @Nullable Intake intake;
  private int sourceKey = -1;
  private Rumour rumour = Rumour.NONE;
  private int changes;

  /**
   * The charter protocol of one node.
   *
   * @param operator whose signature counts
   * @param charter the pages already opened from the owner's files
   * @param signed the same pages as signed bytes, by zone
   */
  public CharterSpread(
      Operator operator, Charter charter, Map<Integer, byte[]> signed, RandomGenerator random) {
    this.operator = operator;
    this.random = random;
    this.charter = charter;
    this.giving = new Giving(signed);
  }

  /**
   * A charter with one durable page of an earlier life, if the operator signed it and it is newer.
   */
  public static Charter merge(Charter charter, byte[] signed, Operator operator) {
    try {
      return charter.with(PageCodec.open(signed, operator));
    } catch (MalformedException e) {
      return charter; // another operator's, from before this card was given to this site
    }
  }

  @Override
  public SectionType type() {
    return SectionType.CHARTER;
  }

  @Override
  public Share share() {
    return new Share(
        SectionWriter.HEADER_BYTES + Giving.CHUNK_HEADER_MAX_BYTES + Giving.CHUNK_MIN_BYTES);
  }

  @Override
  public void restore(long key, byte[] value) {
    Charter newest = merge(charter, value, operator);
    if (!newest.equals(charter)) {
      charter = newest;
      giving.restore((int) key, value);
    }
  }

  @Override
  public void on(Event event, Facts facts, Effects out, long nowNanos) {
    switch (event) {
      case Event.FactsChanged() -> {
        if (!facts.charter().equals(charter)) {
          out.publish(charter); // what restore() brought
        }
        initial = initial == 0 ? charter.version(Page.SITE) : initial;
        seek(facts, nowNanos);
      }
      case Event.Heard heard -> {
        addressed = heard.link().profile().broadcast() ? addressed : heard.link();
        compare(heard, facts, nowNanos);
      }
      case Event.Said(Local.SignedPage(byte[] bytes)) -> given(bytes, facts, out, nowNanos);
      case Event.Woke() -> {
        seek(facts, nowNanos);
        if (errands.turn(charter, facts.self().cell(), nowNanos)) {
          sourceKey = -1; // whoever that was, it may be out of reach now
        }
      }
      default -> {}
    }
  }

  private Errands errands() {
    errands = errands == Errands.NONE ? new Errands() : errands;
    return errands;
  }

  private Announcements announcements() {
    Announcements now = announcements == null ? new Announcements(giving, random) : announcements;
    announcements = now;
    return now;
  }

  private boolean crosses(Facts facts) {
    return announcements != null && announcements.crosses(facts);
  }

  private void compare(Event.Heard heard, Facts facts, long nowNanos) {
    int theirLow = heard.header().charterLow();
    LinkView link = heard.link();
    if (!link.profile().broadcast()) {
      if (link.bit() >= 0) {
        compare(theirLow, link, facts, nowNanos);
      }
    } else if (theirLow == charter.low()) {
      announcements().agrees(heard, facts, nowNanos);
    } else {
      boolean older = ahead(theirLow);
      if (!older) {
        infer(theirLow, link, facts, nowNanos);
      }
      changes += announcements().differs(heard, older, facts, nowNanos) ? 1 : 0;
    }
  }

  /** What a neighbour has follows from the bits in each of its frames, if it is close to ours. */
  private void compare(int theirLow, LinkView link, Facts facts, long nowNanos) {
    long mine = charter.version(Page.SITE);
    if (theirLow == charter.low()) {
      knows(link, mine);
    } else if (ahead(theirLow)) {
      knows(link, 0);
    } else {
      infer(theirLow, link, facts, nowNanos);
      if (intake != null && intake.is(Page.SITE, mine + (theirLow - charter.low() & LOW_BITS))) {
        sourceKey = key(link);
        intake.offered(link.link(), nowNanos);
      }
    }
  }

  /**
   * The Trickle timer's shortest interval on a medium, in nanoseconds: who has news says so once
   * within it, unless another does.
   *
   * @param members who may say the same
   */
  public static long shortestNanos(LinkProfile profile, int members) {
    return Announcements.shortestNanos(profile, members);
  }

  /** Whether a neighbour with these bits is probably behind; if not, it will hear so from us. */
  private boolean ahead(int theirLow) {
    return (charter.low() - theirLow & LOW_BITS) <= LOW_BITS / 2 + 1;
  }

  // ---- taking in

  /** Begins to take in what this node lacks, or goes on with it. */
  private void seek(Facts facts, long nowNanos) {
    changes++;
    rumour = rumour.at(nowNanos);
    Charter.Lack wanted = lacking(facts).orElse(null);
    if (wanted == null) {
      intake = null;
    } else if (intake == null || !intake.is(wanted.zone(), wanted.version())) {
      intake = new Intake(wanted.zone(), wanted.version(), held(wanted.zone()), nowNanos);
    }
  }

  /** Which version of a page is here, signed. */
  private long held(int zone) {
    return giving.page(zone) == null ? Shelf.NOTHING : charter.version(zone);
  }

  private Optional<Charter.Lack> lacking(Facts facts) {
    Charter.Lack site = new Charter.Lack(Page.SITE, rumour.version());
    boolean newer = rumour.version() > charter.version(Page.SITE);
    if (newer && !rumour.inferred()) {
      return Optional.of(site);
    }
    Optional<Charter.Lack> page = charter.lack(facts.self().cell());
    return page.isEmpty() && newer ? Optional.of(site) : page;
  }

  /** The owner gives this node a page: that of a zone has to get there. */
  private void given(byte[] bytes, Facts facts, Effects out, long nowNanos) {
    announcements().pace(facts);
    int zone = install(bytes, facts, out, nowNanos);
    if (zone == Page.SITE) {
      announcements().begin(facts, nowNanos);
    }
    if (zone > Page.ROOT && zone != facts.self().cell()) {
      errands().given(zone, nowNanos);
    }
  }

  /** Takes a page if it is newer than what is held; answers whose it is, 0 for none. */
  private int install(byte[] bytes, Facts facts, Effects out, long nowNanos) {
    int zone = Page.SITE;
    try {
      Page page = PageCodec.open(bytes, operator);
      if (page.version() > charter.version(page.zone())) {
        zone = page.zone();
        giving.put(zone, out.shared(new Bytes(bytes)).array(), charter.version(zone), out);
        charter = out.shared(charter.with(out.shared(page)));
        out.persist(page.zone(), bytes);
        out.publish(charter);
        announcements().installed(page.zone(), facts, nowNanos);
        out.deliver(
            new Delivery.Notice(
                "charter",
                charter.path(page.zone()).orElse("site"),
                "page version " + page.version() + " holds"));
      }
    } catch (MalformedException e) {
      out.deliver(new Delivery.Warning("charter", "page", "page dropped: " + e.getMessage()));
    }
    seek(facts, nowNanos);
    return zone;
  }

  // ---- hearing

  @Override
  public void read(Section section, Facts facts, Effects out, long nowNanos)
      throws MalformedException {
    changes++;
    WireReader body = section.body();
    LinkView link = section.frame().link();
    switch (section.kind()) {
      case VERSION -> {
        long version = body.varint();
        body.end();
        rumour(version, Wave.mate(section.frame()), link, facts, nowNanos);
      }
      case WANT -> {
        int zone = body.u16();
        long version = body.varint();
        long before = body.varint() - 1;
        int offset = body.varint(PageCodec.PAGE_MAX_BYTES);
        body.end();
        errands.busy(link, nowNanos);
        boolean news = zone == Page.SITE && before == giving.before() && offset == 0;
        Announcements waves = announcements;
        boolean crosses =
            news && waves != null && waves.asked(Wave.mate(section.frame()), link, facts, nowNanos);
        if (!crosses) {
          want(zone, version, before, offset, link, facts, nowNanos);
        }
      }
      case OFFER -> {
        long site = body.varint();
        int zone = body.u16();
        long version = body.varint();
        body.end();
        offer(site, zone, version, link, facts, nowNanos);
      }
      case CHUNK -> chunk(body, section.frame(), facts, out, nowNanos);
      default -> {} // a later version's
    }
  }

  private void rumour(long version, int mate, LinkView link, Facts facts, long nowNanos) {
    long mine = charter.version(Page.SITE);
    boolean broadcast = link.profile().broadcast();
    if (version > Math.max(rumour.version(), mine)) {
      believe(version, false, link, facts, nowNanos);
    } else if (version == rumour.version() && intake != null && intake.is(Page.SITE, version)) {
      turnTo(link);
      rumour = rumour.said();
      intake.offered(link.link(), broadcast ? random.nextLong(ANSWER_NANOS) : 0, nowNanos);
    } else if (version == mine && broadcast) {
      announcements().heardSame(mate, facts);
    } else if (version < mine && broadcast) {
      announcements().heardOlder(nowNanos);
    }
    if (!broadcast && link.bit() >= 0) {
      knows(link, version);
    }
  }

  /** A mate seems to be ahead: it has the next version with these bits, unless it is far behind. */
  private void infer(int theirLow, LinkView link, Facts facts, long nowNanos) {
    long mine = charter.version(Page.SITE);
    long version = mine + (theirLow - charter.low() & LOW_BITS);
    if (version > Math.max(rumour.version(), mine) && version != rumour.fruitless()) {
      believe(version, true, link, facts, nowNanos);
    }
  }

  private void believe(long version, boolean byBits, LinkView link, Facts facts, long nowNanos) {
    rumour = rumour.of(version, byBits, nowNanos);
    turnTo(link);
    seek(facts, nowNanos);
    if (link.profile().broadcast()) { // who has it says it within that time, if it is small
      boolean all = facts.reach().all();
      scatter(link, all ? Announcements.shortestNanos(link, facts) : awaitCrossing(link, facts));
    }
  }

  /** Most get over hops what they lack without asking; answers the time that all in reach share. */
  private long awaitCrossing(LinkView link, Facts facts) {
    long withinNanos = Announcements.crossingNanos(link, facts);
    if (intake != null && !facts.reach().all() && link.profile().broadcast()) {
      intake.postpone(link.link(), withinNanos);
    }
    return withinNanos;
  }

  private void offer(long site, int zone, long version, LinkView link, Facts facts, long nowNanos) {
    if (link.profile().broadcast()) {
      return;
    }
    if (errands.visits(link) && version < charter.version(zone)) {
      errands.busy(link, nowNanos); // it will ask
    } else if (errands.visits(link)) {
      errands.has(link, zone);
      errands.leave(nowNanos);
    }
    rumour(site, -1, link, facts, nowNanos);
    Intake asking = intake;
    errands().offered(link.to(), zone, asking == null, nowNanos);
    if (asking != null) {
      turnTo(link);
      asking.offered(link.link(), nowNanos);
    }
  }

  /** Asks this one first from now on, if it can be asked at all. */
  private void turnTo(LinkView link) {
    boolean reached = link.profile().broadcast() || link.bit() != -1 || errands.visits(link);
    sourceKey = reached ? key(link) : -1;
  }

  /** On an addressed medium many are asked before one who has it is. */
  private static int steadyAsks(LinkView link) {
    return link.profile().broadcast() ? ASKS_BROADCAST : ASKS_ADDRESSED;
  }

  /** Where rounds are slow, those who are asked have few frames for all who ask. */
  private static void await(Intake asking, LinkView link) {
    long roundsNanos = ANSWER_ROUNDS_ADDRESSED * link.profile().roundMillis() * 1_000_000;
    if (!link.profile().broadcast()) {
      asking.postpone(link.link(), Math.max(0, roundsNanos - ANSWER_NANOS));
    }
  }

  /** All in reach heard the same just now: who asks first asks for all. */
  private void scatter(LinkView link) {
    scatter(link, ASK_ROUNDS * link.profile().roundMillis() * 1_000_000);
  }

  private void scatter(LinkView link, long withinNanos) {
    if (intake != null && link.profile().broadcast()) {
      intake.postpone(link.link(), random.nextLong(withinNanos));
    }
  }

  private void want(
      int zone, long version, long before, int offset, LinkView link, Facts facts, long nowNanos) {
    if (giving.has(zone, before, offset) && charter.version(zone) >= version) {
      double ridesBytes = Announcements.RIDES_SHARE * link.profile().mtuBytes();
      boolean rides = giving.rides(zone, before, ridesBytes);
      long waitNanos = link.profile().broadcast() ? patienceNanos(rides, link, facts) : 0;
      if (announcements != null) {
        announcements.lacks(nowNanos);
      }
      giving.promise(key(link), zone, before, offset, nowNanos + waitNanos);
    }
    Intake taking = intake;
    if (taking != null && link.profile().broadcast()) {
      if (taking.is(zone, version) && before == taking.before() && offset <= taking.have()) {
        taking.deferred(link.link(), nowNanos); // they asked for us too, if who has it hears them
        scatter(link);
      }
    }
  }

  /** How long to wait with an answer that others may give; longer if it rides beside a version. */
  private long patienceNanos(boolean rides, LinkView link, Facts facts) {
    LinkProfile medium = link.profile();
    long roundsNanos = ANSWER_ROUNDS * medium.roundMillis() * 1_000_000;
    long shortestNanos = Announcements.shortestNanos(link, facts);
    long waitNanos = random.nextLong(Math.max(roundsNanos, shortestNanos / 2));
    return rides ? shortestNanos + waitNanos : waitNanos;
  }

  private void chunk(WireReader body, Event.Heard frame, Facts facts, Effects out, long nowNanos)
      throws MalformedException {
    LinkView link = frame.link();
    int zone = body.u16();
    long version = body.varint();
    long before = body.varint() - 1;
    int total = body.varint(PageCodec.PAGE_MAX_BYTES);
    int offset = body.varint(total);
    byte[] part = body.bytes(body.remaining());
    giving.heard(key(link), zone, before, offset);
    errands.busy(link, nowNanos);
    int mate = Wave.mate(frame);
    boolean news = zone == Page.SITE && offset == 0 && part.length == total && mate >= 0;
    if (news && version == charter.version(Page.SITE)) {
      announcements().copied(mate, facts);
    }
    Intake taking = intake;
    if (taking != null && taking.takes(zone, version, before, offset)) {
      byte[] all = taking.take(link.link(), offset, total, part, nowNanos);
      turnTo(link);
      if (!link.profile().broadcast()) { // the next part comes unasked, if none is lost
        taking.deferred(link.link(), nowNanos);
        await(taking, link);
      }
      rumour = rumour.goesOn(nowNanos);
      byte[] page = all == null ? null : page(taking, all);
      if (page != null) {
        intake = null;
        if (link.profile().broadcast()) {
          announcements().pace(link, facts);
        }
        install(page, facts, out, nowNanos);
        if (news) {
          announcements().copied(mate, facts);
          announcements().goOn(facts, nowNanos);
        }
      }
      scatter(link);
    }
  }

  /** The page that came in; null if what has changed led to none that the operator signed. */
  private byte @Nullable [] page(Intake taken, byte[] all) {
    byte[] before = taken.before() == Shelf.NOTHING ? null : giving.page(taken.zone);
    if (before == null) {
      return all;
    }
    try {
      byte[] page = PageDelta.apply(all, before);
      PageCodec.open(page, operator);
      return page;
    } catch (MalformedException e) {
      taken.fail();
      return null;
    }
  }

  // ---- speaking

  @Override
  public long nextWakeNanos(long nowNanos) {
    long next = announcements == null ? Long.MAX_VALUE : announcements.nextNanos(nowNanos);
    if (intake != null) {
      next = Math.min(next, intake.nextNanos(nowNanos));
    }
    next = Math.min(next, Announcements.later(errands.offerNanos(), nowNanos));
    next = Math.min(next, Math.max(errands.untilNanos(), nowNanos + 1)); // waits for no link
    return Math.min(next, giving.nextNanos(nowNanos));
  }

  @Override
  public int changes() {
    return changes;
  }

  @Override
  public Urgency urgency(LinkView link, Facts facts, long nowNanos) {
    boolean speak =
        asks(link, facts, nowNanos)
            || giving.due(key(link), nowNanos)
            || crossing(link, nowNanos) != null
            || errands.offers(link, nowNanos);
    if (speak || !tells(link, nowNanos)) {
      return speak ? Urgency.NORMAL : Urgency.NONE;
    }
    return link.profile().broadcast() ? Urgency.NORMAL : Urgency.RUMOUR;
  }

  /**
   * Whether to ask this neighbour now: whoever told of the news, until that proved fruitless; after
   * that, anybody.
   */
  private boolean asks(LinkView link, Facts facts, long nowNanos) {
    Intake asking = intake;
    if (asking == null || !asking.due(link.link(), nowNanos)) {
      return false;
    }
    boolean elsewhere = charter.cell(asking.zone).isPresent() && asking.zone != facts.self().cell();
    if (elsewhere) { // another cell's roster, which this node keeps: only they have it
      return link.to().cell() == asking.zone;
    }
    boolean first = sourceKey < 0 || sourceKey == key(link);
    boolean roster = asking.zone == facts.self().cell() && link.mate();
    boolean outside = (sourceKey >> 8 & 0xFFFF) != asking.zone; // mates know of their cell first
    return first || roster && outside || asking.asks() >= ASKS_AT_SOURCE;
  }

  private @Nullable Wave crossing(LinkView link, long nowNanos) {
    Announcements here = announcements;
    return here != null && link.profile().broadcast() ? here.crossing(nowNanos) : null;
  }

  private boolean tells(LinkView link, long nowNanos) {
    if (link.profile().broadcast()) {
      boolean newest = rumour.version() <= charter.version(Page.SITE); // else it asks
      return newest && announcements != null && announcements.due(nowNanos);
    }
    if (giving.waiting() >= TELLS_WHILE_ANSWERING) {
      return false; // who is told asks, and others that were told can answer by then
    }
    int theirs = known == null ? 0 : known.get(link);
    return (theirs == 0 ? initial : theirs - 1) < charter.version(Page.SITE);
  }

  @Override
  public void fill(SectionWriter to, LinkView link, long frameId, Facts facts, long nowNanos) {
    List<Runnable> commits = new ArrayList<>();
    Intake asking = intake;
    if (asking != null && asks(link, facts, nowNanos)) {
      to.open(WANT)
          .u16(asking.zone)
          .varint(asking.version())
          .varint(asking.before() + 1)
          .varint(asking.have());
      if (to.close()) {
        commits.add(() -> {
          asking.asked(link.link(), steadyAsks(link), nowNanos);
          awaitCrossing(link, facts);
          await(asking, link);
          scatter(link);
        });
      }
    }
    Wave crossing = crossing(link, nowNanos);
    if (crossing != null && !giving.fits(to)) {
      crossing.postpone(nowNanos); // this node's share of the channel is spent
      crossing = null;
    }
    if (tells(link, nowNanos) || crossing != null) {
      long version = charter.version(Page.SITE);
      to.open(VERSION).varint(version);
      if (to.close()) {
        boolean broadcast = link.profile().broadcast();
        commits.add(broadcast ? announcements()::spoke : () -> knows(link, version));
        Giving.Part news =
            crossing != null || broadcast && !crosses(facts) && announcements().isFresh(nowNanos)
                ? giving.ride(to, key(link), charter)
                : null;
        if (news != null) {
          commits.add(() -> giving.rode(news));
          if (crossing != null) {
            Wave wave = crossing;
            commits.add(() -> wave.said(nowNanos));
          }
        }
      }
    }
    if (errands.offers(link, nowNanos) && writeOffer(to)) {
      commits.add(() -> errands.said(nowNanos));
    }
    Giving.Part part = giving.write(to, key(link), charter, nowNanos);
    if (part != null) {
      commits.add(() -> gave(part, link, nowNanos));
    }
    if (!commits.isEmpty()) {
      filled = UnderWay.with(frameId, commits, filled);
    }
  }

  @Override
  public List<LinkView> guests(Facts facts, long nowNanos) {
    LinkView medium = addressed;
    return medium == null ? List.of() : errands.guests(medium);
  }

  private boolean writeOffer(SectionWriter to) {
    int zone = errands.zone();
    to.open(OFFER).varint(charter.version(Page.SITE)).u16(zone).varint(charter.version(zone));
    return to.close();
  }

  private void gave(Giving.Part part, LinkView link, long nowNanos) {
    giving.gave(part, !link.profile().broadcast(), nowNanos); // there it wants the rest, too
    if (part.last()) {
      errands.has(link, part.answer().zone());
    }
  }

  @Override
  public void sent(LinkView link, long frameId, boolean left, long nowNanos) {
    List<Runnable> commits = UnderWay.find(frameId, filled);
    filled = UnderWay.without(frameId, filled);
    if (commits != null && left) {
      commits.forEach(Runnable::run);
    }
  }

  private void knows(LinkView neighbour, long version) {
    boolean asAtFirst = version == initial && initial > 0;
    int value = asAtFirst ? 0 : (int) Math.min(version, Integer.MAX_VALUE - 1) + 1;
    if ((known == null ? 0 : known.get(neighbour)) != value) {
      known = known == null ? new ByNeighbour() : known;
      known.set(neighbour, value);
      changes++;
    }
  }

  private static int key(LinkView link) {
    return link.link() << 24 | link.to().cell() << 8 | link.to().slot();
  }
}
