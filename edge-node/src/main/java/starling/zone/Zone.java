package starling.zone;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import starling.engine.Effects;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Local;
import starling.engine.Protocol;
import starling.engine.SectionType;
import starling.engine.SectionWriter;
import starling.link.LinkProfile;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Facts;
import starling.model.Member;
import starling.model.Pace;
import starling.model.Page;
import starling.model.Schema;
import starling.model.Window;
import starling.wire.MalformedException;

/**
 * The zone protocol: seals this node's contributions ({@link Seals}), exchanges and repairs the
 * cell's ({@link Exchange}), and folds and tells what zones amount to ({@link Summaries}). Fast
 * state: windows come and go, nothing here is acknowledged.
 */
public final class Zone implements Protocol {
  private static final int GUARANTEED_BYTES = LinkProfile.MTU_MIN_BYTES - 16;
  private static final double REPAIR_FACTOR = 1.6;
  private static final int OWN_FRAME_BYTES = 48;
  private static final int BYTES_A_CHANNEL = 3;

  private final Seals seals = new Seals();
  private final Exchange exchange = new Exchange();
  private final Summaries summaries = new Summaries();
  private final List<LinkProfile> links;
  private Standing.All queries = Standing.NONE;
  private Charter charter = Charter.EMPTY;
  private long nextNanos = Long.MAX_VALUE;

