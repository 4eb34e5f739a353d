package starling.zone;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
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
import starling.link.LinkProfile;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Facts;
import starling.model.Member;
import starling.model.Members;
import starling.model.Pace;
import starling.model.Page;
import starling.model.Window;
import starling.wire.MalformedException;

/**
 * The zone protocol: seals this node's contributions ({@link Seals}), exchanges and repairs the
 * cell's ({@link Exchange}), folds what zones amount to ({@link Summaries}) and tells that to their
 * representatives ({@link RowExchange}). Fast state: windows come and go, nothing here is
 * acknowledged.
 */
public final class Zone implements Protocol, RowSource {
  private static final int PLACES_MAX = 16;
  private static final int GUARANTEED_BYTES = LinkProfile.MTU_MIN_BYTES - 16;

  private final Seals seals = new Seals();
  private final CellWindows windows = new CellWindows();
  private final Exchange exchange;
  private final Report report = new Report();
  private final ResultTable table = new ResultTable();
  private final Summaries summaries = new Summaries(table, report);
  private final RowExchange rows = new RowExchange(table, summaries);
  private final List<LinkProfile> links;
  private Charter charter = Charter.EMPTY;
  private @Nullable Place place;
  private @Nullable Ranks ranks;
  private NavigableMap<Long, Place> places = Collections.emptyNavigableMap(); // none but this one
  private @Nullable Moment last;
  private long nextNanos = Long.MAX_VALUE;

  // When this node folded last, and what it held then: while that is the same, nothing follows.
  private long foldedQuarter = -1;
  private int foldedContributions;
  private int foldedRows;

  /**
   * The zone protocol of one node.
   *
   * @param links its media, to know what its channel affords
   */
  public Zone(List<LinkProfile> links) {
    this.links = links;
    this.exchange =
        new Exchange(
            windows, links.stream().filter(LinkProfile::broadcast).findFirst().orElse(null));
  }

  @Override
  public SectionType type() {
    return SectionType.ZONE;
  }

  @Override
  public Share share() {
    return new Share(GUARANTEED_BYTES);
  }

  @Override
  public void restore(long key, byte[] value) {
    seals.restore(key, value);
  }

  /** What holds now; nothing can be done without a place in the charter and network time. */
  @SuppressWarnings("ReferenceEquality") // asked again and again of the same facts
  private @Nullable Moment moment(Facts facts, long nowNanos) {
    if (place == null || !facts.time().known()) {
      return null;
    }
    Moment before = last;
    if (before != null && before.nowNanos() == nowNanos && before.facts() == facts) {
      return before;
    }
    Members members = facts.members();
    if (ranks == null || !ranks.members().equals(members)) {
      ranks = place.ranks(members);
      foldedQuarter = -1;
      exchange.rerank();
      rows.rerank();
    }
    Moment moment = new Moment(place, places, ranks, facts, nowNanos);
    last = moment;
    return moment;
  }

  @Override
  public void on(Event event, Facts facts, Effects out, long nowNanos) {
    switch (event) {
      case Event.Heard _ -> {
        return; // what it brings is read
      }
      case Event.Replaced(LinkView by) -> {
        rows.replaced(by);
        return;
      }
      case Event.FactsChanged() -> rewire(facts, out, nowNanos);
      default -> {}
    }
    Moment at = moment(facts, nowNanos);
    if (at == null) {
      return;
    }
    for (Map.Entry<Window, byte[]> row : seals.restored(at).entrySet()) {
      windows.add(row.getKey(), at.self(), row.getValue(), out);
    }
    switch (event) {
      case Event.FactsChanged() -> seals.watch(at);
      case Event.Said(Local.Readings readings) -> seals.seal(readings, at, out);
      case Event.Durable(long id) -> {
        Map.Entry<Window, byte[]> row = seals.durable(id);
        if (row != null) {
          Window window = row.getKey();
          byte[] sealed = row.getValue();
          came(window, at.self(), sealed, windows.add(window, at.self(), sealed, out), at, out);
        }
      }
      default -> {}
    }
    step(at, out);
  }

