package starling.simulate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import starling.charter.CharterSpread;
import starling.clock.Clock;
import starling.engine.Engine;
import starling.engine.Host;
import starling.engine.Local;
import starling.engine.Protocol;
import starling.engine.SectionType;
import starling.engine.SqueezedProtocol;
import starling.frame.Keyring;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Link;
import starling.link.LinkProfile;
import starling.link.memory.VirtualTime;
import starling.membership.Membership;
import starling.model.Delivery;
import starling.model.Member;
import starling.model.NodeId;
import starling.model.Page;
import starling.model.Self;
import starling.zone.Zone;

/**
 * One life of one node: a production engine in a virtual network, with its own clock, a disk that
 * may be older than it, and links that others give it.
 */
final class VirtualNode implements Host {
  private static final long DISK_NANOS = 2_000_000;
  private static final long SYSTEM_TIME_EVERY_NANOS = 10_000_000_000L;
  private static final long MINUTE_NANOS = 60_000_000_000L;

  final String path;
  final Page.Cell cell;
  final Member member;
  final List<Delivery> told = new ArrayList<>();
  final Disk disk;
  final Engine engine;

  /** How far a gateway's system clock is off. */
  long clockErrorMillis;

  private final VirtualSite site;
  private final VirtualTime time;
  private final List<Link> links;
  private final LongFunction<Map<String, Double>> sensor;
  private final List<ArrayDeque<Sent>> minutes = new ArrayList<>();
  private final long skewNanos;
  private boolean alive = true;
  private long wakeAt = Long.MAX_VALUE;
  private int writesLeft = Integer.MAX_VALUE;
  private boolean diesBeforeWrite;

  /** What a node wrote and will find again. */
  static final class Disk extends TreeMap<Long, TreeMap<Long, byte[]>> {
    private static final long serialVersionUID = 1;

    Disk copy() {
      Disk copy = new Disk();
      forEach((protocol, records) -> copy.put(protocol, new TreeMap<>(records)));
      return copy;
    }
  }

  private record Sent(long nanos, long micros) {}

  VirtualNode(
      VirtualSite site,
      String path,
      Member member,
      Page.Cell cell,
      Keyring keyring,
      List<Link> links,
      LongFunction<Map<String, Double>> sensor,
      Disk disk,
      long seed) {
    this.site = site;
    this.path = path;
    this.cell = cell;
    this.member = member;
    this.time = site.time;
    this.links = links;
    this.sensor = sensor;
    this.disk = disk;
    links.forEach(_ -> minutes.add(new ArrayDeque<>()));
    SplittableRandom random = new SplittableRandom(seed);
    this.skewNanos = random.nextLong(1_000_000_000_000L);
    List<LinkProfile> profiles = links.stream().map(Link::profile).toList();
    this.engine =
        new Engine(
            new Self(NodeId.of(member.key()), cell.zone(), member.slot(), 0),
            site.charter,
            keyring,
            Stream.<Supplier<Protocol>>of(
                    Clock::new,
                    () -> spread(new SplittableRandom(seed + 1)),
                    Membership::new,
                    () -> new Zone(profiles))
                .map(protocol -> site.squeezing > 0 ? squeeze(protocol) : protocol.get())
                .toList(),
            profiles,
            random.split(),
            this);
  }

  private CharterSpread spread(SplittableRandom random) {
    return new CharterSpread(site.operator, site.charter, site.signed(), random);
  }

  private Protocol squeeze(Supplier<Protocol> protocol) {
    SqueezedProtocol squeezed = new SqueezedProtocol(protocol.get(), protocol, site.squeezing);
    site.squeezed.add(squeezed);
    return squeezed;
  }

  void start() {
    disk.forEach((protocol, records) ->
        records.forEach((key, value) -> engine.restore(protocol.intValue(), key, value)));
    for (int i = 0; i < links.size(); i++) {
      links.get(i).open(new Ear(i));
    }
    run(() -> engine.start(now()));
    if (member.gateway()) {
      tellSystemTime();
    }
  }