  /**
   * The zone protocol of one node.
   *
   * @param links its media, to know what its channel affords
   */
  public Zone(List<LinkProfile> links) {
    this.links = List.copyOf(links);
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

  @Override
  public void on(Event event, Facts facts, Effects out, long nowNanos) {
    if (event instanceof Event.FactsChanged) {
      rewire(facts, out);
    }
    Page.Cell cell = place(facts).orElse(null);
    long baseMillis = baseMillis(facts);
    if (cell == null || !facts.time().known() || baseMillis == 0) {
      return;
    }
    for (Map.Entry<Window, byte[]> row : seals.restored(facts, baseMillis).entrySet()) {
      exchange.add(row.getKey(), facts.self().slot(), row.getValue());
    }
    switch (event) {
      case Event.FactsChanged() -> seals.watch(facts, baseMillis, nowNanos);
      case Event.Said(Local.Readings readings) ->
          seals.seal(readings, facts, baseMillis, out, nowNanos);
      case Event.Durable(long id) -> {
        Map.Entry<Window, byte[]> row = seals.durable(id);
        if (row != null && exchange.add(row.getKey(), facts.self().slot(), row.getValue())) {
          latest(row.getKey(), 1L << facts.self().slot(), cell, facts, out);
        }
      }
      case Event.Section section -> hear(section, cell, facts, baseMillis, out, nowNanos);
      default -> {}
    }
    step(cell, facts, baseMillis, out, nowNanos);
  }

  private void hear(
      Event.Section section,
      Page.Cell cell,
      Facts facts,
      long baseMillis,
      Effects out,
      long nowNanos) {
    try {
      if (section.kind() >= Summaries.RESULTS) {
        summaries.hear(section, queries, cell, facts, baseMillis, out, nowNanos);
      } else if (section.frame().header().cell() == cell.zone()) {
        exchange
            .hear(section, cell, facts, baseMillis, nowNanos)
            .forEach((window, slots) -> latest(window, slots, cell, facts, out));
      }
    } catch (MalformedException e) {
      String from = "slot " + section.frame().header().slot();
      out.deliver(
          new Delivery.Warning(
              "malformed", from, "rest of a zone section skipped: " + e.getMessage()));
    }
  }

  /** What follows from the time and from what is held, whatever just happened. */
  private void step(Page.Cell cell, Facts facts, long baseMillis, Effects out, long nowNanos) {
    long nowMillis = facts.time().millis(nowNanos);
    exchange.turn(facts, baseMillis, nowMillis);
    if (cell.member(facts.self().slot()).map(Member::senses).orElse(false)) {
      seals.ask(facts, baseMillis, out, nowNanos);
    }
    List<CellWindow> closed = exchange.closed(nowMillis);
    exchange.settle(closed, cell, facts);
    if (Summaries.participates(cell, facts)) {
      summaries.fold(closed, queries, cell, facts, out, nowNanos);
      time(closed, cell, facts, out, nowMillis);
    }
    long next = seals.nextMillis(facts, nowMillis, baseMillis);
    long windowMillis = baseMillis << facts.pace().exponent();
    long quarter = (nowMillis / (windowMillis / 4) + 1) * (windowMillis / 4);
    long exchangeNanos = exchange.nextNanos(cell, facts, broadcast(cell), nowNanos);
    nextNanos =
        Math.min(
            facts.time().nanosAt(next > nowMillis ? Math.min(next, quarter) : quarter),
            exchangeNanos > nowNanos ? exchangeNanos : Long.MAX_VALUE); // else it waits for a link
  }

  private void time(
      List<CellWindow> closed, Page.Cell cell, Facts facts, Effects out, long nowMillis) {
    Optional<String> path = facts.charter().path(cell.zone());
    if (closed.isEmpty() || path.isEmpty()) {
      return;
    }
    CellWindow newest = closed.getFirst();
    long predicted = predictMillis(cell, facts, newest.window);
    if (newest.bits() != 0 && Exchange.missing(newest, cell, facts) == 0) {
      summaries.time(path.get(), newest.window, predicted, out, nowMillis);
    }
    LinkProfile uplink = addressed().orElse(null);
    for (Page.Inner above : facts.charter().ancestors(cell.zone())) {
      if (uplink != null && summaries.heardAll(above, newest.window, queries)) {
        int talkers = above.children().stream().mapToInt(c -> c.contacts().size()).sum();
        predicted += Spread.addressedMillis(uplink, talkers, 0);
        String name = facts.charter().path(above.zone()).orElse("");
        summaries.time(name, newest.window, predicted, out, nowMillis);
      }
    }
  }

  private long predictMillis(Page.Cell cell, Facts facts, Window window) {
    double loss = facts.members().lossPermille() / 1000.0;
    int members = cell.members().size();
    for (LinkProfile link : links) {
      if (link.broadcast() && broadcast(cell)) {
        return Spread.broadcastMillis(link, members, loss, window.lengthMillis());
      }
    }
    return addressed().map(link -> Spread.addressedMillis(link, members, 0)).orElse(0L);
  }

  private Optional<LinkProfile> addressed() {
    return links.stream().filter(link -> !link.broadcast()).findFirst();
  }

  private void latest(Window window, long slots, Page.Cell cell, Facts facts, Effects out) {
    boolean serves = cell.member(facts.self().slot()).map(Member::gateway).orElse(false);
    for (Member member : serves ? cell.members() : List.<Member>of()) {
      byte[] row = (slots & 1L << member.slot()) != 0 ? exchange.row(window, member.slot()) : null;
      Schema schema = facts.charter().site().flatMap(s -> s.schema(member.schema())).orElse(null);
      if (row != null && schema != null) {
        Latest.tell(member, window, row, schema, facts, out);
      }
    }
  }

  private void rewire(Facts facts, Effects out) {
    if (facts.charter().equals(charter)) {
      return;
    }
    exchange.forgetSlots(changedHands(charter, facts));
    charter = facts.charter();
    queries = Standing.of(charter);
    queries.refused().forEach(why -> out.deliver(new Delivery.Warning("query", "charter", why)));
    summaries.forgetWhoKnows();
    int exponent = place(facts).map(cell -> pace(cell, facts)).orElse(0);
    if (exponent != facts.pace().exponent()) {
      out.publish(new Pace(exponent));
    }
  }

  private static long changedHands(Charter before, Facts facts) {
    long changed = 0;
    Optional<Page.Cell> old = before.cell(facts.self().cell());
    for (Member member : old.map(Page.Cell::members).orElse(List.of())) {
      Optional<Member> now =
          facts.charter().cell(facts.self().cell()).flatMap(cell -> cell.member(member.slot()));
      if (now.isEmpty() || !now.get().id().equals(member.id())) {
        changed |= 1L << member.slot();
      }
    }
    return changed;
  }

  /**
   * How far the cell slows down so that all members' own frames and their repair stay inside the
   * channel's target: the smallest p with members x airtime x repairs <= target x window x 2^p. A
   * function of the charter and the medium alone, so all agree.
   */
  private int pace(Page.Cell cell, Facts facts) {
    Optional<LinkProfile> air = links.stream().filter(LinkProfile::broadcast).findFirst();
    if (air.isEmpty() || !broadcast(cell)) {
      return 0;
    }
    int channels =
        facts.charter().site().stream()
            .flatMap(site -> site.schemas().stream())
            .mapToInt(schema -> schema.channels().size())
            .max()
            .orElse(0);
    int bytes = Math.min(air.get().mtuBytes(), OWN_FRAME_BYTES + BYTES_A_CHANNEL * channels);
    double micros = air.get().airtime().micros(bytes) * REPAIR_FACTOR * cell.members().size();
    int exponent = 0;
    while (exponent < Window.PACE_MAX
        && micros > air.get().channelTarget() * 1000 * (baseMillis(facts) << exponent)) {
      exponent++;
    }
    return exponent;
  }

  private static boolean broadcast(Page.Cell cell) {
    return cell.medium() == Page.Medium.BROADCAST;
  }

  private static long baseMillis(Facts facts) {
    return facts.charter().site().map(Page.Site::windowMillis).orElse(0L);
  }

  /**
   * This node's cell, if the charter still has it there: a moved or retired node neither speaks nor
   * counts.
   */
  private static Optional<Page.Cell> place(Facts facts) {
    return facts
        .charter()
        .cell(facts.self().cell())
        .filter(cell ->
            cell.member(facts.self().slot())
                .filter(member -> member.id().equals(facts.self().id()))
                .isPresent());
  }

  @Override
  public long nextWakeNanos() {
    return nextNanos;
  }

  @Override
  public Urgency urgency(LinkView link, Facts facts, long nowNanos) {
    Page.Cell cell = place(facts).orElse(null);
    if (cell == null || !facts.time().known()) {
      return Urgency.NONE;
    }
    Urgency rows =
        exchanges(link, cell) ? exchange.urgency(link, cell, facts, nowNanos) : Urgency.NONE;
    Urgency results = summaries.urgency(link, cell, facts);
    return rows.compareTo(results) > 0 ? rows : results;
  }

  /** Contributions are exchanged on the cell's own medium only. */
  private static boolean exchanges(LinkView link, Page.Cell cell) {
    return link.mate() && link.profile().broadcast() == broadcast(cell);
  }

  @Override
  public void fill(SectionWriter to, LinkView link, long frameId, Facts facts, long nowNanos) {
    Page.Cell cell = place(facts).orElse(null);
    if (cell == null || !facts.time().known()) {
      return;
    }
    if (exchanges(link, cell)) {
      exchange.fill(to, link, frameId, cell, facts, nowNanos);
    }
    summaries.fill(to, link, frameId, cell, facts);
  }

  @Override
  public void sent(LinkView link, long frameId, boolean left, long nowNanos) {
    exchange.sent(link, frameId, left, nowNanos);
    summaries.sent(link, frameId, left);
  }
}
