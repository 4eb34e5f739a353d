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
 */
public final class Clock implements Protocol {
  private static final int TIME = 0;
  private static final int BODY_BYTES = 11;
  private static final int HOPS_MAX = 15;
  private static final long UNCERTAINTY_UNIT_MICROS = 100;
  private static final long UNCERTAINTY_MAX_MICROS = 0xFFFF * UNCERTAINTY_UNIT_MICROS;
  private static final long REFRESH_MICROS = 1_000;
  private static final int LATE_BELIEVED = 4;
  private static final int AIRED_A_WINDOW = 4;
  private static final long AIRED_EVERY_NANOS = 2_000_000_000L;
  private static final long EARLIEST_MILLIS = 1_577_836_800_000L; // 2020: boards start at 1970
  private static final long LATEST_MILLIS = 4_102_444_800_000L; // 2100: windows stay countable

  private final Lately told = new Lately();
  private @Nullable UnderWay<LinkView> filled;
  private NetworkTime time = NetworkTime.UNKNOWN;
  private int late;
  private int aired; // when somebody said on the shared medium what this node would, 0 for never

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
    if (event instanceof Event.Said(Local.SystemTime(long unixMicros, long uncertaintyMicros))) {
      if (!plausible(unixMicros / 1000)) {
        String text = "this machine's clock is not set: it is not passed on as network time";
        out.deliver(new Delivery.Warning("clock", "system", text));
        return;
      }
      int root = (int) facts.self().id().bits() & 0xFFFF;
      long offsetMicros = unixMicros - nowNanos / 1000;
      adopt(new NetworkTime(offsetMicros, uncertaintyMicros, nowNanos, root, 0), out, nowNanos);
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
    if (link.profile().broadcast() && (aired == 0 || hops >= time.hops())) {
      aired = ByNeighbour.ticks(nowNanos); // all here heard what this node would say
    }
    if (hops >= HOPS_MAX) {
      return;
    }
    LinkProfile profile = link.profile();
    long thenMicros =
        millis * 1000 + profile.airtime().micros(frame.bytes()) + profile.delayMicros();
    adopt(
        new NetworkTime(
            thenMicros - frame.heardNanos() / 1000,
            uncertainty + profile.jitterMicros(),
            frame.heardNanos(),
            root,
            hops + 1),
        out,
        nowNanos);
  }

  private static boolean plausible(long millis) {
    return millis >= EARLIEST_MILLIS && millis < LATEST_MILLIS;
  }

  private void adopt(NetworkTime candidate, Effects out, long nowNanos) {
    if (!believes(candidate, nowNanos)) {
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
    time = candidate;
    out.publish(time);
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
    if (!time.known() || candidate.hops() == 0 && conflicts(candidate, nowNanos)) {
      return true;
    }
    if (!conflicts(candidate, nowNanos)) {
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

  /** On a shared medium a few say the time in each window: drift is slow, and frames are long. */
  private boolean airs(Facts facts, long nowNanos) {
    long windowMillis = facts.charter().site().map(Page.Site::windowMillis).orElse(0L);
    long everyMillis = (windowMillis << facts.pace().exponent()) / AIRED_A_WINDOW;
    return ByNeighbour.sinceNanos(aired, nowNanos)
        >= Math.max(AIRED_EVERY_NANOS, everyMillis * 1_000_000);
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
    } else if (said != null && left) {
      told.said(said, nowNanos);
    }
  }
}
