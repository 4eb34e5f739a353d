package starling.simulate;

import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import starling.charter.Draft;
import starling.charter.Draft.Duty;
import starling.charter.Operator;
import starling.charter.PageCodec;
import starling.engine.Local;
import starling.engine.SqueezedProtocol;
import starling.frame.Keyring;
import starling.link.Address;
import starling.link.Link;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.link.memory.Inboxes;
import starling.link.memory.RadioChannel;
import starling.link.memory.VirtualTime;
import starling.model.Channel;
import starling.model.Charter;
import starling.model.Hash;
import starling.model.Member;
import starling.model.Page;
import starling.model.Schema;

/**
 * A site under virtual time: cells on radio channels and inboxes, production engines in them, and a
 * reading for each node and window that anybody can compute again. One seed gives one history.
 */
final class VirtualSite {
  static final long START_NANOS = 1_700_000_000_000_000_000L;
  static final long WINDOW_MILLIS = 4_000;
  static final String QUERY_NAME = "climate";
  static final Schema SCHEMA =
      new Schema(
          1,
          List.of(
              new Channel("air_temperature", "Cel", 2, -60, 60),
              new Channel("load", "1", 2, 0, 1000)));
  static final String QUERY =
      "SELECT AVG(air_temperature), MIN(air_temperature), MAX(air_temperature),"
          + " STDDEV(air_temperature), P95(air_temperature), SUM(load), COUNT(*)"
          + " FROM readings";
  private static final byte[] SITE_KEY = new byte[Keyring.KEY_BYTES];
  private static final int STATIONS_MAX = 64;
  private static final long MINUTE_NANOS = 60_000_000_000L;

  final VirtualTime time = new VirtualTime(START_NANOS);

  /** The newest life of each node. */
  final Map<String, VirtualNode> nodes = new LinkedHashMap<>();

  /** All lives, the oldest first. */
  final List<VirtualNode> lives = new ArrayList<>();

  final SealedContributions sealed = new SealedContributions();
  final Map<Integer, RadioChannel> radios = new LinkedHashMap<>();
  final Inboxes inboxes;
  final Operator operator;
  final LinkProfile radio;

  /** What must never happen and did. */
  final List<String> broken = new ArrayList<>();

  /** Every so many fills of a protocol are tried at all sizes; 0 for none. */
  int squeezing;

  final List<SqueezedProtocol> squeezed = new ArrayList<>();

  /** Every so many frames don't leave, and their node is told so; 0 for none. */
  int dropping;

  Charter charter = Charter.EMPTY;
  private final List<Charter> charters = new ArrayList<>();
  private final Map<Integer, byte[]> signed = new TreeMap<>();
  private final Map<Integer, List<long[]>> airtime = new LinkedHashMap<>();
  private final KeyPair operatorKeys;
  private final Keyring keyring = keyring();
  private final Loss loss;
  private final long seed;
  private final SplittableRandom random;
  private Draft draft;
  private long trace;

  VirtualSite(long seed, LinkProfile radio, Loss loss) {
    this(seed, radio, loss, WINDOW_MILLIS);
  }

  VirtualSite(long seed, LinkProfile radio, Loss loss, long windowMillis) {
    this.seed = seed;
    this.radio = radio;
    this.loss = loss;
    this.random = new SplittableRandom(seed);
    this.inboxes =
        new Inboxes(time, Presets.MQTT.profile(), Inboxes.Faults.NONE, random.nextLong());
    this.operatorKeys = keys(random.nextLong());
    this.operator = new Operator(Operator.raw(operatorKeys.getPublic()));
    this.draft = new Draft("orchard", windowMillis).schema(SCHEMA).query(QUERY_NAME, QUERY);
  }

  /** The site that most tests run: three radio cells, and one of inboxes with the gateways. */
  static VirtualSite orchard(long seed, Loss loss) {
    return new VirtualSite(seed, Presets.SIK_64K.profile(), loss)
        .radioCell("/orchard/north", 6, 2)
        .radioCell("/orchard/east", 6, 3)
        .radioCell("/orchard/south", 5, 2)
        .inboxCell("/orchard/city", 6, 2);
  }

