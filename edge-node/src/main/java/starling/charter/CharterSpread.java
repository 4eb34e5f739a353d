package starling.charter;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import starling.engine.Effects;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Local;
import starling.engine.Protocol;
import starling.engine.SectionType;
import starling.engine.SectionWriter;
import starling.engine.Trickle;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Facts;
import starling.model.Page;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * Spreads the charter: slow state.
 *
 * <pre>
 * kind 0, DIGEST  (zone 2 | version v)...                          the pages I hold that concern you too
 * kind 1, WANT    zone 2 | version v | offset v                     send me that page from there on
 * kind 2, CHUNK   zone 2 | version v | total v | offset v | bytes
 * </pre>
 *
 * <p>Every frame's header carries four bits of the site page's version, and any change of the
 * charter re-signs the site page; so as long as those bits agree nothing is said. Where they
 * differ, a Trickle timer sends the digest; who is behind asks, in order, and whoever holds the
 * page answers after a random wait unless another did. One page is taken in at a time, and it
 * counts only when the operator's signature verifies.
 */
public final class CharterSpread implements Protocol {
  private static final int DIGEST = 0;
  private static final int WANT = 1;
  private static final int CHUNK = 2;
  private static final int CHUNK_HEADER_MAX_BYTES = 2 + 5 + 2 + 2;
  private static final int CHUNK_MIN_BYTES = 8;
  private static final long ASK_AGAIN_NANOS = 1_500_000_000L;
  private static final long ABANDON_NANOS = 120_000_000_000L;
  private static final long TRICKLE_MIN_NANOS = 1_000_000_000L;
  private static final int TRICKLE_DOUBLINGS = 8;
  private static final int ANSWERS_MAX = 8;

  private final Operator operator;
  private final RandomGenerator random;
  private final Trickle trickle;
  private final TreeMap<Integer, byte[]> signed = new TreeMap<>();
  private final Map<Integer, Answer> answers = new LinkedHashMap<>();
  private final Map<Long, Runnable> filled = new HashMap<>();
  private final Map<Integer, Long> digestsDueNanos = new HashMap<>();
  private Charter charter;
  private @Nullable Intake intake;

  /** A page that is being taken in, in order. */
  private static final class Intake {
    final int zone;
    final long version;
    final int link;
    final long sinceNanos;
    byte[] bytes = new byte[0];
    int have;
    long askNanos;

    Intake(int zone, long version, int link, long nowNanos) {
      this.zone = zone;
      this.version = version;
      this.link = link;
      this.sinceNanos = nowNanos;
      this.askNanos = nowNanos;
    }
  }