  private final class Ear implements Link.Listener {
    private final int link;

    Ear(int link) {
      this.link = link;
    }

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
  }

  private void tellSystemTime() {
    say(new Local.SystemTime(time.nowNanos() / 1000 + clockErrorMillis * 1000, 1_000));
    time.at(
        time.nowNanos() + SYSTEM_TIME_EVERY_NANOS,
        () -> {
          if (alive) {
            tellSystemTime();
          }
        });
  }

  /** Power off, at once: what was not on disk is gone. */
  void kill() {
    alive = false;
    links.forEach(Link::close);
  }

  /**
   * Power will fail at the disk's write number {@code writes} from now on, counted from 0: before
   * it is on disk, or after it is and before the node knows.
   */
  void dieAtWrite(int writes, boolean before) {
    writesLeft = writes;
    diesBeforeWrite = before;
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
    meter(link, frame.length);
    site.trace(path, frame);
    if (site.dropping > 0 && frameId % site.dropping == 0) {
      time.at(time.nowNanos(), () -> run(() -> engine.left(link, frameId, false, now())));
      return;
    }
    links.get(link).send(frameId, to, permit, frame);
  }

  /** From outside: what this node's frames took of the medium in the last minute. */
  private void meter(int link, int bytes) {
    LinkProfile profile = links.get(link).profile();
    ArrayDeque<Sent> minute = minutes.get(link);
    minute.add(new Sent(time.nowNanos(), profile.airtime().micros(bytes)));
    minute.removeIf(sent -> sent.nanos() <= time.nowNanos() - MINUTE_NANOS);
    long micros = minute.stream().mapToLong(Sent::micros).sum();
    int speakers = cell.members().size() - Long.bitCount(engine.facts().members().gone());
    double share = profile.channelTarget() / speakers * MINUTE_NANOS / 1000;
    long largest = profile.airtime().micros(profile.mtuBytes());
    if (micros > Math.max(share, largest)) {
      site.broken.add(path + " sent for " + micros + " us in a minute; its share is " + share);
    }
    if (profile.broadcast()) {
      site.onAir(cell.zone(), profile, bytes);
    }
  }

  @Override
  public void deliver(Delivery delivery) {
    told.add(delivery);
    site.trace(path, delivery.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    if (delivery instanceof Delivery.SampleDue due) {
      long endMillis = due.windowEndMillis();
      time.at(
          time.nowNanos() + 1_000_000,
          () -> say(new Local.Readings(endMillis, sensor.apply(endMillis), 0)));
    }
  }

  @Override
  public void persist(long id, int protocol, long key, byte[] value) {
    time.at(
        time.nowNanos() + DISK_NANOS,
        () -> {
          boolean dies = writesLeft-- == 0;
          if (!alive || dies && diesBeforeWrite) {
            kill();
            return;
          }
          disk.computeIfAbsent((long) protocol, _ -> new TreeMap<>()).put(key, value);
          if (protocol == SectionType.ZONE.code()) {
            site.sealed.durable(path, value);
          }
          if (dies) {
            kill();
          }
          run(() -> engine.durable(id, now()));
        });
  }

  <T extends Delivery> List<T> told(Class<T> kind) {
    return told.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The newest result of each window of a zone, by the window's end. */
  TreeMap<Long, Delivery.Result> results(String zone) {
    TreeMap<Long, Delivery.Result> newest = new TreeMap<>();
    for (Delivery.Result result : told(Delivery.Result.class)) {
      if (result.zone().equals(zone) && result.query().equals(VirtualSite.QUERY_NAME)) {
        newest.put(result.endMillis(), result);
      }
    }
    return newest;
  }

  List<Delivery.Warning> warnings() {
    return told(Delivery.Warning.class);
  }

  List<Delivery.Warning> warnings(String kind) {
    return warnings().stream().filter(warning -> warning.kind().equals(kind)).toList();
  }
}