  @Override
  public void read(Section section, Facts facts, Effects out, long nowNanos)
      throws MalformedException {
    Moment at = moment(facts, nowNanos);
    if (at == null) {
      return;
    }
    try {
      if (section.kind() == RowExchange.RESULTS || section.kind() == RowExchange.DIGEST) {
        rows.read(section, at, out);
      } else if (at.place().isOwn(section.frame().header().cell())) {
        exchange.read(
            section,
            at,
            out,
            (window, slot, row, added) -> came(window, slot, row, added, at, out));
      }
    } finally {
      step(at, out);
    }
  }

  private static void came(
      Window window, int slot, byte[] row, CellWindow.Added added, Moment at, Effects out) {
    Member member = at.place().cell().member(slot).orElse(null);
    if (member == null) {
      return;
    }
    switch (added) {
      case NEW -> {
        if (at.place().self().gateway()) {
          Report.latest(member, window, row, at, out);
        }
      }
      case CONFLICTS -> {
        String path = at.place().path(at.place().cell().zone()) + "/" + member.name();
        String text =
            "two different contributions for one window: the first counts; a cloned card?";
        out.deliver(new Delivery.Warning("clone", path, text));
      }
      case HELD -> {}
    }
  }

  /** What follows from the time and from what is held, whatever just happened. */
  private void step(Moment at, Effects out) {
    if (at.place().self().senses()) {
      seals.ask(at, out);
    }
    long quarter = at.quarter();
    boolean turns = quarter != foldedQuarter;
    if (turns || windows.rows() != foldedContributions || table.rows() != foldedRows) {
      exchange.turn(turns, at, out);
      foldedQuarter = quarter;
      foldedContributions = windows.rows();
      foldedRows = table.rows();
      fold(at, out);
    }
    if (turns) {
      rows.pair(at, out);
    }
    long turnMillis = (quarter + 1) * (at.current().lengthMillis() / 4);
    long ask = seals.nextMillis(at);
    long next = ask > at.nowMillis() ? Math.min(ask, turnMillis) : turnMillis;
    nextNanos = at.facts().time().nanosAt(next);
    wakeAt(exchange.nextNanos(at), at.nowNanos());
  }

  private void fold(Moment at, Effects out) {
    summaries.fold(windows, at, out);
    CellWindow newest = windows.newest();
    if (at.participates() && newest != null) {
      time(newest, at, out);
    }
  }

  /** Wakes then too, unless that has passed: what is due already waits for a link. */
  private void wakeAt(long nanos, long nowNanos) {
    nextNanos = nanos > nowNanos ? Math.min(nextNanos, nanos) : nextNanos;
  }

  /** Tells of the newest window how long it took, once it is complete here. */
  private void time(CellWindow newest, Moment at, Effects out) {
    Place here = at.place();
    if (report.isTimed(here.topZone(), newest.window)) {
      return;
    }
    Pacing pacing = new Pacing(links);
    long predictedMillis = pacing.predictMillis(newest.window, at);
    if (newest.bits() != 0 && newest.missing(at) == 0) {
      report.time(here.cell().zone(), newest.window, predictedMillis, at, out);
    }
    for (Page.Inner above : at.then(newest.window).above()) {
      predictedMillis += pacing.predictMillis(above);
      if (here.serves(above.zone()) && summaries.heardAll(above, newest.window, at)) {
        report.time(above.zone(), newest.window, predictedMillis, at, out);
      }
    }
  }