  static Keyring keyring() {
    byte[] next = SITE_KEY.clone();
    next[31] = 1;
    Keyring keyring = Keyring.of(0, SITE_KEY);
    keyring.add(1, next);
    return keyring;
  }

  private static KeyPair keys(long seed) {
    SplittableRandom bytes = new SplittableRandom(seed);
    SecureRandom seeded =
        new SecureRandom() {
          private static final long serialVersionUID = 1;

          @Override
          public void nextBytes(byte[] to) {
            bytes.nextBytes(to);
          }
        };
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, seeded);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A cell of radio nodes n0, n1, ...; the first {@code uplinks} of them have the uplink too. */
  VirtualSite radioCell(String path, int size, int uplinks) {
    draft.cell(path, Presets.named(radio.name()).orElseThrow());
    for (int i = 0; i < size; i++) {
      Set<Duty> duties = EnumSet.of(Duty.SENSES);
      if (i < uplinks) {
        duties.add(Duty.UPLINK);
      }
      draft.node(path + "/n" + i, key(path + "/n" + i), 1, duties);
    }
    return this;
  }

  /** A cell of inboxes, with gateways g0, g1, ... in it. */
  VirtualSite inboxCell(String path, int size, int gateways) {
    draft.cell(path, Page.Medium.ADDRESSED);
    for (int i = 0; i < gateways; i++) {
      Set<Duty> duties = EnumSet.of(Duty.UPLINK, Duty.MAINS, Duty.GATEWAY);
      draft.node(path + "/g" + i, key(path + "/g" + i), 1, duties);
    }
    for (int i = 0; i < size; i++) {
      Set<Duty> duties = EnumSet.of(Duty.SENSES, Duty.UPLINK);
      draft.node(path + "/n" + i, key(path + "/n" + i), 1, duties);
    }
    return this;
  }

  /** The same key for the same path and seed: identities are part of what a seed replays. */
  byte[] key(String path) {
    byte[] key = new byte[32];
    new SplittableRandom(Hash.of(seed, path.hashCode())).nextBytes(key);
    return key;
  }

  /** Revises and signs the charter; nobody knows of it yet. */
  VirtualSite revise(UnaryOperator<Draft> change) {
    draft = change.apply(charters.isEmpty() ? draft : Draft.of(charter));
    Charter next = draft.charter();
    next.pages()
        .forEach((zone, page) -> {
          if (page.version() > charter.version(zone)) {
            signed.put(zone, PageCodec.sign(page, operator, operatorKeys.getPrivate()));
          }
        });
    charter = next;
    charters.add(next);
    return this;
  }

  Map<Integer, byte[]> signed() {
    return signed;
  }

  /** Gives a node all pages, as its owner would. */
  void give(String path) {
    signed.values().forEach(page -> node(path).say(new Local.SignedPage(page)));
  }

  /** Powers everything on at once. */
  VirtualSite startAll() {
    revise(same -> same);
    for (Page page : List.copyOf(charter.pages().values())) {
      if (page instanceof Page.Cell cell) {
        for (Member member : cell.members()) {
          start(charter.path(cell.zone()).orElseThrow() + "/" + member.name());
        }
      }
    }
    return this;
  }

  /** Starts a node where the charter has it, with the disk that its last life left behind. */
  VirtualNode start(String path) {
    VirtualNode before = nodes.get(path);
    VirtualNode.Disk disk = before == null ? new VirtualNode.Disk() : before.disk;
    return start(path, path, path, keyring, disk);
  }

  /** Starts a node that moved, as the same identity in another place. */
  VirtualNode startMoved(String from, String to) {
    return start(to, to, from, keyring, node(from).disk);
  }

  /** Starts a second node with the identity and a copy of the disk of a first. */
  VirtualNode startClone(String path, String label) {
    return start(label, path, path, keyring, node(path).disk.copy());
  }

