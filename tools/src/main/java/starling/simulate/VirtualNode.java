package starling.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import starling.charter.CharterSpread;
import starling.clock.Clock;
import starling.engine.Engine;
import starling.engine.Host;
import starling.engine.Local;
import starling.engine.Protocol;
import starling.engine.SectionType;
import starling.frame.Keyring;
import starling.inquiry.Inquiries;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.LinkProfile;
import starling.membership.Membership;
import starling.model.Delivery;
import starling.model.Hash;
import starling.model.Member;
import starling.model.Self;
import starling.wire.MalformedException;
import starling.zone.Zone;

/**
 * One life of one node: a production engine in a virtual network, with its own clock, a disk that
 * may be older than it, and a place at its cell's media.
 */
final class VirtualNode implements Host {
  private static final long DISK_NANOS = 2_000_000;
  private static final long SENSOR_NANOS = 1_000_000;
  private static final long SYSTEM_TIME_EVERY_NANOS = 10_000_000_000L;
  private static final long ALIVE = Long.MAX_VALUE;
  private static final int MILLION = 1_000_000;

  /**
   * Whoever may ask for contributions has a sixteenth of a share more for each speaker, at most.
   */
  private static final double SPEAKERS_A_SHARE = 16;

  private static final long MINUTE_MILLIS = 60_000;
  private static final int WINDOWS = 4; // over which crowded radios keep within their shares

  /** Its number on the site: the same for all lives of a node. */
  final int index;

  final VirtualCell cell;
  final Member member;
  final Disk disk;
  final Engine engine;

  private final VirtualSite site;
  private final @Nullable String label;
  private final @Nullable String identity;
  private final Keyring keyring;
  private final int station;
  private final Door[] doors;
  private List<Delivery> told = Collections.emptyList(); // most nodes are not listened to
  private long anchorNanos;
  private long anchorLocalNanos;
  private Ailments ailments = Ailments.NONE;
  private long diedNanos = ALIVE;
  private int count;
  private long trace;

  /** What may happen to a node, as the low bits of an event's detail say. */
  enum Kind {
    HEARD,
    LEFT,
    WRITTEN,
    SAMPLES,
    TELLS_TIME,
    AIR_FREE;

    private static final Kind[] ALL = values();
  }

  /** A record under way to the disk. */
  private record Write(VirtualNode life, long id, int protocol, long key, byte[] value) {}

  /**
   * Who begins a life, and where.
   *
   * @param label its name on the site, if that is not its place's
   * @param identity whose key it has, by path, if that is not its place's
   */
  record Birth(
      int index,
      VirtualCell cell,
      Member member,
      @Nullable String label,
      @Nullable String identity,
      Keyring keyring,
      Disk disk) {}

  VirtualNode(VirtualSite site, Birth birth, long seed) {
    this.site = site;
    this.label = birth.label();
    this.identity = birth.identity();
    this.keyring = birth.keyring();
    this.index = birth.index();
    this.cell = birth.cell();
    this.member = birth.member();
    this.disk = birth.disk();
    SplitMix random = new SplitMix(seed);
    this.anchorNanos = cell.shard.nowNanos();
    this.anchorLocalNanos = anchorNanos + random.nextLong(1_000_000_000_000L);
    Radio radio = cell.radio();
    this.station = radio == null ? -1 : radio.join(this);
    List<LinkProfile> profiles = new ArrayList<>();
    if (radio != null) {
      profiles.add(radio.profile());
    }
    if (radio == null || member.uplink()) {
      profiles.add(site.broker.profile());
    }
    profiles = shared(List.copyOf(profiles));
    this.doors = new Door[profiles.size()];
    for (int link = 0; link < doors.length; link++) {
      doors[link] = new Door(profiles.get(link), site.secondsAtOnce());
    }
    this.engine =
        new Engine(
            new Self(member.id(), cell.page().zone(), member.slot(), 0),
            cell.pages(),
            keyring,
            protocols(profiles, seed),
            profiles,
            random.split(),
            this);
  }

  LinkProfile medium(int link) {
    return doors[link].profile();
  }

