package starling.node;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import starling.charter.Operator;
import starling.charter.PageCodec;
import starling.frame.Keyring;
import starling.link.LinkProfile;
import starling.link.ModemSettings;
import starling.link.Presets;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Tls;
import starling.model.Charter;
import starling.model.Member;
import starling.model.NodeId;
import starling.model.Page;
import starling.wire.MalformedException;

/**
 * What one node is to be: its configuration, keys and charter, read and checked.
 *
 * @param id who it is, from its key
 * @param keyring the site keys
 * @param operator whose charter counts
 * @param charter the pages of its charter file
 * @param signed the same pages, signed, by zone
 * @param charterFile that file
 * @param state where its durable log is
 * @param links its media
 * @param sensors its sensors' tables, by the owner's names
 * @param systemClock whether this machine's clock is a root of network time
 * @param clockUncertaintyMicros how far off that may be
 */
public record NodeSettings(
    NodeId id,
    Keyring keyring,
    Operator operator,
    Charter charter,
    Map<Integer, byte[]> signed,
    Path charterFile,
    Path state,
    List<LinkSettings> links,
    Map<String, Map<String, String>> sensors,
    boolean systemClock,
    long clockUncertaintyMicros) {

  // 125 kHz around it stay within EU868 sub-band P, whose duty cycle the presets count.
  private static final int FREQUENCY_MIN_KHZ = 869_463;
  private static final int FREQUENCY_MAX_KHZ = 869_587;
  private static final int DEFAULT_UNCERTAINTY_MILLIS = 20;
  private static final Set<String> SERIAL_KEYS =
      Set.of("port", "baud", "frequency_khz", "power_dbm", "mode_pins", "callsign");
  private static final Set<String> MQTT_KEYS =
      Set.of("broker", "user", "password_file", "ca_file", "certificate_file", "key_file");

  /** The keys that every node's configuration may have. */
  public static final List<Configuration.Key> KEYS =
      List.of(
          new Configuration.Key(
              "node.identity", "file with this node's own key (starling keys add)"),
          new Configuration.Key("node.site_key", "file with the site's keys (starling keys new)"),
          new Configuration.Key("node.operator", "the operator's public key (starling keys show)"),
          new Configuration.Key("node.charter", "file with the charter's signed pages"),
          new Configuration.Key("node.state", "directory for durable state, one a node"),
          new Configuration.Key(
              "node.status", "file that says how the node is, for all to read; none if not set"),
          Joining.KEYS.get(0),
          Joining.KEYS.get(1),
          Joining.KEYS.get(2),
          Joining.KEYS.get(3),
          Joining.KEYS.get(4),
          Joining.KEYS.get(5),
          Joining.KEYS.get(6),
          Configuration.Key.flag("clock.root", "true if this machine's clock is right (NTP, GPS)"),
          Configuration.Key.number("clock.uncertainty_ms", 1, 1000, "how far off it may be; 20"),
          Configuration.Key.oneOf("link.*.kind", List.of("serial", "mqtt"), "serial or mqtt"),
          Configuration.Key.oneOf("link.*.preset", Presets.names(), "the medium: " + presets()),
          Configuration.Key.number(
              "link.*.mtu",
              LinkProfile.MTU_MIN_BYTES,
              LinkProfile.MTU_MAX_BYTES,
              "the largest frame in bytes, if not the preset's"),
          new Configuration.Key("link.*.port", "serial: the device, better by /dev/serial/by-id"),
          Configuration.Key.number(
              "link.*.baud", 300, 4_000_000, "serial: bits per second on the wire; 57600"),
          Configuration.Key.number(
              "link.*.frequency_khz",
              FREQUENCY_MIN_KHZ,
              FREQUENCY_MAX_KHZ,
              "rnode: the carrier; 869525"),
          Configuration.Key.number(
              "link.*.power_dbm", 0, 27, "rnode: what the transmitter makes; 14"),
          Configuration.Key.flag(
              "link.*.mode_pins", "e22, e32: true if M0 is at DTR, M1 at RTS (and AUX at CTS)"),
          new Configuration.Key("link.*.callsign", "kiss: the station's, such as N0CALL-7"),
          new Configuration.Key("link.*.broker", "mqtt: tcp://host:1883, or mqtts://host:8883"),
          new Configuration.Key("link.*.user", "mqtt: user name"),
          new Configuration.Key("link.*.password_file", "mqtt: file with the password, mode 0600"),
          new Configuration.Key(
              "link.*.ca_file", "mqtts: who certifies the broker (PEM); the system's if not set"),
          new Configuration.Key("link.*.certificate_file", "mqtts: our own certificate (PEM)"),
          new Configuration.Key("link.*.key_file", "mqtts: its key (PEM, PKCS #8), mode 0600"),
          new Configuration.Key("sensor.*.**", "kind, and what that kind takes"));

  private static String presets() {
    return String.join(", ", Presets.names());
  }

  /** One medium of a node: the owner's name for it, and what it is and allows. */
  public sealed interface LinkSettings {
    String name();

    LinkProfile profile();

    /** A serial radio. */
    record Serial(String name, LinkProfile profile, String port, int baud, ModemSettings modem)
        implements LinkSettings {}

    /** A broker. */
    record Mqtt(
        String name,
        LinkProfile profile,
        URI broker,
        @Nullable String user,
        @Nullable Path passwordFile,
        Optional<Path> authorities,
        Optional<Tls.Identity> identity)
        implements LinkSettings {}
  }

  /**
   * Reads and checks all that the configuration names.
   *
   * @param rootByDefault whether this machine's clock is a root of network time unless told
   */
  public static NodeSettings of(Configuration from, boolean rootByDefault)
      throws ConfigurationException, IOException {
    Refusals refusals = new Refusals();
    Map<Integer, byte[]> signed = new TreeMap<>();
    var id = refusals.get(() -> KeyFile.readIdentity(from.path("node.identity")).publicKey());
    var keyring = refusals.get(() -> KeyFile.readSite(from.path("node.site_key")));
    var operator = refusals.get(() -> operator(from));
    var charter =
        operator.flatMap(of -> refusals.get(() -> charter(from.path("node.charter"), of, signed)));
    var state = refusals.get(() -> from.path("node.state"));
    List<LinkSettings> links = links(from, refusals);
    var uncertainty =
        refusals.get(() -> from.number("clock.uncertainty_ms", DEFAULT_UNCERTAINTY_MILLIS));
    refusals.end();
    Map<String, Map<String, String>> sensors = new TreeMap<>();
    from.names("sensor").forEach(name -> sensors.put(name, from.table("sensor." + name)));
    return new NodeSettings(
        NodeId.of(id.orElseThrow()),
        keyring.orElseThrow(),
        operator.orElseThrow(),
        charter.orElseThrow(),
        signed,
        from.path("node.charter"),
        state.orElseThrow(),
        links,
        sensors,
        from.flag("clock.root", rootByDefault),
        1000 * uncertainty.orElseThrow());
  }

  private static Operator operator(Configuration from) throws ConfigurationException {
    try {
      return new Operator(HexFormat.of().parseHex(from.required("node.operator")));
    } catch (IllegalArgumentException e) {
      throw from.refused("node.operator", "must be 64 hexadecimal digits; see: starling keys show");
    }
  }

  private static Charter charter(Path file, Operator operator, Map<Integer, byte[]> signed)
      throws ConfigurationException, IOException {
    Charter charter = Charter.EMPTY;
    try {
      for (byte[] bytes : PageCodec.unbundle(SmallFile.read(file, CharterFile.BYTES_MAX))) {
        Page page = PageCodec.open(bytes, operator);
        charter = charter.with(page);
        signed.put(page.zone(), bytes);
      }
    } catch (MalformedException e) {
      throw new ConfigurationException(
          file + ": " + e.getMessage() + "; is node.operator the key that signed it?");
    }
    if (charter.site().isEmpty()) {
      throw new ConfigurationException(file + " lacks the site page; copy the whole charter.bin");
    }
    return charter;
  }

  private static List<LinkSettings> links(Configuration from, Refusals refusals) {
    List<LinkSettings> links = new ArrayList<>();
    for (String name : from.names("link")) {
      refusals.get(() -> link(from, name)).ifPresent(links::add);
    }
    if (from.names("link").isEmpty()) {
      refusals.get(() -> {
        throw new ConfigurationException(
            "no [link.NAME] table: a node needs a medium; see starling node --template");
      });
    }
    return links;
  }

  private static LinkSettings link(Configuration from, String name) throws ConfigurationException {
    String at = "link." + name + ".";
    String kind = from.required(at + "kind");
    boolean serial = kind.equals("serial");
    for (String key : from.table("link." + name).keySet()) {
      if ((serial ? MQTT_KEYS : SERIAL_KEYS).contains(key)) {
        throw from.refused(at + key, "a link of kind " + kind + " has no " + key);
      }
    }
    Presets preset = preset(from, at, serial);
    LinkProfile profile =
        preset.profile().withMtu((int) from.number(at + "mtu", preset.profile().mtuBytes()));
    if (serial) {
      int baud = (int) from.number(at + "baud", preset.modem().baud());
      String port = from.required(at + "port");
      return new LinkSettings.Serial(name, profile, port, baud, Modems.of(from, at, preset));
    }
    return mqtt(from, at, name, profile);
  }

  /** Whom to meet where, by the keys of a table that has a broker. */
  static LinkSettings.Mqtt mqtt(Configuration from, String at, String name, LinkProfile profile)
      throws ConfigurationException {
    String user = from.text(at + "user").orElse(null);
    boolean secret = from.text(at + "password_file").isPresent();
    if (secret && user == null) {
      throw from.refused(at + "password_file", "needs " + at + "user beside it");
    }
    Path password = secret ? from.path(at + "password_file") : null;
    return new LinkSettings.Mqtt(
        name,
        profile,
        broker(from, at),
        user,
        password,
        path(from, at + "ca_file"),
        identity(from, at));
  }

  private static Optional<Tls.Identity> identity(Configuration from, String at)
      throws ConfigurationException {
    Optional<Path> certificate = path(from, at + "certificate_file");
    Optional<Path> key = path(from, at + "key_file");
    if (certificate.isPresent() != key.isPresent()) {
      String one = at + (key.isPresent() ? "key_file" : "certificate_file");
      throw from.refused(one, "certificate_file and key_file go together");
    }
    return certificate.map(of -> new Tls.Identity(of, key.orElseThrow()));
  }

  private static Optional<Path> path(Configuration from, String key) throws ConfigurationException {
    return from.text(key).isPresent() ? Optional.of(from.path(key)) : Optional.empty();
  }

  private static URI broker(Configuration from, String at) throws ConfigurationException {
    try {
      URI broker = URI.create(from.required(at + "broker"));
      Brokers.check(broker);
      return broker;
    } catch (IllegalArgumentException e) {
      throw from.refused(
          at + "broker", "must look like tcp://host:1883, or mqtts://host:8883 for TLS");
    }
  }

  private static Presets preset(Configuration from, String at, boolean serial)
      throws ConfigurationException {
    String name = serial ? from.required(at + "preset") : from.text(at + "preset").orElse("mqtt");
    Presets preset = Presets.of(name).orElse(Presets.MQTT);
    if (preset.profile().broadcast() != serial) {
      throw from.refused(
          at + "preset", serial ? "is no radio: take one of " + presets() : "is a radio's");
    }
    return preset;
  }

  /**
   * Where the charter puts this node.
   *
   * @param cell its cell's page
   * @param member its line in the roster
   */
  public record Place(Page.Cell cell, Member member) {
    private boolean isAt(Place other) {
      return cell.zone() == other.cell.zone() && member.slot() == other.member.slot();
    }
  }

  /** Where a charter puts this node's key. */
  public Place place(Charter of) throws ConfigurationException {
    Optional<Place> place = places(of).findFirst();
    if (place.isEmpty()) {
      throw new ConfigurationException(
          "the charter has no place for node "
              + id
              + ": it was retired or replaced, or never added; add it with: starling keys add PATH,"
              + " and copy charter.bin here");
    }
    return place.get();
  }

  /** Where a charter that is all there puts this node's key, if that is another place. */
  Optional<Place> movedFrom(Place now, Charter of) {
    return places(of)
        .findFirst()
        .filter(next -> of.isWhole(next.cell().zone()))
        .filter(next -> !next.isAt(now));
  }

  /** Whether no roster that a charter holds has this node's key, not even an outdated one. */
  boolean isOut(Charter of) {
    return places(of).findFirst().isEmpty();
  }

  /** Mostly one; outdated rosters, of which a node may have moved away, are the last. */
  private Stream<Place> places(Charter of) {
    return of.pages().values().stream()
        .flatMap(page -> page instanceof Page.Cell cell ? Stream.of(cell) : Stream.empty())
        .sorted(Comparator.comparing(cell -> cell.version() < of.newest(cell.zone())))
        .flatMap(cell ->
            cell.members().stream()
                .filter(member -> member.id().equals(id))
                .map(member -> new Place(cell, member)));
  }
}
