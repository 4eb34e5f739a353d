package starling.simulate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import starling.charter.Draft;
import starling.charter.Draft.Duty;
import starling.charter.Operator;
import starling.engine.Local;
import starling.engine.Protocol;
import starling.frame.Keyring;
import starling.link.Address;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.model.Channel;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Hash;
import starling.model.Member;
import starling.model.Page;
import starling.model.Schema;

/**
 * A site under virtual time: cells on radio channels and inboxes, production engines in them, and a
 * reading for each node and window that anybody can compute again. One seed gives one history, on
 * one thread or several.
 *
 * <p>Cells are dealt out to shards, one a thread, each with its own agenda. Shards run ahead of
 * each other by less than the shortest way between two cells, so no frame comes too late
 * (conservative synchronisation: Chandy and Misra, CACM 24(4), 1981). What happens to a node
 * depends on the order of its cell's events only, and their keys don't depend on the shards.
 */
public final class VirtualSite {
  static final long START_NANOS = 1_700_000_000_000_000_000L;
  static final long WINDOW_MILLIS = 4_000;
  static final String QUERY_NAME = "climate";
  static final Schema SCHEMA =
      new Schema(
          1,
          List.of(
              new Channel("air_temperature", "Cel", 2, -60, 60),
              new Channel("load", "1", 2, 0, 1000)));
  private static final byte[] SITE_KEY = new byte[Keyring.KEY_BYTES];

  /** Above this size minutes are watched in longer steps. */
  private static final int SMALL_NODES = 5_000;

  final Broker broker;
  final Operator operator;
  final LinkProfile radio;
  final long windowMillis;

  /** What nodes measure. */
  final Schema schema;

  /** What the query asks that every site starts with, {@link #QUERY_NAME}. */
  final String query;

  /** Every so many frames don't leave, and their node is told so; 0 for none. */
  int dropping;

  /** What each node's protocols are wrapped in, for a test that looks at them from inside. */
  UnaryOperator<Supplier<Protocol>> wrapper = UnaryOperator.identity();

  /** Whose deliveries are kept until a checker has seen them. */
  IntPredicate witnesses = _ -> true;

  /** Told every frame that is sent, by whom and to whom; only with one thread. */
  @Nullable Tap tap;

  /** Told what nodes tell; only with one thread. */
  @Nullable Listener listener;

  /** Told what happens; only with one thread. */
  @Nullable TraceLog log;

  private final long seed;
  private final List<Shard> shards = new ArrayList<>();
  private final Map<Integer, VirtualCell> cells = new LinkedHashMap<>();

  /** All charters that there were. */
  final Charters charters;

  private final Office office;
  private final Population population;
  private final Keyring keyring = keyring();
  private final Loss loss;
  private long nowNanos = START_NANOS;

  /** Overhears a medium. */
  @FunctionalInterface
  interface Tap {
    /** A node sends a frame: to all of its cell by radio, or to one address. */
    void sent(VirtualNode from, Address to, byte[] frame);
  }

  /** Listens to nodes. */
  @FunctionalInterface
  interface Listener {
    /** A node tells its owner something. */
    void told(VirtualNode by, Delivery delivery);
  }

  VirtualSite(long seed, LinkProfile radio, Loss loss) {
    this(seed, radio, Presets.MQTT.profile(), loss, WINDOW_MILLIS, 1);
  }

  /**
   * A site with no cells yet.
   *
   * @param radio the medium of radio cells
   * @param network the medium of the others, and between cells
   * @param loss how radio channels lose frames
   * @param windowMillis the shortest window, and how often the query asks; whole seconds
   * @param threads how many shards there are
   */
  VirtualSite(
      long seed,
      LinkProfile radio,
      LinkProfile network,
      Loss loss,
      long windowMillis,
      int threads) {
    this(seed, radio, network, loss, windowMillis, threads, SCHEMA, query(windowMillis / 1000));
  }

  /** The same with another schema, of number 1, and another query. */
  VirtualSite(
      long seed,
      LinkProfile radio,
      LinkProfile network,
      Loss loss,
      long windowMillis,
      int threads,
      Schema schema,
      String query) {
    this.seed = seed;
    this.radio = radio;
    this.loss = loss;
    this.windowMillis = windowMillis;
    this.schema = schema;
    this.query = query;
    for (int i = 0; i < threads; i++) {
      shards.add(new Shard(this, i, threads, START_NANOS));
    }
    this.broker = new Broker(this, network, Hash.of(seed, 1));
    Draft draft = new Draft("orchard", windowMillis).schema(schema).query(QUERY_NAME, query);
    this.population = new Population(this, seed);
    this.office = new Office(seed, draft);
    this.operator = office.operator;
    this.charters = office.charters;
  }