  private List<Protocol> protocols(List<LinkProfile> profiles, long seed) {
    List<Zone> zones = new ArrayList<>(1); // the first one is this node's
    return Stream.<Supplier<Protocol>>of(
            Clock::new,
            () ->
                new CharterSpread(
                    site.operator, cell.pages(), cell.signed(), new SplitMix(Hash.of(seed, 1))),
            Membership::new,
            () -> {
              zones.add(new Zone(profiles));
              return zones.getLast();
            },
            () -> new Inquiries(zones.getFirst(), profiles))
        .map(site::wrapped)
        .toList();
  }

  void start() {
    disk.restore(engine);
    try {
      engine.start(local());
    } catch (RuntimeException e) {
      crashed(e);
    }
    settle();
    if (member.gateway()) {
      tellSystemTime();
    }
  }

  Birth birth() {
    return new Birth(index, cell, member, label, identity, keyring, disk);
  }

  /** Whether it is a second card with a key that another has. */
  boolean isClone() {
    return label != null;
  }

  /** The busiest minute of any of its media, in microseconds of airtime. */
  int busiestMinuteMicros() {
    int most = 0;
    for (Door door : doors) {
      most = Math.max(most, door.mostMicros());
    }
    return most;
  }

  /** Bytes that it sent, over all media. */
  long bytes() {
    long bytes = 0;
    for (Door door : doors) {
      bytes += door.bytes();
    }
    return bytes;
  }

  /** News for its neighbours that could not leave yet, in bytes. */
  long backlogBytes() {
    return engine.backlogBytes(local());
  }

  /** Its name on the site, such as {@code /orchard/north/n3}. */
  String path() {
    return label == null ? place() : label;
  }

  /** Where the charter has it. */
  String place() {
    return cell.path + "/" + member.name();
  }

  /** By whose readings it goes. */
  private String senses() {
    return label != null && identity == null ? path() : identity();
  }

  /** Whose key it has, by the path that it had first. */
  String identity() {
    return identity == null ? place() : identity;
  }

  boolean alive() {
    return diedNanos == ALIVE;
  }

  /** When this life ended, if it has. */
  long diedNanos() {
    return diedNanos;
  }

  long trace() {
    return trace;
  }

  // ---- faults

  /** What is wrong with it. */
  Ailments ailments() {
    return ailments;
  }

  /** The same, to make something wrong. */
  Ailments ailing() {
    ailments = ailments == Ailments.NONE ? new Ailments() : ailments;
    return ailments;
  }

  /** Power off, at once: what was not on disk is gone. */
  void kill() {
    diedNanos = cell.shard.nowNanos();
    cell.shard.wakes.set(index, Long.MAX_VALUE);
    Radio radio = cell.radio();
    if (radio != null) {
      radio.leave(station);
    }
    note("stops");
  }

  /**
   * Power will fail at the disk's write number {@code writes} from now on, counted from 0: before
   * it is on disk, or after it is and before the node knows.
   */
  void dieAtWrite(int writes, boolean before) {
    ailing().powerFails(writes, before);
  }

  /**
   * It stands still for so long, as a swapping or overheated board does; then all comes at once.
   */
  void pause(long nanos) {
    ailing().pausedUntilNanos = cell.shard.nowNanos() + nanos;
    note("stands still for " + nanos / MILLION + " ms");
  }

  /** Its own clock runs fast by so many millionths from now on, or slow if that is negative. */
  void drift(int ppm) {
    long local = local();
    anchorNanos = cell.shard.nowNanos();
    anchorLocalNanos = local;
    ailing().driftPpm = ppm;
    settle();
  }

  // ---- what happens

  /** The time by its own clock. */
  long local() {
    return local(cell.shard.nowNanos());
  }

  private long local(long nanos) {
    long passed = nanos - anchorNanos;
    return anchorLocalNanos + passed + passed / MILLION * ailments.driftPpm;
  }

  private long global(long localNanos) {
    long passed = localNanos - anchorLocalNanos;
    int ppm = ailments.driftPpm;
    long nanos = anchorNanos + (ppm == 0 ? passed : (long) (passed / (1 + ppm * 1e-6)));
    while (local(nanos) < localNanos) {
      nanos += localNanos - local(nanos);
    }
    return nanos;
  }

  int nextCount() {
    return count++;
  }

  /** Lets something happen to this node. */
  private void later(long atNanos, Kind kind, long value, Object thing) {
    long detail = value << 4 | kind.ordinal();
    cell.shard.post(this, atNanos, Agenda.key(index, index, nextCount()), detail, thing);
  }

