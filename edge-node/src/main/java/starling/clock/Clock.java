package starling.clock;

import org.jspecify.annotations.Nullable;
import starling.engine.ByNeighbour;
import starling.engine.Effects;
import starling.engine.Event;
import starling.engine.Lately;
import starling.engine.LinkView;
import starling.engine.Local;
import starling.engine.Protocol;
import starling.engine.Section;
import starling.engine.SectionType;
import starling.engine.SectionWriter;
import starling.engine.UnderWay;
import starling.link.LinkProfile;
import starling.model.Delivery;
import starling.model.Facts;
import starling.model.NetworkTime;
import starling.model.Page;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/**
 * The clock protocol.
 *
 * <pre>
 * kind 0, TIME   network time 6 (Unix ms, when the frame was filled) | uncertainty 2 (0.1 ms) | root 2 | hops 1
 * </pre>
 *
 * <p>A node believes whoever leaves it with less uncertainty than it has itself. Each hop adds at
 * least its medium's jitter, so time can't run in circles: what comes back is always worse than
 * what went out. One that contradicts what it has within the stated uncertainties it believes if it
 * is ahead, or if it keeps coming. Uncertainty grows by {@link NetworkTime#DRIFT_PPM} while nothing
 * better is heard. Time is news to a neighbour once; after that it rides in frames that leave
 * anyway: on a shared medium unless somebody as far from the root said it lately.
 *
 * <p>On a radio nothing holds frames up: there a contradiction counts, ahead or behind, once such
 * frames outnumber those that agree by {@value #CONTRADICTIONS}. Of two roots that contradict each
 * other the one with the smaller number is believed by all, also by the other, as long as it is
 * heard of; so a site has one time. Whoever is nearer to the root is believed once in a while
 * whatever it is sure of, since a bad crystal drifts faster than uncertainty grows. What agrees to
 * within the jitter of two hops moves the clock half of the way, which evens jitter out. Time is
 * said on at first unless {@value #SAYINGS_ENOUGH} others were heard saying it.
 */
public final class Clock implements Protocol {
  private static final int TIME = 0;
  private static final int BODY_BYTES = 11;
  private static final int HOPS_MAX = 15;
  private static final long UNCERTAINTY_UNIT_MICROS = 100;
  private static final long UNCERTAINTY_MAX_MICROS = 0xFFFF * UNCERTAINTY_UNIT_MICROS;
  private static final long REFRESH_MICROS = 1_000;
  private static final long REFRESH_NANOS = 30_000_000_000L;
  private static final int LATE_BELIEVED = 4;
  private static final int AIRED_A_WINDOW = 4;
  private static final long AIRED_EVERY_NANOS = 2_000_000_000L;
  private static final int SAYINGS_ENOUGH = 3;
  private static final int CONTRADICTIONS = 2; // more than agreements, to be believed
  private static final long HOP_MICROS = 25_000; // what one adds, on most media
  private static final long STALE_MICROS = 100_000; // uncertainty beyond that of its hops
  private static final long EARLIEST_MILLIS = 1_577_836_800_000L; // 2020: boards start at 1970
  private static final long LATEST_MILLIS = 4_102_444_800_000L; // 2100: windows stay countable

  private final Lately told = new Lately();
  private @Nullable UnderWay<LinkView> filled;
  private NetworkTime time = NetworkTime.UNKNOWN;
  private int late;
  private int aired; // when somebody said time on the shared medium, 0 for never
  private int airedAlike; // when somebody did who is as far from the root
  private boolean newcomer; // was heard since: it has no time
  private boolean byRadio; // how this time came
  private int sayings; // by others on a radio, before this node's first

  @Override
  public SectionType type() {
    return SectionType.CLOCK;
  }

  @Override
  public Share share() {
    return new Share(SectionWriter.HEADER_BYTES + BODY_BYTES);
  }

  @Override
  public void on(Event event, Facts facts, Effects out, long nowNanos) {
    if (event instanceof Event.Heard heard && heard.link().profile().broadcast()) {
      boolean mate = heard.header().cell() == facts.self().cell();
      newcomer |= mate && (facts.members().heard() & 1L << heard.header().slot()) == 0;
    }
    if (event instanceof Event.Said(Local.SystemTime(long unixMicros, long uncertaintyMicros))) {
      if (!plausible(unixMicros / 1000)) {
        String text = "this machine's clock is not set: it is not passed on as network time";
        out.deliver(new Delivery.Warning("clock", "system", text));
        return;
      }
      int root = (int) facts.self().id().bits() & 0xFFFF;
      long offsetMicros = unixMicros - nowNanos / 1000;
      adopt(
          new NetworkTime(offsetMicros, uncertaintyMicros, nowNanos, root, 0), null, out, nowNanos);
    }
  }