  /** The site that most tests run: three radio cells, and one of inboxes with the gateways. */
  static VirtualSite orchard(long seed, Loss loss) {
    return new VirtualSite(seed, Presets.SIK_64K.profile(), loss)
        .radioCell("/orchard/north", 6, 2)
        .radioCell("/orchard/east", 6, 3)
        .radioCell("/orchard/south", 5, 2)
        .inboxCell("/orchard/city", 6, 2);
  }

  private static String query(long seconds) {
    return "SELECT AVG(air_temperature), MIN(air_temperature), MAX(air_temperature),"
        + " STDDEV(air_temperature), P95(air_temperature), SUM(load), COUNT(*)"
        + " FROM readings EVERY "
        + seconds
        + " s";
  }

  static Keyring keyring() {
    byte[] next = SITE_KEY.clone();
    next[31] = 1;
    Keyring keyring = Keyring.of(0, SITE_KEY);
    keyring.add(1, next);
    return keyring;
  }

  // ---- the charter

  /** A cell of radio nodes n0, n1, ...; the first {@code uplinks} of them have the uplink too. */
  VirtualSite radioCell(String path, int members, int uplinks) {
    Set<Duty> uplink = EnumSet.of(Duty.SENSES, Duty.UPLINK);
    return radioCell(path, members, slot -> slot < uplinks ? uplink : EnumSet.of(Duty.SENSES));
  }

  /** A cell of radio nodes n0, n1, ... with these duties by slot. */
  VirtualSite radioCell(String path, int members, IntFunction<Set<Duty>> duties) {
    office.radioCell(path, radio, members, duties);
    return this;
  }

  /** A cell of inboxes, with gateways g0, g1, ... in it. */
  VirtualSite inboxCell(String path, int members, int gateways) {
    office.inboxCell(path, members, gateways);
    return this;
  }

  /** Takes a whole tree; see {@link Topology}. */
  VirtualSite topology(Topology topology) {
    office.topology(topology);
    return this;
  }

  /** The same key for the same path and seed: identities are part of what a seed replays. */
  byte[] key(String path) {
    return office.key(path);
  }

  /** Revises and signs the charter; nobody knows of it yet. */
  VirtualSite revise(UnaryOperator<Draft> change) {
    Charter next = office.revise(change);
    for (Page page : next.pages().values()) {
      if (page instanceof Page.Cell cell) {
        become(next.path(cell.zone()).orElseThrow(), cell);
      }
    }
    return this;
  }