  private void rewire(Facts facts, Effects out, long nowNanos) {
    if (facts.charter().equals(charter)) {
      return;
    }
    charter = facts.charter();
    rows.charted(nowNanos);
    if (place != null && !charter.isWhole(facts.self().cell())) {
      return; // goes by the old one until all pages of the new one are in
    }
    Place before = place;
    place = Place.of(facts, out).orElse(null);
    ranks = null;
    last = null;
    if (place == null) {
      if (before != null) {
        String text = "the charter gives this node's place away: it is silent until it starts anew";
        out.deliver(new Delivery.Notice("place", facts.self().id().toString(), text));
      }
      return;
    }
    if (before != null && !before.sameWays(place)) {
      rows.rewire();
    }
    place
        .queries()
        .faults()
        .forEach((query, fault) -> out.deliver(new Delivery.Warning("query", query, fault)));
    int exponent = new Pacing(links).exponent(place);
    if (exponent != facts.pace().exponent()) {
      out.publish(new Pace(exponent));
    }
    if (before != null) {
      remember(before, place, facts, nowNanos);
    }
    Moment at = moment(facts, nowNanos);
    if (at != null) {
      summaries.rewire(Optional.ofNullable(before), at, out);
    }
  }

  /** What begins with the next window, windows that run or are over keep as it was before. */
  private void remember(Place before, Place next, Facts facts, long nowNanos) {
    Moment at = moment(facts, nowNanos);
    places = places.isEmpty() ? new TreeMap<>(Map.of(0L, before)) : places;
    places.put(at == null ? 0 : at.current().endMillis(), next);
    if (places.size() > PLACES_MAX) {
      places.pollFirstEntry();
    }
    last = null;
  }

  @Override
  public long nextWakeNanos(long nowNanos) {
    return nextNanos > nowNanos ? nextNanos : Long.MAX_VALUE;
  }

  @Override
  public int changes() {
    return windows.changes() + table.changes();
  }

  @Override
  public Urgency urgency(LinkView link, Facts facts, long nowNanos) {
    Moment at = moment(facts, nowNanos);
    if (at == null) {
      return Urgency.NONE;
    }
    Urgency own = exchanges(link, at) ? exchange.urgency(link, at) : Urgency.NONE;
    if (own.compareTo(Urgency.NORMAL) >= 0) {
      return own;
    }
    Urgency others = rows.urgency(link, at);
    return own.compareTo(others) > 0 ? own : others;
  }

  @Override
  public Optional<byte[]> rows(int zone, int query, Facts facts, long nowNanos) {
    Moment at = moment(facts, nowNanos);
    if (at == null || !at.participates()) {
      return Optional.empty();
    }
    if (at.place().isOwn(zone)) {
      return Optional.of(Listing.nodes(windows.closed(), at));
    }
    return at.place().above().stream()
        .filter(inner -> inner.zone() == zone)
        .findFirst()
        .map(inner -> Listing.zones(inner, query, table, at));
  }

  @Override
  public byte[] names(int zone, Facts facts) {
    return Listing.names(zone, facts.charter());
  }

  @Override
  public Delivery.Inquired read(byte[] listing, long id, String path, Facts facts, long nowNanos)
      throws MalformedException {
    if (place == null) {
      throw new MalformedException("nothing can be read without a place in the charter");
    }
    return Listing.read(listing, id, path, place);
  }

  @Override
  public double among(int speakers) {
    if (ranks == null || place == null) {
      return Ranks.among(speakers, Ranks.REPRESENTATIVES, false);
    }
    boolean wants = ranks.wants(place.self().slot());
    return Ranks.among(speakers, Long.bitCount(ranks.wanting()), wants);
  }

  /** Contributions are exchanged on the cell's own medium only. */
  private static boolean exchanges(LinkView link, Moment at) {
    return link.mate() && link.profile().broadcast() == at.place().broadcast();
  }

  @Override
  public void fill(SectionWriter to, LinkView link, long frameId, Facts facts, long nowNanos) {
    Moment at = moment(facts, nowNanos);
    if (at == null) {
      return;
    }
    if (exchanges(link, at)) {
      exchange.fill(to, link, frameId, at);
    }
    rows.fill(to, link, frameId, at);
  }

  @Override
  public void sent(LinkView link, long frameId, boolean left, long nowNanos) {
    exchange.sent(link, frameId, left);
    rows.sent(link, frameId, left, nowNanos);
    wakeAt(exchange.nextAnswerNanos(nowNanos), nowNanos);
  }
}
