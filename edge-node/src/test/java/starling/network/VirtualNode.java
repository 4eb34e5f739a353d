package starling.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongFunction;
import starling.charter.CharterSpread;
import starling.charter.Operator;
import starling.clock.Clock;
import starling.engine.Engine;
import starling.engine.Host;
import starling.engine.Local;
import starling.engine.SectionType;
import starling.frame.Keyring;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Link;
import starling.link.LinkProfile;
import starling.link.memory.VirtualTime;
import starling.membership.Membership;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Member;
import starling.model.Self;
import starling.zone.Zone;

/**
 * One production engine in a virtual network: its own clock, its own disk, links that others give
 * it.
 */
final class VirtualNode implements Host {
  private static final long DISK_NANOS = 2_000_000;

  final String path;
  final List<Delivery> told = new ArrayList<>();
  final Map<Long, byte[]> sealed = new LinkedHashMap<>();
  final TreeMap<Long, TreeMap<Long, byte[]>> disk;
  private final VirtualTime time;
  private final List<Link> links;
  private final LongFunction<Map<String, Double>> sensor;
  private final long skewNanos;
  private final boolean root;
  Engine engine;
  private boolean alive = true;
  private long wakeAt = Long.MAX_VALUE;

  VirtualNode(
      String path,
      Member member,
      int cell,
      Charter charter,
      Map<Integer, byte[]> signed,
      Operator operator,
      Keyring keyring,
      VirtualTime time,
      List<Link> links,
      LongFunction<Map<String, Double>> sensor,
      TreeMap<Long, TreeMap<Long, byte[]>> disk,
      long seed) {
    this.path = path;
    this.time = time;
    this.links = links;
    this.sensor = sensor;
    this.disk = disk;
    this.root = member.gateway();
    SplittableRandom random = new SplittableRandom(seed);
    this.skewNanos = random.nextLong(1_000_000_000_000L);
    List<LinkProfile> profiles = links.stream().map(Link::profile).toList();
    this.engine =
        new Engine(
            new Self(member.id(), cell, member.slot(), 0),
            charter,
            keyring,
            List.of(
                new Clock(),
                new CharterSpread(operator, charter, signed, random.split()),
                new Membership(),
                new Zone(profiles)),
            profiles,
            random.split(),
            this);
  }

  void start() {
    disk.forEach((protocol, records) ->
        records.forEach((key, value) -> engine.restore(protocol.intValue(), key, value)));
    for (int i = 0; i < links.size(); i++) {
      int link = i;
      links
          .get(i)
          .open(
              new Link.Listener() {
                @Override
                public void heard(byte[] frame, long heardNanos) {
                  run(() -> engine.heard(link, frame, heardNanos + skewNanos, now()));
                }

                @Override
                public void left(long frameId, boolean left) {
                  run(() -> engine.left(link, frameId, left, now()));
                }

                @Override
                public void state(boolean up, String reason) {
                  run(() -> engine.linkState(link, up, now()));
                }
              });
    }
    run(() -> engine.start(now()));
    if (root) {
      run(() -> engine.say(new Local.SystemTime(time.nowNanos() / 1000, 1_000), now()));
    }
  }

  /** Power off, at once: what was not on disk is gone. */
  void kill() {
    alive = false;
    links.forEach(Link::close);
  }

  boolean alive() {
    return alive;
  }

  void say(Local what) {
    run(() -> engine.say(what, now()));
  }

  private long now() {
    return time.nowNanos() + skewNanos;
  }

  private void run(Runnable work) {
    if (!alive) {
      return;
    }
    work.run();
    long wake = engine.nextWakeNanos(now());
    if (wake != Long.MAX_VALUE && wake != wakeAt) {
      wakeAt = wake;
      time.at(
          wake - skewNanos,
          () -> {
            if (wakeAt == wake) {
              wakeAt = Long.MAX_VALUE;
              run(() -> engine.tick(now()));
            }
          });
    }
  }

  @Override
  public void send(int link, long frameId, Address to, AirtimeLedger.Permit permit, byte[] frame) {
    links.get(link).send(frameId, to, permit, frame);
  }

  @Override
  public void deliver(Delivery delivery) {
    told.add(delivery);
    if (delivery instanceof Delivery.SampleDue due) {
      time.at(
          time.nowNanos() + 1_000_000,
          () ->
              say(
                  new Local.Readings(
                      due.windowEndMillis(), sensor.apply(due.windowEndMillis()), 0)));
    }
  }

  @Override
  public void persist(long id, int protocol, long key, byte[] value) {
    time.at(
        time.nowNanos() + DISK_NANOS,
        () -> {
          if (alive) {
            disk.computeIfAbsent((long) protocol, _ -> new TreeMap<>()).put(key, value);
            if (protocol == SectionType.ZONE.code()) {
              sealed.put(endOf(value), value);
            }
            run(() -> engine.durable(id, now()));
          }
        });
  }

  private static long endOf(byte[] record) {
    long end = 0;
    for (int i = 3; i < 9; i++) {
      end = end << 8 | record[i] & 0xFF;
    }
    return end;
  }

  /** The newest delivery of each zone and query, for the root oracle. */
  List<Delivery.Result> results() {
    return told.stream()
        .filter(Delivery.Result.class::isInstance)
        .map(Delivery.Result.class::cast)
        .toList();
  }

  List<Delivery.Warning> warnings() {
    return told.stream()
        .filter(Delivery.Warning.class::isInstance)
        .map(Delivery.Warning.class::cast)
        .toList();
  }

  Map<String, Long> counts() {
    Map<String, Long> counts = new HashMap<>();
    told.forEach(d -> counts.merge(d.getClass().getSimpleName(), 1L, Long::sum));
    return counts;
  }
}