  private static String parent(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  private void become(String path, Page.Cell page) {
    VirtualCell cell = cells.get(page.zone());
    if (cell == null) {
      Shard shard = shards.get(cells.size() % shards.size());
      cell = new VirtualCell(cells.size(), path, shard, windowMillis, secondsAtOnce());
      if (page.medium() == Page.Medium.BROADCAST) {
        long channel = Hash.of(seed, 3, page.zone());
        cell.radio(new Radio(cell, radio, page.members().size(), loss, channel));
      }
      cells.put(page.zone(), cell);
    }
    cell.become(path, page, office.charter(), office.signed());
  }

  int secondsAtOnce() {
    return office.charter().pages().size() * 25 > SMALL_NODES ? 5 : 1;
  }

  /** Revises the charter and gives it to the gateways, as an operator would. */
  void change(UnaryOperator<Draft> change) {
    revise(change);
    giveGateways();
  }

  /** All pages as they stand. */
  Charter charter() {
    return office.charter();
  }

  /** Gives a node all pages, as its owner would. */
  void give(String path) {
    office.signed().values().forEach(page -> node(path).say(new Local.SignedPage(page)));
  }

  /** Gives all pages to every gateway that runs. */
  void giveGateways() {
    nodes().stream().filter(node -> node.member.gateway()).forEach(node -> give(node.path()));
  }

  /** The zone that a path names, or did before it was renamed, moved or retired. */
  int zone(String path) {
    return charters.zone(path).orElseThrow(() -> new IllegalArgumentException("no zone " + path));
  }

  /** The paths of the zones right below a zone, as the charter has them. */
  List<String> children(String path) {
    return charter().inner(zone(path)).orElseThrow().children().stream()
        .map(child -> path + "/" + child.name())
        .toList();
  }

  /** Whether a cell is still in the charter. */
  boolean has(VirtualCell cell) {
    return charter().cell(cell.page().zone()).isPresent();
  }

  /** The root zone's name. */
  String name() {
    return office.name();
  }

  /** What the charter's rosters have below a zone now. */
  int expected(String zone) {
    return cells().stream()
        .filter(cell -> (cell.path + "/").startsWith(zone + "/"))
        .mapToInt(cell -> cell.page().sensing())
        .sum();
  }

  // ---- nodes

  /** Powers everything on at once. */
  VirtualSite startAll() {
    revise(same -> same);
    for (VirtualCell cell : List.copyOf(cells.values())) {
      for (Member member : cell.page().members()) {
        start(cell, member);
      }
    }
    return this;
  }

  /** Starts a node where the charter has it, with the disk that its last life left behind. */
  VirtualNode start(String path) {
    VirtualCell cell = cell(parent(path));
    return start(cell, member(cell, path).orElseThrow());
  }

  private VirtualNode start(VirtualCell cell, Member member) {
    VirtualNode before = cell.node(member.slot());
    return before == null
        ? population.start(cell, member, null, null, keyring, new Disk(member.id()))
        : restart(before);
  }

  /** Starts the next life of a node that is dead. */
  VirtualNode restart(VirtualNode dead) {
    VirtualNode.Birth birth = dead.birth();
    return population.start(
        dead.cell, dead.member, birth.label(), birth.identity(), birth.keyring(), dead.disk);
  }

  /** Starts a node that moved, as the same identity in another place. */
  VirtualNode startMoved(String from, String to) {
    VirtualCell cell = cell(parent(to));
    return population.start(
        cell, member(cell, to).orElseThrow(), null, from, keyring, node(from).disk);
  }

  /**
   * Starts another board in a lost one's place, which goes on where it is.
   *
   * @param identity another path, whose key the charter has there by now
   */
  VirtualNode startReplaced(String path, String identity) {
    VirtualCell cell = cell(parent(path));
    Member member = member(cell, path).orElseThrow();
    return population.start(cell, member, null, identity, keyring, new Disk(member.id()));
  }

  /** Takes a node's power, carries it to where the charter has it now, and starts it there. */
  void move(String from, String to) {
    kill(from);
    startMoved(from, to);
  }

  /** Whether the charter has a node where it is, and not elsewhere by now. */
  boolean expects(VirtualNode node) {
    return has(node.cell)
        && node.cell
            .page()
            .member(node.member.slot())
            .filter(member -> member.id().equals(node.member.id()))
            .isPresent();
  }

  /** Starts a second node with the identity and a copy of the disk of a first. */
  VirtualNode startClone(String path, String label) {
    VirtualNode first = node(path);
    return population.start(first.cell, first.member, label, null, keyring, first.disk.copy());
  }

  /** Starts a node in somebody's place that holds another site's key. */
  VirtualNode startWithWrongKey(String path, String label) {
    byte[] wrong = new byte[Keyring.KEY_BYTES];
    wrong[0] = 1;
    VirtualNode first = node(path);
    Keyring keys = Keyring.of(0, wrong);
    return population.start(
        first.cell, first.member, label, null, keys, new Disk(first.member.id()));
  }

  private static Optional<Member> member(VirtualCell cell, String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return cell.page().members().stream().filter(m -> m.name().equals(name)).findFirst();
  }

  /** The newest life of the node that has a number. */
  VirtualNode nodeAt(int index) {
    return population.nodeAt(index);
  }

  /** The newest life of each node, in the order in which they were started first. */
  List<VirtualNode> nodes() {
    return population.nodes();
  }

  /** All lives of those whose deliveries are kept, the oldest first. */
  List<VirtualNode> lives() {
    return population.lives();
  }

  boolean has(String path) {
    return find(path).isPresent();
  }

  VirtualNode node(String path) {
    return find(path).orElseThrow(() -> new IllegalArgumentException("no node " + path));
  }

  private Optional<VirtualNode> find(String path) {
    VirtualNode other = population.labelled(path);
    OptionalInt zone = path.indexOf('/') < 0 ? OptionalInt.empty() : charters.zone(parent(path));
    VirtualCell cell = zone.isEmpty() ? null : cells.get(zone.getAsInt());
    if (other != null || cell == null) {
      return Optional.ofNullable(other);
    }
    return Optional.ofNullable(cell.named(path.substring(path.lastIndexOf('/') + 1)));
  }

  /** A node's path, also of one that is called by its slot since its cell's page is not known. */
  String named(String path) {
    String prefix = parent(path) + "/slot-";
    if (!path.startsWith(prefix)) {
      return path;
    }
    int slot = Integer.parseInt(path.substring(prefix.length()));
    Member member = cell(parent(path)).page().member(slot).orElseThrow();
    return parent(path) + "/" + member.name();
  }

  void kill(String path) {
    node(path).kill();
  }

  Address address(String path) {
    VirtualNode node = node(path);
    return new Address(node.cell.page().zone(), node.member.slot());
  }

  /** The cell with a zone id, if there is one. */
  @Nullable VirtualCell cellOf(int zone) {
    return cells.get(zone);
  }

  VirtualCell cell(String path) {
    VirtualCell cell = cells.get(zone(path));
    if (cell == null) {
      throw new IllegalArgumentException(path + " is not a cell");
    }
    return cell;
  }

  /** The cells that the charter has. */
  List<VirtualCell> cells() {
    return cells.values().stream().filter(this::has).toList();
  }

  Radio radio(String cell) {
    return java.util.Objects.requireNonNull(cell(cell).radio(), cell);
  }

  List<Radio> radios() {
    List<Radio> radios = new ArrayList<>();
    for (VirtualCell cell : cells.values()) {
      Radio one = cell.radio();
      if (one != null) {
        radios.add(one);
      }
    }
    return radios;
  }

  // ---- time

  void run(double seconds) {
    runUntil(nowNanos + (long) (seconds * 1e9));
  }

  /** Lets everything up to and including an instant happen; then it is the present. */
  void runUntil(long untilNanos) {
    if (shards.size() == 1) {
      shards.getFirst().run(untilNanos);
    } else {
      new Crew(shards, broker.faults().delayMinMicros() * 1000, untilNanos).run();
    }
    nowNanos = untilNanos;
    shards.forEach(shard -> shard.advance(untilNanos));
  }

  long nowNanos() {
    return nowNanos;
  }

  long nowMillis() {
    return nowNanos / 1_000_000;
  }

  // ---- what is seen from outside

  /** What a node's sensors say at the end of a window. */
  Map<String, Double> reading(String path, long endMillis) {
    long hash = Hash.of(seed, path.hashCode(), endMillis);
    if (!schema.equals(SCHEMA)) {
      return reading(hash);
    }
    return Map.of(
        "air_temperature",
        (hash & 0xFFFF) / 65536.0 * 40 - 10,
        "load",
        (hash >>> 16 & 0xFF) / 100.0);
  }

  /** Anything in the middle half of each channel's range. */
  private Map<String, Double> reading(long hash) {
    Map<String, Double> all = new TreeMap<>();
    for (Channel channel : schema.channels()) {
      double share = (Hash.of(hash, channel.name().hashCode()) >>> 11) * 0x1p-53 / 2 + 0.25;
      double range = channel.maximum() - channel.minimum();
      all.put(channel.name(), channel.minimum() + share * range);
    }
    return all;
  }

  Protocol wrapped(Supplier<Protocol> protocol) {
    return wrapper.apply(protocol).get();
  }

  void sends(VirtualNode from, int link, Address to, byte[] frame) {
    Tap overhears = tap;
    if (overhears != null) {
      overhears.sent(from, to, frame);
    }
    TraceLog writes = log;
    if (writes != null) {
      writes.sends(from, link, to, frame);
    }
  }

  void told(VirtualNode by, Delivery delivery) {
    if (witnesses.test(by.index)) {
      by.tell(delivery);
    }
    if (delivery instanceof Delivery.NodeState told && told.state() != Delivery.State.UP) {
      by.cell.shard.stateTold();
    }
    Listener listens = listener;
    if (listens != null) {
      listens.told(by, delivery);
    }
    TraceLog writes = log;
    if (writes != null && !(delivery instanceof Delivery.SampleDue)) {
      writes.note(by, "tells " + delivery);
    }
  }

  void note(VirtualNode who, String what) {
    TraceLog writes = log;
    if (writes != null) {
      writes.note(who, what);
    }
  }

  /** A number that stands for the whole history: one seed must give it again. */
  long trace() {
    long all = seed;
    for (VirtualNode node : nodes()) {
      all = Hash.of(all, node.trace());
    }
    return all;
  }

  /** How many events were run. */
  long events() {
    return shards.stream().mapToLong(Shard::events).sum();
  }

  /** How often nodes called others suspect or gone. */
  long statesTold() {
    return shards.stream().mapToLong(Shard::statesTold).sum();
  }

  /** How many contributions bear the mark of a clock that jumped. */
  long partials() {
    return cells.values().stream().mapToLong(cell -> cell.sealed.partials()).sum();
  }

  /** Windows that one node sealed in two ways or two places, as text; clones do. */
  List<String> sealedTwice() {
    Set<String> seen = new java.util.HashSet<>();
    List<String> twice = new ArrayList<>();
    for (VirtualCell cell : cells.values()) {
      cell.sealed.each((window, one) -> {
        String key = Long.toHexString(one.node()) + " " + window;
        if (!seen.add(key)) {
          twice.add(key);
        }
      });
    }
    return twice;
  }

  /** What must never happen and did, by time; found by who watches the nodes while they run. */
  List<Violation> violations() {
    List<Violation> all = new ArrayList<>();
    shards.forEach(shard -> all.addAll(shard.violations));
    Collections.sort(all);
    return all;
  }

  /** The busiest minute of any radio cell, as a share of the channel. */
  double busiestMinute() {
    return cells.values().stream().mapToDouble(VirtualCell::busiestMinute).max().orElse(0);
  }
}
