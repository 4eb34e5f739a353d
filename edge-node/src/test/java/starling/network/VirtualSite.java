package starling.network;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import starling.charter.Draft;
import starling.charter.Draft.Duty;
import starling.charter.Operator;
import starling.charter.PageCodec;
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
 * reading for each node and window that anybody can compute again.
 */
final class VirtualSite {
  static final long START_NANOS = 1_700_000_000_000_000_000L;
  static final long WINDOW_MILLIS = 4_000;
  static final Schema SCHEMA =
      new Schema(
          1,
          List.of(
              new Channel("air_temperature", "Cel", 2, -60, 60),
              new Channel("load", "1", 2, 0, 1000)));
  static final String QUERY =
      "SELECT AVG(air_temperature), MIN(air_temperature), MAX(air_temperature),"
          + " STDDEV(air_temperature), P95(air_temperature), SUM(load), COUNT(*)"
          + " FROM readings EVERY 4 s";

  final VirtualTime time = new VirtualTime(START_NANOS);
  final Map<String, VirtualNode> nodes = new LinkedHashMap<>();
  final Map<String, TreeMap<Long, TreeMap<Long, byte[]>>> disks = new LinkedHashMap<>();
  final Map<Integer, RadioChannel> radios = new LinkedHashMap<>();
  final Inboxes inboxes;
  final Operator operator;
  final KeyPair operatorKeys;
  final Keyring keyring = Keyring.of(0, new byte[32]);
  final LinkProfile radio;
  final Loss loss;
  private final long seed;
  private final SplittableRandom random;
  private final Map<String, byte[]> keys = new LinkedHashMap<>();
  Draft draft = new Draft("orchard", WINDOW_MILLIS).schema(SCHEMA).query("climate", QUERY);
  Charter charter = Charter.EMPTY;

  VirtualSite(long seed, LinkProfile radio, Loss loss) {
    this.seed = seed;
    this.radio = radio;
    this.loss = loss;
    this.random = new SplittableRandom(seed);
    this.inboxes =
        new Inboxes(time, Presets.MQTT.profile(), Inboxes.Faults.NONE, random.nextLong());
    try {
      operatorKeys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    operator = new Operator(Operator.raw(operatorKeys.getPublic()));
  }

  /** A cell of radio nodes n0, n1, ...; the first {@code uplinks} of them have the uplink too. */
  VirtualSite radioCell(String path, int size, int uplinks) {
    draft.cell(path, Page.Medium.BROADCAST);
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
    return keys.computeIfAbsent(
        path,
        _ -> {
          byte[] key = new byte[32];
          new SplittableRandom(Hash.of(seed, path.hashCode())).nextBytes(key);
          return key;
        });
  }

  /** Signs the draft as it stands. */
  VirtualSite sign() {
    charter = draft.charter();
    return this;
  }

  Map<Integer, byte[]> signed() {
    Map<Integer, byte[]> signed = new TreeMap<>();
    charter
        .pages()
        .forEach((zone, page) ->
            signed.put(zone, PageCodec.sign(page, operator, operatorKeys.getPrivate())));
    return signed;
  }

  VirtualSite startAll() {
    sign();
    for (Page page : charter.pages().values()) {
      if (page instanceof Page.Cell cell) {
        for (Member member : cell.members()) {
          start(charter.path(cell.zone()).orElseThrow() + "/" + member.name());
        }
      }
    }
    return this;
  }

  /** Starts a node, or starts it again with the disk that it left behind. */
  VirtualNode start(String path) {
    String cellPath = path.substring(0, path.lastIndexOf('/'));
    Page.Cell cell =
        charter.pages().values().stream()
            .filter(Page.Cell.class::isInstance)
            .map(Page.Cell.class::cast)
            .filter(c -> charter.path(c.zone()).orElseThrow().equals(cellPath))
            .findFirst()
            .orElseThrow();
    String name = path.substring(path.lastIndexOf('/') + 1);
    Member member =
        cell.members().stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
    return start(path, path, member, cell);
  }

  VirtualNode start(String label, String path, Member member, Page.Cell cell) {
    List<Link> links = new ArrayList<>();
    if (cell.medium() == Page.Medium.BROADCAST) {
      RadioChannel channel =
          radios.computeIfAbsent(
              cell.zone(),
              _ -> new RadioChannel(time, radio, 32, loss, Hash.of(seed, cell.zone())));
      links.add(channel.join());
    }
    if (member.uplink() || cell.medium() == Page.Medium.ADDRESSED) {
      links.add(inboxes.join(new Address(cell.zone(), member.slot())));
    }
    VirtualNode node =
        new VirtualNode(
            path,
            member,
            cell.zone(),
            charter,
            signed(),
            operator,
            keyring,
            time,
            links,
            endMillis -> reading(path, endMillis),
            disks.computeIfAbsent(label, _ -> new TreeMap<>()),
            random.nextLong());
    nodes.put(label, node);
    node.start();
    return node;
  }

  VirtualNode node(String path) {
    VirtualNode node = nodes.get(path);
    if (node == null) {
      throw new IllegalArgumentException("no node " + path);
    }
    return node;
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
}