  /** Its frame will be off the air then. */
  void airFree(long atNanos, Radio.OnAir frame) {
    later(atNanos, Kind.AIR_FREE, 0, frame);
  }

  /** A frame is on its way from another node to this one's inbox. */
  void arrive(VirtualNode from, int fromCount, long delayNanos, byte[] frame) {
    Shard there = from.cell.shard;
    long detail = (long) (doors.length - 1) << 4 | Kind.HEARD.ordinal();
    long key = Agenda.key(index, from.index, fromCount);
    there.post(this, there.nowNanos() + delayNanos, key, detail, frame);
  }

  /** A frame was heard on its radio. */
  void hear(byte[] frame) {
    hear(frame, 0);
  }

  /** A frame was heard on its radio, and comes out of its modem so much later. */
  void hear(byte[] frame, long latencyNanos) {
    long atNanos = Math.max(ailments.pausedUntilNanos, cell.shard.nowNanos() + latencyNanos);
    if (atNanos > cell.shard.nowNanos()) {
      later(atNanos, Kind.HEARD, 0, frame);
    } else {
      happen(0, Kind.HEARD.ordinal(), frame);
    }
  }

  void wake() {
    if (ailments.pausedUntilNanos > cell.shard.nowNanos()) {
      cell.shard.wakes.set(index, ailments.pausedUntilNanos);
      return;
    }
    cell.shard.wakes.set(index, Long.MAX_VALUE);
    if (alive()) {
      try {
        engine.tick(local());
      } catch (RuntimeException e) {
        crashed(e);
      }
      settle();
    }
  }

  void happen(long key, long detail, Object thing) {
    Kind kind = Kind.ALL[(int) detail & 15];
    if (kind == Kind.AIR_FREE) {
      cell.freed((Radio.OnAir) thing);
      return;
    }
    if (ailments.pausedUntilNanos > cell.shard.nowNanos()) {
      cell.shard.agenda.add(ailments.pausedUntilNanos, key, detail, thing);
      return;
    }
    if (!alive()) {
      return;
    }
    try {
      happen(kind, detail >>> 4, thing);
    } catch (RuntimeException e) {
      crashed(e);
    }
    settle();
  }

  private void happen(Kind kind, long value, Object thing) {
    switch (kind) {
      case HEARD -> {
        byte[] frame = (byte[]) thing;
        int link = (int) value;
        Antenna antenna = ailments.antenna;
        boolean in =
            antenna.heard() == 0 || !antenna.losesHeard(cell.shard.nowNanos(), draw(frame));
        if (in && !(ailments.cutOff && doors[link].isInbox())) {
          engine.heard(link, frame, local(), local());
        }
      }
      case LEFT -> {
        if (thing == this) {
          engine.left((int) value & 3, value >>> 3, (value & 4) != 0, local());
        }
      }
      case WRITTEN -> {
        if (thing instanceof Write write && write.life() == this) {
          written(write);
        }
      }
      case SAMPLES -> {
        if (thing == this) {
          Map<String, Double> values = site.reading(senses(), value);
          engine.say(new Local.Readings(value, values, 0), local());
        }
      }
      case TELLS_TIME -> {
        if (thing == this) {
          tellSystemTime();
        }
      }
      case AIR_FREE -> throw new IllegalStateException("that is the channel's");
    }
  }

  private void settle() {
    if (alive()) {
      long wake = engine.nextWakeNanos(local());
      cell.shard.wakes.set(index, wake == Long.MAX_VALUE ? wake : global(wake));
    }
  }

  private void crashed(RuntimeException e) {
    StackTraceElement[] stack = e.getStackTrace();
    broken("crashed: " + e + (stack.length == 0 ? "" : " at " + stack[0]));
    kill();
  }

  private void broken(String what) {
    cell.shard.violations.add(new Violation(cell.shard.nowNanos(), path(), what));
  }

  private void tellSystemTime() {
    say(
        new Local.SystemTime(
            cell.shard.nowNanos() / 1000 + ailments.clockErrorMillis * 1000, MILLION / 1000));
    later(cell.shard.nowNanos() + SYSTEM_TIME_EVERY_NANOS, Kind.TELLS_TIME, 0, this);
  }