  /** Starts a node in somebody's place that holds another site's key. */
  VirtualNode startWithWrongKey(String path, String label) {
    byte[] wrong = new byte[Keyring.KEY_BYTES];
    wrong[0] = 1;
    return start(label, path, path, Keyring.of(0, wrong), new VirtualNode.Disk());
  }

  private VirtualNode start(
      String label, String path, String identity, Keyring keys, VirtualNode.Disk disk) {
    Page.Cell cell = charter.cell(zone(path.substring(0, path.lastIndexOf('/')))).orElseThrow();
    String name = path.substring(path.lastIndexOf('/') + 1);
    Member member =
        cell.members().stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
    List<Link> links = new ArrayList<>();
    if (cell.medium() == Page.Medium.BROADCAST) {
      links.add(radio(cell.zone()).join());
    }
    if (member.uplink() || cell.medium() == Page.Medium.ADDRESSED) {
      links.add(inboxes.join(new Address(cell.zone(), member.slot())));
    }
    String senses = label.equals(path) ? identity : label;
    VirtualNode node =
        new VirtualNode(
            this,
            identity,
            member,
            cell,
            keys,
            links,
            endMillis -> reading(senses, endMillis),
            disk,
            random.nextLong());
    nodes.put(label, node);
    lives.add(node);
    node.start();
    return node;
  }

  RadioChannel radio(int zone) {
    return radios.computeIfAbsent(
        zone, _ -> new RadioChannel(time, radio, STATIONS_MAX, loss, Hash.of(seed, zone)));
  }

  RadioChannel radio(String cell) {
    return radio(zone(cell));
  }

  Address address(String path) {
    VirtualNode node = node(path);
    return new Address(node.cell.zone(), node.member.slot());
  }

  VirtualNode node(String path) {
    VirtualNode node = nodes.get(path);
    if (node == null) {
      throw new IllegalArgumentException("no node " + path);
    }
    return node;
  }

  void kill(String path) {
    node(path).kill();
  }

  /** What a node's sensors say at the end of a window. */
  Map<String, Double> reading(String path, long endMillis) {
    long hash = Hash.of(seed, path.hashCode(), endMillis);
    return Map.of(
        "air_temperature",
        (hash & 0xFFFF) / 65536.0 * 40 - 10,
        "load",
        (hash >>> 16 & 0xFF) / 100.0);
  }

  void run(double seconds) {
    time.runUntil(time.nowNanos() + (long) (seconds * 1e9));
  }

  long nowMillis() {
    return time.nowNanos() / 1_000_000;
  }

  /** Zones keep their ids, whatever the charter's version. */
  int zone(String path) {
    return charter.pages().keySet().stream()
        .filter(zone -> charter.path(zone).orElse("").equals(path))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no zone " + path));
  }

  List<String> children(String path) {
    return charter.inner(zone(path)).orElseThrow().children().stream()
        .map(child -> path + "/" + child.name())
        .toList();
  }

  /** What any charter's roster had below a zone. */
  Set<Integer> everExpected(String zone) {
    Set<Integer> counts = new TreeSet<>();
    charters.forEach(one -> counts.add(Oracle.expected(one, zone)));
    return counts;
  }

  /** Adds to the history that one seed must give again. */
  void trace(String who, byte[] what) {
    trace = Hash.of(trace ^ time.nowNanos(), who.hashCode(), Hash.of(what));
  }

  long trace() {
    return trace;
  }

  void onAir(int cell, LinkProfile profile, int bytes) {
    airtime
        .computeIfAbsent(cell, _ -> new ArrayList<>())
        .add(new long[] {time.nowNanos(), profile.airtime().micros(bytes)});
  }

  /** The busiest minute of any radio cell, as a share of the channel. */
  double busiestMinute() {
    double most = 0;
    for (List<long[]> sent : airtime.values()) {
      long micros = 0;
      int oldest = 0;
      for (long[] one : sent) {
        micros += one[1];
        while (sent.get(oldest)[0] <= one[0] - MINUTE_NANOS) {
          micros -= sent.get(oldest++)[1];
        }
        most = Math.max(most, micros * 1000.0 / MINUTE_NANOS);
      }
    }
    return most;
  }
}