  /** A part of a page that somebody asked for. */
  private record Answer(int key, int zone, int offset, long dueNanos) {}

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
    this.signed.putAll(signed);
    this.trickle = new Trickle(TRICKLE_MIN_NANOS, TRICKLE_DOUBLINGS, 1, random);
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
    return new Share(SectionWriter.HEADER_BYTES + CHUNK_HEADER_MAX_BYTES + CHUNK_MIN_BYTES);
  }

  @Override
  public void restore(long key, byte[] value) {
    try {
      Page page = PageCodec.open(value, operator);
      if (page.version() > charter.version(page.zone())) {
        charter = charter.with(page);
        signed.put(page.zone(), value);
      }
    } catch (MalformedException e) {
      // another operator's, from before this card was given to this site: the file's pages stand
    }
  }

  @Override
  public void on(Event event, Facts facts, Effects out, long nowNanos) {
    switch (event) {
      case Event.FactsChanged() -> {
        if (!facts.charter().equals(charter)) {
          out.publish(charter); // what restore() brought
        }
      }
      case Event.Heard heard -> compare(heard, nowNanos);
      case Event.Section section -> {
        try {
          hear(section, facts, out, nowNanos);
        } catch (MalformedException e) {
          String from = "slot " + section.frame().header().slot();
          out.deliver(new Delivery.Warning("charter", from, "section dropped: " + e.getMessage()));
        }
      }
      case Event.Said(Local.SignedPage(byte[] bytes)) -> install(bytes, out, nowNanos);
      case Event.Woke() -> wake(nowNanos);
      default -> {}
    }
  }

  private void compare(Event.Heard heard, long nowNanos) {
    boolean same = heard.header().charterLow() == charter.low();
    if (heard.link().profile().broadcast()) {
      if (same) {
        trickle.heardSame();
      } else {
        trickle.reset(nowNanos);
      }
    } else if (!same) {
      digestsDueNanos.putIfAbsent(key(heard.link()), nowNanos);
    }
  }

  private void hear(Event.Section section, Facts facts, Effects out, long nowNanos)
      throws MalformedException {
    WireReader body = section.body();
    LinkView link = section.frame().link();
    switch (section.kind()) {
      case DIGEST -> {
        while (body.remaining() > 0) {
          digest(body.u16(), body.varint(), link, facts, nowNanos);
        }
      }
      case WANT ->
          want(body.u16(), body.varint(), body.varint(PageCodec.PAGE_MAX_BYTES), link, nowNanos);
      case CHUNK -> chunk(body, link, out, nowNanos);
      default -> {} // a later version's
    }
  }

  private void digest(int zone, long version, LinkView link, Facts facts, long nowNanos) {
    long mine = charter.version(zone);
    if (version > mine && concerns(zone, facts)) {
      boolean better = intake == null || version > intake.version && zone == intake.zone;
      if (better) {
        intake = new Intake(zone, version, link.link(), nowNanos);
      }
    } else if (version < mine) {
      if (link.profile().broadcast()) {
        trickle.reset(nowNanos);
      } else {
        digestsDueNanos.putIfAbsent(key(link), nowNanos);
      }
    }
  }

  /** A node keeps the site page, its cell's and those above it, and whatever its owner gave it. */
  private boolean concerns(int zone, Facts facts) {
    return charter.pages().containsKey(zone)
        || zone == Page.SITE
        || zone == facts.self().cell()
        || charter.ancestors(facts.self().cell()).stream().anyMatch(page -> page.parent() == zone);
  }

  private void want(int zone, long version, int offset, LinkView link, long nowNanos) {
    byte[] page = signed.get(zone);
    boolean hold = page != null && charter.version(zone) == version && offset < page.length;
    if (hold && answers.size() < ANSWERS_MAX) {
      long spread = link.profile().broadcast() ? 16 * link.profile().roundMillis() * 1_000_000 : 1;
      answers.putIfAbsent(
          key(link), new Answer(key(link), zone, offset, nowNanos + random.nextLong(spread)));
    }
  }

  private void chunk(WireReader body, LinkView link, Effects out, long nowNanos)
      throws MalformedException {
    int zone = body.u16();
    long version = body.varint();
    int total = body.varint(PageCodec.PAGE_MAX_BYTES);
    int offset = body.varint(total);
    byte[] part = body.bytes(body.remaining());
    Answer mine = answers.get(key(link));
    if (mine != null && mine.zone() == zone && mine.offset() == offset) {
      answers.remove(key(link)); // somebody else answered
    }
    Intake taking = intake;
    if (taking == null
        || taking.zone != zone
        || taking.version != version
        || offset > taking.have) {
      return;
    }
    if (offset + part.length > total) {
      throw new MalformedException("a chunk passes its page's end");
    }
    if (taking.bytes.length != total) {
      taking.bytes = Arrays.copyOf(taking.bytes, total);
    }
    System.arraycopy(part, 0, taking.bytes, offset, part.length);
    taking.have = Math.max(taking.have, offset + part.length);
    taking.askNanos = nowNanos;
    if (taking.have == total) {
      intake = null;
      install(taking.bytes, out, nowNanos);
    }
  }

  private void install(byte[] bytes, Effects out, long nowNanos) {
    try {
      Page page = PageCodec.open(bytes, operator);
      if (page.version() > charter.version(page.zone())) {
        charter = charter.with(page);
        signed.put(page.zone(), bytes);
        out.persist(page.zone(), bytes);
        out.publish(charter);
        trickle.reset(nowNanos);
        out.deliver(
            new Delivery.Notice(
                "charter",
                Integer.toString(page.zone()),
                "page version " + page.version() + " holds"));
      }
    } catch (MalformedException e) {
      out.deliver(new Delivery.Warning("charter", "page", "page dropped: " + e.getMessage()));
    }
  }

  private void wake(long nowNanos) {
    if (intake != null && nowNanos - intake.sinceNanos > ABANDON_NANOS) {
      intake = null;
    }
  }

  @Override
  public long nextWakeNanos() {
    long next = trickle.nextNanos();
    if (intake != null) {
      next = Math.min(next, intake.askNanos);
    }
    for (Answer answer : answers.values()) {
      next = Math.min(next, answer.dueNanos());
    }
    for (long due : digestsDueNanos.values()) {
      next = Math.min(next, due);
    }
    return next;
  }

  @Override
  public Urgency urgency(LinkView link, Facts facts, long nowNanos) {
    boolean speak =
        asks(link, nowNanos) || answer(link, nowNanos).isPresent() || tells(link, nowNanos);
    return speak ? Urgency.NORMAL : Urgency.NONE;
  }

  private boolean asks(LinkView link, long nowNanos) {
    return intake != null && intake.link == link.link() && nowNanos >= intake.askNanos;
  }

  private boolean tells(LinkView link, long nowNanos) {
    if (link.profile().broadcast()) {
      return trickle.due(nowNanos);
    }
    Long due = digestsDueNanos.get(key(link));
    return due != null && nowNanos >= due;
  }

  private Optional<Answer> answer(LinkView link, long nowNanos) {
    return Optional.ofNullable(answers.get(key(link))).filter(a -> nowNanos >= a.dueNanos());
  }

  @Override
  public void fill(SectionWriter to, LinkView link, long frameId, Facts facts, long nowNanos) {
    Runnable commit = () -> {};
    if (asks(link, nowNanos) && intake != null && to.remaining() >= CHUNK_HEADER_MAX_BYTES) {
      Intake asked = intake;
      to.open(WANT).u16(asked.zone).varint(asked.version).varint(asked.have);
      if (to.close()) {
        commit = then(commit, () -> asked.askNanos = nowNanos + ASK_AGAIN_NANOS);
      }
    }
    if (tells(link, nowNanos) && writeDigest(to, link, facts)) {
      commit =
          then(
              commit,
              () -> {
                if (link.profile().broadcast()) {
                  trickle.spoke();
                } else {
                  digestsDueNanos.remove(key(link));
                }
              });
    }
    Answer answer = answer(link, nowNanos).orElse(null);
    if (answer != null && writeChunk(to, answer)) {
      commit = then(commit, () -> answers.remove(answer.key(), answer));
    }
    filled.put(frameId, commit);
  }

  private static Runnable then(Runnable first, Runnable second) {
    return () -> {
      first.run();
      second.run();
    };
  }

  private boolean writeDigest(SectionWriter to, LinkView link, Facts facts) {
    WireWriter body = to.open(DIGEST);
    body.u16(Page.SITE).varint(charter.version(Page.SITE));
    if (link.mate()) {
      body.u16(facts.self().cell()).varint(charter.version(facts.self().cell()));
    }
    for (Page.Inner above : charter.ancestors(facts.self().cell())) {
      int mark = body.mark();
      body.u16(above.zone()).varint(above.version());
      if (body.overflowed()) {
        body.reset(mark);
      }
    }
    return to.close();
  }

  private boolean writeChunk(SectionWriter to, Answer answer) {
    byte[] page = signed.get(answer.zone());
    int room = to.remaining() - CHUNK_HEADER_MAX_BYTES;
    if (page == null || room < CHUNK_MIN_BYTES) {
      return false;
    }
    int count = Math.min(room, page.length - answer.offset());
    to.open(CHUNK)
        .u16(answer.zone())
        .varint(charter.version(answer.zone()))
        .varint(page.length)
        .varint(answer.offset())
        .bytes(page, answer.offset(), count);
    return to.close();
  }

  @Override
  public void sent(LinkView link, long frameId, boolean left, long nowNanos) {
    Runnable commit = filled.remove(frameId);
    if (commit != null && left) {
      commit.run();
    }
  }

  private static int key(LinkView link) {
    return link.link() << 24 | link.to().cell() << 8 | link.to().slot();
  }
}