  /** Its owner says something. */
  void say(Local what) {
    if (alive()) {
      engine.say(what, local());
      settle();
    }
  }

  /** Its owner gives it the pages that its cell needs. */
  void receivePages() {
    cell.signed().values().forEach(page -> say(new Local.SignedPage(page)));
  }

  private void written(Write write) {
    boolean dies = ailments.dies();
    if (dies && ailments.beforeWrite()) {
      kill();
      return;
    }
    disk.put(write.protocol(), write.key(), write.value(), cell.shard);
    if (write.protocol() == SectionType.ZONE.code() && write.value().length > 0) {
      try {
        cell.sealed.durable(member.id().bits(), write.value());
      } catch (MalformedException e) {
        broken("wrote a record that can't be read: " + e.getMessage());
      }
    }
    if (dies) {
      kill();
    } else {
      engine.durable(write.id(), local());
    }
  }

  /** What became of a frame of its. */
  void departed(int link, long frameId, boolean left) {
    long value = frameId << 3 | (left ? 4 : 0) | link;
    later(cell.shard.nowNanos(), Kind.LEFT, value, this);
  }

  // ---- what it causes

  @Override
  public void send(int link, long frameId, Address to, AirtimeLedger.Permit permit, byte[] frame) {
    permit.check(frame);
    trace(Arrays.hashCode(frame));
    Door door = doors[link];
    if (!door.isInbox()) {
      cell.onAir(frame.length, door.profile()).ifPresent(this::broken);
    }
    int speakers = cell.page().members().size() - Long.bitCount(engine.facts().members().gone());
    double shares = door.isInbox() || !member.uplink() ? 1 : 1 + speakers / SPEAKERS_A_SHARE;
    long windowMillis = site.windowMillis << engine.facts().pace().exponent();
    boolean crowded = door.profile().isCrowded(speakers);
    long shareMillis = crowded ? Math.max(MINUTE_MILLIS, WINDOWS * windowMillis) : MINUTE_MILLIS;
    door.passes(frame, speakers / shares, shareMillis, cell.shard.nowNanos())
        .ifPresent(this::broken);
    site.sends(this, link, to, frame);
    Antenna antenna = ailments.antenna;
    if (antenna.sent() > 0 && antenna.losesSent(cell.shard.nowNanos(), draw(frame))) {
      departed(link, frameId, true); // as far as it knows
    } else if (site.dropping > 0 && frameId % site.dropping == 0) {
      departed(link, frameId, false);
    } else if (door.isInbox()) {
      site.broker.send(this, to, frame);
      departed(link, frameId, true);
    } else if (!Objects.requireNonNull(cell.radio()).send(station, frameId, frame)) {
      departed(link, frameId, false);
    }
  }

  @Override
  public void deliver(Delivery delivery) {
    trace(Figures.hash(delivery));
    site.told(this, delivery);
    if (delivery instanceof Delivery.SampleDue due) {
      later(cell.shard.nowNanos() + SENSOR_NANOS, Kind.SAMPLES, due.windowEndMillis(), this);
    }
  }

  @Override
  public void persist(long id, int protocol, long key, byte[] value) {
    Write write = new Write(this, id, protocol, key, value);
    later(cell.shard.nowNanos() + DISK_NANOS, Kind.WRITTEN, 0, write);
  }

  @Override
  public <T> T shared(T value) {
    return cell.shard.one(value);
  }

  /** Decides what becomes of a frame here: a number that another frame or node has not. */
  private double draw(byte[] frame) {
    return (Hash.of(index, Arrays.hashCode(frame)) >>> 11) * 0x1p-53;
  }

  private void trace(long what) {
    trace = Hash.of(trace ^ cell.shard.nowNanos(), what);
  }

  private void note(String what) {
    site.note(this, what);
  }

  /** It told this, and somebody listens. */
  void tell(Delivery delivery) {
    told = told.isEmpty() ? new ArrayList<>(0) : told;
    told.add(delivery);
  }

  /** All that it told, or what a checker has not looked at yet. */
  List<Delivery> told() {
    return told;
  }

  <T extends Delivery> List<T> told(Class<T> kind) {
    return told.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The newest result of each window of a zone, by the window's end. */
  NavigableMap<Long, Delivery.Result> results(String zone) {
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
