package starling.clock;

import java.util.HashMap;
import java.util.Map;
import starling.engine.Effects;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Local;
import starling.engine.Protocol;
import starling.engine.SectionType;
import starling.engine.SectionWriter;
import starling.model.Delivery;
import starling.model.Facts;
import starling.model.NetworkTime;
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
 * what went out. Uncertainty grows by {@link NetworkTime#DRIFT_PPM} while nothing better is heard.
 */
public final class Clock implements Protocol {
  private static final int TIME = 0;
  private static final int BODY_BYTES = 11;
  private static final int HOPS_MAX = 15;
  private static final long UNCERTAINTY_UNIT_MICROS = 100;
  private static final long UNCERTAINTY_MAX_MICROS = 0xFFFF * UNCERTAINTY_UNIT_MICROS;
  private static final long SPEAK_EVERY_NANOS = 2_000_000_000L;
  private static final long REFRESH_MICROS = 1_000;

  private final Map<Integer, Long> spokenNanos = new HashMap<>();
  private final Map<Long, Integer> filled = new HashMap<>();
  private NetworkTime time = NetworkTime.UNKNOWN;

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
    switch (event) {
      case Event.Section(Event.Heard frame, int kind, WireReader body) when kind == TIME -> {
        try {
          hear(frame, body, out, nowNanos);
        } catch (MalformedException e) {
          // half a time is no time
        }
      }
      case Event.Said(Local.SystemTime(long unixMicros, long uncertaintyMicros)) -> {
        int root = (int) facts.self().id().bits() & 0xFFFF;
        adopt(
            new NetworkTime(
                true, unixMicros - nowNanos / 1000, uncertaintyMicros, nowNanos, root, 0),
            out,
            nowNanos);
      }
      default -> {}
    }
  }

  private void hear(Event.Heard frame, WireReader body, Effects out, long nowNanos)
      throws MalformedException {
    long millis = body.u48();
    long uncertainty = body.u16() * UNCERTAINTY_UNIT_MICROS;
    int root = body.u16();
    int hops = body.u8();
    body.end();
    if (hops >= HOPS_MAX) {
      return;
    }
    var profile = frame.link().profile();
    long thenMicros =
        millis * 1000 + profile.airtime().micros(frame.bytes()) + profile.delayMicros();
    adopt(
        new NetworkTime(
            true,
            thenMicros - frame.heardNanos() / 1000,
            uncertainty + profile.jitterMicros(),
            frame.heardNanos(),
            root,
            hops + 1),
        out,
        nowNanos);
  }

  private void adopt(NetworkTime candidate, Effects out, long nowNanos) {
    long has = time.uncertaintyMicros(nowNanos);
    if (candidate.uncertaintyMicros() > UNCERTAINTY_MAX_MICROS
        || time.known() && candidate.uncertaintyMicros() + REFRESH_MICROS > has) {
      return;
    }
    long stepMicros = candidate.micros(nowNanos) - time.micros(nowNanos);
    if (!time.known()) {
      out.deliver(
          new Delivery.Notice(
              "time", "", "network time found, " + candidate.hops() + " hops away"));
    } else if (Math.abs(stepMicros) > has + candidate.uncertaintyMicros()) {
      out.deliver(
          new Delivery.Warning(
              "clock",
              Integer.toHexString(candidate.root()),
              "network time stepped by " + stepMicros / 1000 + " ms"));
    }
    time = candidate;
    out.publish(time);
  }

  @Override
  public long nextWakeNanos() {
    return Long.MAX_VALUE;
  }

  @Override
  public Urgency urgency(LinkView link, Facts facts, long nowNanos) {
    return time.known() && due(link, nowNanos) ? Urgency.IDLE : Urgency.NONE;
  }

  private boolean due(LinkView link, long nowNanos) {
    Long last = spokenNanos.get(key(link));
    return last == null || nowNanos - last >= SPEAK_EVERY_NANOS;
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
      filled.put(frameId, key(link));
    }
  }

  @Override
  public void sent(LinkView link, long frameId, boolean left, long nowNanos) {
    Integer said = filled.remove(frameId);
    if (said != null && left) {
      spokenNanos.put(said, nowNanos);
    }
  }

  private static int key(LinkView link) {
    return link.link() << 24 | link.to().cell() << 8 | link.to().slot();
  }
}