  @Override
  public void read(Section section, Facts facts, Effects out, long nowNanos)
      throws MalformedException {
    if (section.kind() != TIME) {
      return; // a later version's
    }
    Event.Heard frame = section.frame();
    WireReader body = section.body();
    long millis = body.u48();
    long uncertainty = body.u16() * UNCERTAINTY_UNIT_MICROS;
    int root = body.u16();
    int hops = body.u8();
    body.end();
    if (!plausible(millis)) {
      throw new MalformedException("network time " + millis + " is not of this century");
    }
    LinkView link = frame.link();
    if (link.profile().broadcast()) {
      overhear(hops, nowNanos);
    }
    if (hops >= HOPS_MAX) {
      return;
    }
    LinkProfile profile = link.profile();
    long thenMicros =
        millis * 1000 + profile.airtime().micros(frame.bytes()) + profile.delay().micros();
    adopt(
        new NetworkTime(
            thenMicros - frame.heardNanos() / 1000,
            uncertainty + profile.delay().jitterMicros(),
            frame.heardNanos(),
            root,
            hops + 1),
        profile,
        out,
        nowNanos);
  }

  /** Who is farther from the root makes this node silent for a while, its like for longer. */
  private void overhear(int hops, long nowNanos) {
    boolean enough = aired == 0 ? ++sayings >= SAYINGS_ENOUGH : hops >= time.hops();
    aired = enough ? ByNeighbour.ticks(nowNanos) : aired;
    if (hops == time.hops()) {
      airedAlike = ByNeighbour.ticks(nowNanos);
      newcomer = false;
    }
  }

  private static boolean plausible(long millis) {
    return millis >= EARLIEST_MILLIS && millis < LATEST_MILLIS;
  }

  /**
   * Takes what leaves less uncertainty.
   *
   * @param medium how it came; null if it is this machine's own
   */
  private void adopt(
      NetworkTime candidate, @Nullable LinkProfile medium, Effects out, long nowNanos) {
    boolean radio = medium == null ? byRadio : medium.broadcast();
    if (!(radio && time.known()
        ? believesByRadio(candidate, medium, nowNanos)
        : believes(candidate, nowNanos))) {
      warnIfOverruled(candidate, out, nowNanos);
      return;
    }
    if (!time.known()) {
      String text = "network time found, " + candidate.hops() + " hops away";
      out.deliver(new Delivery.Notice("time", "", text));
    } else if (conflicts(candidate, nowNanos)) {
      long stepMillis = (candidate.micros(nowNanos) - time.micros(nowNanos)) / 1000;
      String root = Integer.toHexString(candidate.root());
      String text = "network time stepped by " + stepMillis + " ms";
      out.deliver(new Delivery.Warning("clock", root, text));
    }
    late = 0;
    byRadio = medium != null && medium.broadcast();
    time = smoothed(candidate, medium, nowNanos);
    out.publish(time);
  }

  /** This machine's clock is a root's, but another root is believed. */
  private void warnIfOverruled(NetworkTime candidate, Effects out, long nowNanos) {
    if (candidate.hops() == 0
        && candidate.root() != time.root()
        && conflicts(candidate, nowNanos)) {
      long offMillis = (candidate.micros(nowNanos) - time.micros(nowNanos)) / 1000;
      String root = Integer.toHexString(time.root());
      String text =
          "this machine's clock is " + offMillis + " ms off the site's, which goes by root " + root;
      out.deliver(new Delivery.Warning("clock", "system", text));
    }
  }

  private NetworkTime smoothed(NetworkTime candidate, @Nullable LinkProfile medium, long nowNanos) {
    if (medium == null || !medium.broadcast()) {
      return candidate;
    }
    long moveMicros = candidate.micros(nowNanos) - time.micros(nowNanos);
    boolean near = time.known() && Math.abs(moveMicros) <= 2 * medium.delay().jitterMicros();
    return near && candidate.root() == time.root() ? candidate.moved(-moveMicros / 2) : candidate;
  }

  private boolean believesByRadio(
      NetworkTime candidate, @Nullable LinkProfile medium, long nowNanos) {
    long better = time.uncertaintyMicros(nowNanos) - candidate.uncertaintyMicros();
    boolean conflicts = conflicts(candidate, nowNanos);
    if (candidate.uncertaintyMicros() > UNCERTAINTY_MAX_MICROS) {
      return false;
    }
    if (conflicts && candidate.root() != time.root()) {
      return outranks(candidate, better, nowNanos);
    }
    if (medium != null && candidate.hops() > time.hops() + 1) {
      return false; // whoever that is goes by what this node said
    }
    late = Math.max(0, conflicts ? late + 1 : late - 1);
    if (conflicts) {
      return candidate.hops() == 0 || late >= CONTRADICTIONS;
    }
    boolean nearer = candidate.root() == time.root() && candidate.hops() <= time.hops();
    return better >= REFRESH_MICROS || nearer && nowNanos - time.atNanos() >= REFRESH_NANOS;
  }

