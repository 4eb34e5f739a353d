package starling.bench.frame;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import starling.charter.CharterSpread;
import starling.clock.Clock;
import starling.engine.Engine;
import starling.engine.Host;
import starling.engine.Local;
import starling.inquiry.Inquiries;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.membership.Membership;
import starling.model.Delivery;
import starling.model.Member;
import starling.model.Self;
import starling.zone.Zone;

/**
 * A node's engine on a radio channel, driven by hand: time is what it is told, its disk and its
 * radio take no time, its clock is right, its sensors always say the same.
 */
final class DrivenNode implements Host {
  private static final long UNCERTAINTY_MICROS = 1000;

  private final Engine engine;
  private final Deque<Runnable> done = new ArrayDeque<>();
  private List<Frame> frames = new ArrayList<>();
  private long nowNanos = Cell.START_NANOS;

  /** A frame that left, and when. */
  record Frame(byte[] bytes, long atNanos) {}

  DrivenNode(Cell cell, Member member) {
    SplittableRandom random = new SplittableRandom(member.slot());
    List<LinkProfile> profiles = List.of(Presets.SIK_64K.profile());
    Zone zone = new Zone(profiles);
    engine =
        new Engine(
            new Self(member.id(), cell.page().zone(), member.slot(), 0),
            cell.charter(),
            cell.keyring(),
            List.of(
                new Clock(),
                new CharterSpread(cell.operator(), cell.charter(), Map.of(), random.split()),
                new Membership(),
                zone,
                new Inquiries(zone, profiles)),
            profiles,
            random.split(),
            this);
    engine.start(nowNanos);
  }

  /** Lives through a window; answers the frames that it said in it. */
  List<Frame> liveWindow() {
    engine.say(new Local.SystemTime(nowNanos / 1000, UNCERTAINTY_MICROS), nowNanos);
    settle();
    long endNanos = nowNanos + Cell.WINDOW_NANOS;
    for (long next = next(); next <= endNanos; next = next()) {
      nowNanos = next;
      engine.tick(nowNanos);
      settle();
    }
    nowNanos = endNanos;
    List<Frame> said = frames;
    frames = new ArrayList<>();
    return said;
  }

  /** Hears a frame. */
  void hear(Frame frame) {
    nowNanos = frame.atNanos();
    engine.heard(0, frame.bytes(), nowNanos, nowNanos);
    settle();
  }

  /** How many frames were opened and read. */
  long framesHeard() {
    return engine.statistics(nowNanos).framesHeard();
  }

  private long next() {
    return engine.nextWakeNanos(nowNanos);
  }

  /** Tells the engine that all is done that it wanted, until it wants no more. */
  private void settle() {
    while (!done.isEmpty()) {
      done.remove().run();
    }
  }

  @Override
  public void send(int link, long frameId, Address to, AirtimeLedger.Permit permit, byte[] frame) {
    frames.add(new Frame(frame, nowNanos));
    done.add(() -> engine.left(link, frameId, true, nowNanos));
  }

  @Override
  public void deliver(Delivery delivery) {
    if (delivery instanceof Delivery.SampleDue due) {
      Local.Readings readings = new Local.Readings(due.windowEndMillis(), Cell.READINGS, 0);
      done.add(() -> engine.say(readings, nowNanos));
    }
  }

  @Override
  public void persist(long id, int protocol, long key, byte[] value) {
    done.add(() -> engine.durable(id, nowNanos));
  }
}
