package starling.node;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import starling.charter.Operator;
import starling.charter.PageCodec;
import starling.frame.Keyring;
import starling.link.LinkProfile;
import starling.link.Presets;
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
    Path state,
    List<LinkSettings> links,
    Map<String, Map<String, String>> sensors,
    boolean systemClock,
    long clockUncertaintyMicros) {

  /** The keys that every node's configuration may have. */
  public static final List<Configuration.Key> KEYS =
      List.of(
          new Configuration.Key("node.identity", "file with this node's own key (keys node)"),
          new Configuration.Key("node.site_key", "file with the site's keys"),
          new Configuration.Key(
              "node.operator", "the operator's public key, 64 hexadecimal digits"),
          new Configuration.Key("node.charter", "file with the charter's signed pages"),
          new Configuration.Key("node.state", "directory for durable state"),
          new Configuration.Key("clock.root", "true if this machine's clock is right (NTP, GPS)"),
          new Configuration.Key("clock.uncertainty_ms", "how far off it may be, 1 to 1000"),
          new Configuration.Key("link.*.kind", "serial or mqtt"),
          new Configuration.Key(
              "link.*.preset", "the medium: " + String.join(", ", Presets.names())),
          new Configuration.Key("link.*.mtu", "the largest frame in bytes, if not the preset's"),
          new Configuration.Key("link.*.port", "serial: the device"),
          new Configuration.Key("link.*.baud", "serial: bits per second on the wire"),
          new Configuration.Key("link.*.broker", "mqtt: tcp://host:1883 or ssl://host:8883"),
          new Configuration.Key("link.*.user", "mqtt: user name"),
          new Configuration.Key("link.*.password_file", "mqtt: file with the password, mode 0600"),
          new Configuration.Key("sensor.*.**", "kind, and what that kind takes"));

  /** One medium of a node: the owner's name for it, and what it is and allows. */
  public sealed interface LinkSettings {
    String name();

    LinkProfile profile();

    /** A serial radio. */
    record Serial(String name, LinkProfile profile, String port, int baud)
        implements LinkSettings {}

    /** A broker. */
    record Mqtt(
        String name,
        LinkProfile profile,
        URI broker,
        @Nullable String user,
        @Nullable Path passwordFile)
        implements LinkSettings {}
  }

  /** Reads and checks all that the configuration names. */
  public static NodeSettings of(Configuration from, boolean rootByDefault)
      throws ConfigurationException, IOException {
    NodeId id = NodeId.of(KeyFile.readIdentity(from.path("node.identity")).publicKey());
    Operator operator = operator(from);
    Map<Integer, byte[]> signed = new TreeMap<>();
    Charter charter = charter(from.path("node.charter"), operator, signed);
    Map<String, Map<String, String>> sensors = new TreeMap<>();
    for (String name : from.names("sensor")) {
      sensors.put(name, from.table("sensor." + name));
    }
    return new NodeSettings(
        id,
        KeyFile.readSite(from.path("node.site_key")),
        operator,
        charter,
        signed,
        from.path("node.state"),
        links(from),
        sensors,
        from.flag("clock.root", rootByDefault),
        1000 * from.number("clock.uncertainty_ms", 1, 1000, 20));
  }

  private static Operator operator(Configuration from) throws ConfigurationException {
    try {
      return new Operator(HexFormat.of().parseHex(from.required("node.operator")));
    } catch (IllegalArgumentException e) {
      throw from.refused("node.operator", String.valueOf(e.getMessage()));
    }
  }

  private static Charter charter(Path file, Operator operator, Map<Integer, byte[]> signed)
      throws ConfigurationException, IOException {
    Charter charter = Charter.EMPTY;
    try {
      for (byte[] bytes : PageCodec.unbundle(Files.readAllBytes(file))) {
        Page page = PageCodec.open(bytes, operator);
        charter = charter.with(page);
        signed.put(page.zone(), bytes);
      }
    } catch (MalformedException e) {
      throw new ConfigurationException(
          file + ": " + e.getMessage() + "; is node.operator the key that signed it?");
    }
    if (charter.site().isEmpty()) {
      throw new ConfigurationException(file + " lacks the site page");
    }
    return charter;
  }

  private static List<LinkSettings> links(Configuration from)
      throws ConfigurationException, IOException {
    List<LinkSettings> links = new ArrayList<>();
    for (String name : from.names("link")) {
      String at = "link." + name + ".";
      String kind = from.required(at + "kind");
      LinkProfile profile = profile(from, at, kind);
      switch (kind) {
        case "serial" -> {
          int baud = (int) from.number(at + "baud", 300, 4_000_000, 57_600);
          links.add(new LinkSettings.Serial(name, profile, from.required(at + "port"), baud));
        }
        case "mqtt" -> {
          Path password =
              from.text(at + "password_file").isPresent() ? from.path(at + "password_file") : null;
          String user = from.text(at + "user").orElse(null);
          links.add(new LinkSettings.Mqtt(name, profile, broker(from, at), user, password));
        }
        default -> throw from.refused(at + "kind", "must be serial or mqtt");
      }
    }
    if (links.isEmpty()) {
      throw new ConfigurationException("no [link.NAME] table: a node needs a medium to speak on");
    }
    return links;
  }

  private static URI broker(Configuration from, String at) throws ConfigurationException {
    try {
      return URI.create(from.required(at + "broker"));
    } catch (IllegalArgumentException e) {
      throw from.refused(at + "broker", "must look like tcp://host:1883");
    }
  }

  private static LinkProfile profile(Configuration from, String at, String kind)
      throws ConfigurationException {
    String preset = from.text(at + "preset").orElse(kind.equals("mqtt") ? "mqtt" : "");
    Optional<LinkProfile> profile = Presets.named(preset);
    if (profile.isEmpty()) {
      throw from.refused(at + "preset", "must be one of " + String.join(", ", Presets.names()));
    }
    long mtu = from.number(at + "mtu", LinkProfile.MTU_MIN_BYTES, LinkProfile.MTU_MAX_BYTES, 0);
    return mtu == 0 ? profile.get() : profile.get().withMtu((int) mtu);
  }

  /**
   * Where the charter puts this node.
   *
   * @param cell its cell's page
   * @param member its line in the roster
   */
  public record Place(Page.Cell cell, Member member) {}

  /** Where a charter puts this node's key. */
  public Place place(Charter of) throws ConfigurationException {
    for (Page page : of.pages().values()) {
      if (page instanceof Page.Cell cell) {
        for (Member member : cell.members()) {
          if (member.id().equals(id)) {
            return new Place(cell, member);
          }
        }
      }
    }
    throw new ConfigurationException(
        "the charter has no place for node " + id + "; add it with: starling keys add");
  }
}
