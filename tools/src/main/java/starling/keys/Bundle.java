package starling.keys;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Tls;
import starling.model.Charter;
import starling.model.Member;
import starling.model.Page;
import starling.node.Configuration;
import starling.node.ConfigurationException;
import starling.node.Folders;
import starling.node.NodeSettings;

/**
 * All that one node needs, in a directory to copy to it: its identity, the site's key, its branch
 * of the charter, and a configuration that works as it is.
 *
 * @param path the node's, such as {@code /orchard/north/n17}
 * @param radio the modem's preset and port, for a node of a radio cell
 * @param broker where to meet the others, for a node with an uplink or of a cell on a network
 * @param ca who certifies that broker (PEM), if it is nobody that the system knows
 * @param sensors beside the board itself
 */
public record Bundle(
    String path,
    Optional<Radio> radio,
    Optional<String> broker,
    Optional<Path> ca,
    List<SensorTable> sensors) {
  private static final String CONFIGURATION = "node.toml";
  private static final String CA = "broker-ca.pem";

  public Bundle {
    sensors = List.copyOf(sensors);
  }

  /** A node that has the board itself to read. */
  public Bundle(String path, Optional<Radio> radio, Optional<String> broker) {
    this(path, radio, broker, Optional.empty(), List.of());
  }

  /**
   * A modem.
   *
   * @param preset the medium that it is set to
   * @param port the device on the node
   * @param callsign of the station on an amateur band, elsewhere none
   */
  public record Radio(String preset, String port, Optional<String> callsign) {
    /** Reads {@code sik-64k:/dev/ttyUSB0}. */
    public static Radio of(String text) {
      int colon = text.indexOf(':');
      if (colon < 1 || colon == text.length() - 1) {
        throw new IllegalArgumentException(
            "a radio is PRESET:PORT, such as sik-64k:/dev/ttyUSB0, not '" + text + "'");
      }
      return new Radio(text.substring(0, colon), text.substring(colon + 1), Optional.empty());
    }

    /** The same as a station on an amateur band. */
    public Radio station(@Nullable String sign) {
      return new Radio(preset, port, Optional.ofNullable(sign));
    }
  }

  /**
   * Writes the directory, with mode 0700, in one step; what is in it was read as a node reads it.
   *
   * @param to must not exist, or be empty
   * @throws IllegalArgumentException the node is not of that site, or can't be reached like that
   */
  public void write(SiteDirectory site, Path to) throws IOException {
    write(site, to, "state");
  }

  /**
   * The same for a node that keeps its state elsewhere than beside its configuration.
   *
   * @param state the directory on the node
   */
  public void write(SiteDirectory site, Path to, String state) throws IOException {
    Page.Cell cell = check(site.charter());
    Path directory = to.toAbsolutePath().normalize();
    Path beside = directory.resolveSibling(directory.getFileName() + ".new");
    Files.createDirectories(directory.resolveSibling(""));
    Folders.delete(beside);
    Files.createDirectory(beside, SiteDirectory.OWNER_ONLY);
    try {
      copy(site.nodeKey(path), beside.resolve("node.key"));
      copy(site.siteKey(), beside.resolve("site.key"));
      Files.write(beside.resolve("charter.bin"), site.branch(cell.zone()));
      copyCa(beside);
      Path file = Files.writeString(beside.resolve(CONFIGURATION), text(site.operatorHex(), state));
      NodeSettings settings =
          NodeSettings.of(Configuration.read(file, List.of(), NodeSettings.KEYS), false);
      settings.place(settings.charter());
      Files.move(beside, directory, StandardCopyOption.ATOMIC_MOVE);
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (DirectoryNotEmptyException e) {
      throw new IOException(directory + " is not empty: name another directory", e);
    } finally {
      Folders.delete(beside);
    }
  }

  /**
   * Answers the node's cell.
   *
   * @throws IllegalArgumentException the node is not of that site, or can't be reached like that
   * @throws IOException what certifies the broker can't be read
   */
  Page.Cell check(Charter charter) throws IOException {
    checkCa();
    for (Page page : charter.pages().values()) {
      String zone = charter.path(page.zone()).orElse("");
      if (page instanceof Page.Cell cell && path.startsWith(zone + "/")) {
        for (Member member : cell.members()) {
          if (path.equals(zone + "/" + member.name())) {
            checkMedia(cell, member);
            return cell;
          }
        }
      }
    }
    throw new IllegalArgumentException(
        path + " is not in the roster; add it first: starling keys add " + path);
  }

  private void checkMedia(Page.Cell cell, Member member) {
    boolean onAir = cell.medium() == Page.Medium.BROADCAST;
    boolean onNetwork = !onAir || member.uplink();
    require(onAir, radio.isPresent(), "is of a radio cell", "--radio PRESET:PORT");
    require(onNetwork, broker.isPresent(), "meets others at a broker", "--broker tcp://HOST:1883");
  }

  private void require(boolean wanted, boolean given, String what, String option) {
    if (wanted && !given) {
      throw new IllegalArgumentException(path + " " + what + ": say " + option);
    }
    if (given && !wanted) {
      String name = option.substring(0, option.indexOf(' '));
      throw new IllegalArgumentException(
          path + " can't have " + name + ": the charter has no such medium for it");
    }
  }

  /**
   * Looks whether the broker's certifier is one, and of use.
   *
   * @throws IllegalArgumentException no broker speaks TLS
   * @throws IOException it can't be read, or is no certificate
   */
  void checkCa() throws IOException {
    if (ca.isEmpty()) {
      return;
    }
    if (broker.isEmpty() || !Brokers.isSecure(URI.create(broker.get()))) {
      throw new IllegalArgumentException(
          "--broker-ca certifies a broker with TLS: say --broker mqtts://HOST:8883");
    }
    Tls.read(ca, Optional.empty());
  }

  /** Puts the broker's certifier beside the configuration that names it. */
  void copyCa(Path directory) throws IOException {
    if (ca.isPresent()) {
      Files.copy(ca.get(), directory.resolve(CA));
    }
  }

  /** The line that names it, in a table that has the broker. */
  String caLine() {
    return ca.isPresent() ? "ca_file = " + quoted(CA) + "\n" : "";
  }

  private void copy(Path from, Path to) throws IOException {
    try {
      Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    } catch (NoSuchFileException e) {
      throw new IOException(from + " does not exist: was this key made elsewhere?", e);
    }
  }

  private String text(String operator, String state) {
    StringBuilder text = new StringBuilder("# " + path + "; all keys: starling node --template\n");
    text.append("[node]\nidentity = \"node.key\"\nsite_key = \"site.key\"\n");
    text.append("charter = \"charter.bin\"\noperator = \"").append(operator).append("\"\n");
    text.append("state = ").append(quoted(state)).append("\n");
    media(text);
    return text.toString();
  }

  /** Its links and sensors. */
  void media(StringBuilder text) {
    radio.ifPresent(modem -> {
      text.append("\n[link.radio]\nkind = \"serial\"\npreset = ")
          .append(quoted(modem.preset()))
          .append("\nport = ")
          .append(quoted(modem.port()))
          .append("\n");
      modem
          .callsign()
          .ifPresent(sign -> text.append("callsign = ").append(quoted(sign)).append("\n"));
    });
    broker.ifPresent(uri ->
        text.append("\n[link.uplink]\nkind = \"mqtt\"\nbroker = ")
            .append(quoted(uri))
            .append("\n")
            .append(caLine()));
    text.append(SensorTable.toml(sensors));
  }

  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