  /** Whether all should go by another root's time, which contradicts this one. */
  private boolean outranks(NetworkTime candidate, long better, long nowNanos) {
    boolean stale = isStale(time, nowNanos);
    if (stale != isStale(candidate, nowNanos)) {
      return stale;
    }
    return stale ? better >= REFRESH_MICROS : candidate.root() < time.root();
  }

  /** Whether a root was not heard of for so long that its time is mostly drift. */
  private static boolean isStale(NetworkTime time, long nowNanos) {
    return time.uncertaintyMicros(nowNanos) - time.hops() * HOP_MICROS > STALE_MICROS;
  }

  private boolean conflicts(NetworkTime candidate, long nowNanos) {
    long stepMicros = Math.abs(candidate.micros(nowNanos) - time.micros(nowNanos));
    return stepMicros > time.uncertaintyMicros(nowNanos) + candidate.uncertaintyMicros();
  }

  private boolean believes(NetworkTime candidate, long nowNanos) {
    if (candidate.uncertaintyMicros() > UNCERTAINTY_MAX_MICROS) {
      return false;
    }
    long better = time.uncertaintyMicros(nowNanos) - candidate.uncertaintyMicros();
    if (!time.known()) {
      return true;
    }
    boolean conflicts = conflicts(candidate, nowNanos);
    if (conflicts && candidate.root() != time.root() && !outranks(candidate, better, nowNanos)) {
      return false;
    }
    if (conflicts && candidate.hops() == 0) {
      return true;
    }
    if (!conflicts) {
      late = 0;
      return better >= REFRESH_MICROS;
    }
    if (better < -REFRESH_MICROS) {
      return false;
    }
    // Frames get delayed, never hurried: who is ahead of us is right, who is behind was held up on
    // the way, unless that goes on.
    boolean ahead = candidate.micros(nowNanos) > time.micros(nowNanos);
    return ahead || ++late >= LATE_BELIEVED;
  }

  @Override
  public long nextWakeNanos(long nowNanos) {
    return Long.MAX_VALUE;
  }

  @Override
  public int changes() {
    return time.known() ? 1 : 0; // news to each neighbour once
  }

  @Override
  public Urgency urgency(LinkView link, Facts facts, long nowNanos) {
    if (!time.known()) {
      return Urgency.NONE;
    }
    if (link.profile().broadcast()) {
      return aired == 0 ? Urgency.TURN : airs(facts, nowNanos) ? Urgency.IDLE : Urgency.NONE;
    }
    if (told.lately(link, nowNanos)) {
      return Urgency.NONE;
    }
    return told.ever(link) ? Urgency.IDLE : Urgency.TURN;
  }

  /**
   * On a shared medium a few say the time in each window: drift is slow, and frames are long. Who
   * is beyond the next hop hears it from those alone who are as far from the root as this node.
   */
  private boolean airs(Facts facts, long nowNanos) {
    long windowMillis = facts.charter().site().map(Page.Site::windowMillis).orElse(0L);
    long windowNanos = (windowMillis << facts.pace().exponent()) * 1_000_000;
    long everyNanos = Math.max(AIRED_EVERY_NANOS, windowNanos / AIRED_A_WINDOW);
    long alikeNanos = facts.reach().all() ? Math.max(everyNanos, windowNanos) : everyNanos;
    return newcomer
        || ByNeighbour.sinceNanos(aired, nowNanos) >= everyNanos
        || ByNeighbour.sinceNanos(airedAlike, nowNanos) >= alikeNanos;
  }

  @Override
  public void fill(SectionWriter to, LinkView link, long frameId, Facts facts, long nowNanos) {
    long uncertainty = time.uncertaintyMicros(nowNanos);
    if (to.remaining() < BODY_BYTES || uncertainty > UNCERTAINTY_MAX_MICROS) {
      return;
    }
    to.open(TIME)
        .u48(time.millis(nowNanos))
        .u16((int) (uncertainty / UNCERTAINTY_UNIT_MICROS) + 1)
        .u16(time.root())
        .u8(time.hops());
    if (to.close()) {
      filled = UnderWay.with(frameId, link, filled);
    }
  }

  @Override
  public void sent(LinkView link, long frameId, boolean left, long nowNanos) {
    LinkView said = UnderWay.find(frameId, filled);
    filled = UnderWay.without(frameId, filled);
    if (said != null && left && said.profile().broadcast()) {
      aired = ByNeighbour.ticks(nowNanos);
      airedAlike = aired;
      newcomer = false;
    } else if (said != null && left) {
      told.said(said, nowNanos);
    }
  }
}
