package starling.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import starling.charter.Draft;
import starling.charter.Draft.Duty;
import starling.charter.Operator;
import starling.keys.Bundle;
import starling.keys.Listing;
import starling.keys.SiteDirectory;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.model.Channel;
import starling.model.Charter;
import starling.model.NodeId;
import starling.model.Page;
import starling.model.Schema;
import starling.node.KeyFile;

/** {@code starling keys}: the site's keys and its charter. */
@Command(
    name = "keys",
    description = "Makes and keeps a site's keys, its nodes' identities and its signed charter.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {InviteVerb.class, PendingVerb.class, ApproveVerb.class, DenyVerb.class},
    footer = {
      "",
      "Exit status: 0 done, 1 failed, 2 wrong usage. What fails changes nothing.",
      "",
      "Examples:",
      "  starling keys new --site orchard --window 60",
      "  starling keys schema 1 air_temperature:Cel:2:-40:60 battery:V:2:0:6",
      "  starling keys cell /orchard/north --medium radio",
      "  starling keys add /orchard/north/n17 --uplink --mains",
      "  starling keys move /orchard/north /orchard/hill",
      "  starling keys replace /orchard/north/n17",
      "  starling keys bundle /orchard/north/n17 --to n17 --radio sik-64k:/dev/ttyUSB0 \\",
      "      --broker tcp://gateway.local:1883",
      "  starling keys invite /orchard/north/n18 --to n18.invite --hours 24",
      "  starling keys pending --broker tcp://gateway.local:1883",
      "  starling keys show",
      "",
      "Key files are of mode 0600. operator.key stays with you; what a node needs is what 'bundle'"
          + " writes."
    })
final class KeysVerb {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "The site's directory (default: .).")
  private Path directory = Path.of(".");

  @Spec private @Nullable CommandSpec spec;

  /** Something that is refused with an {@link IllegalArgumentException} if the words are wrong. */
  interface Act<T> {
    T run() throws IOException;
  }

  @Command(
      name = "new",
      description = "Makes a site: its key, the operator's key, a charter with only a root zone.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling keys new --site orchard --window 60 --dir orchard"})
  int create(
      @Option(
              names = "--site",
              required = true,
              paramLabel = "NAME",
              description = "The root zone.")
          String name,
      @Option(
              names = "--window",
              paramLabel = "SECONDS",
              defaultValue = "60",
              description = "How often each node contributes, 1 to 3600 (default: 60).")
          int seconds)
      throws IOException {
    SiteDirectory made =
        refusing(() -> SiteDirectory.create(directory, new Draft(name, 1000L * seconds)));
    out().println("site " + name + " in " + made.root().toAbsolutePath().normalize());
    out().println("operator " + made.operatorHex());
    return 0;
  }

  @Command(
      name = "schema",
      description = "Adds a schema: what readings consist of.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling keys schema 1 air_temperature:Cel:2:-40:60 battery:V:2:0:6"})
  int schema(
      @Parameters(paramLabel = "NUMBER", description = "0 to 15.") int number,
      @Parameters(
              paramLabel = "NAME:UNIT:DECIMALS:MIN:MAX",
              arity = "1..16",
              description = "A channel: its name, UCUM unit, decimals and range.")
          List<String> channels)
      throws IOException {
    return save(draft ->
        draft.schema(new Schema(number, channels.stream().map(KeysVerb::channel).toList())));
  }

  static Channel channel(String text) {
    String[] parts = text.split(":", -1);
    try {
      if (parts.length == 5) {
        return new Channel(
            parts[0],
            parts[1],
            Integer.parseInt(parts[2]),
            Double.parseDouble(parts[3]),
            Double.parseDouble(parts[4]));
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException(
        "a channel is NAME:UNIT:DECIMALS:MIN:MAX, such as battery:V:2:0:6, not '" + text + "'");
  }

  @Command(
      name = "cell",
      description = "Adds a cell, and the zones above it that are not there yet.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling keys cell /orchard/north --medium radio"})
  int cell(
      @Parameters(paramLabel = "PATH", description = "Such as /orchard/north.") String path,
      @Option(
              names = "--medium",
              required = true,
              paramLabel = "MEDIUM",
              description = "mqtt, radio (sik-64k), or a preset: ${COMPLETION-CANDIDATES}.",
              completionCandidates = Media.class)
          String medium)
      throws IOException {
    return save(draft -> draft.cell(path, medium(medium)));
  }

  /** What nodes may be given as their medium. */
  static final class Media extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    Media() {
      super(Presets.names());
    }
  }

  private static LinkProfile medium(String name) {
    Presets preset =
        Presets.of(name.equals("radio") ? Presets.SIK_64K.profile().name() : name)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "--medium is radio or one of "
                        + String.join(", ", Presets.names())
                        + ", not '"
                        + name
                        + "'"));
    return preset.profile();
  }

  @Command(
      name = "add",
      description =
          "Adds a node to its cell's roster, with a new identity, or the one that was made here"
              + " before.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling keys add /orchard/north/n17 --uplink --mains"})
  int add(
      @Parameters(paramLabel = "PATH", description = "Such as /orchard/north/n17.") String path,
      @Option(
              names = "--schema",
              paramLabel = "NUMBER",
              defaultValue = "1",
              description = "Of its readings (default: 1).")
          int schema,
      @Option(names = "--uplink", description = "It reaches the parent zone's medium too.")
          boolean uplink,
      @Option(names = "--mains", description = "It has mains power.") boolean mains,
      @Option(names = "--gateway", description = "It is a gateway, without readings of its own.")
          boolean gateway,
      @Option(
              names = "--public",
              paramLabel = "HEX",
              description = "Its public key, if made elsewhere.")
          @Nullable String publicKey)
      throws IOException {
    Set<Duty> duties = EnumSet.of(gateway ? Duty.GATEWAY : Duty.SENSES);
    if (uplink || gateway) {
      duties.add(Duty.UPLINK);
    }
    if (mains || gateway) {
      duties.add(Duty.MAINS);
    }
    if (publicKey != null) {
      return save(draft -> draft.node(path, publicKey(publicKey), schema, duties));
    }
    KeyFile.Identity identity = refusing(() -> site().identity(path));
    Draft draft = draft();
    Charter charter =
        refusing(() -> {
          draft.node(path, identity.publicKey(), schema, duties);
          return site().save(draft, path, identity);
        });
    out().println("identity " + site().nodeKey(path));
    return saved(charter);
  }

  private static byte[] publicKey(String hex) {
    try {
      byte[] key = HexFormat.of().parseHex(hex);
      if (key.length == Operator.KEY_BYTES) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new IllegalArgumentException("a public key has 64 hexadecimal digits: '" + hex + "'");
  }

  @Command(
      name = "rename",
      description = {
        "Gives a zone or a node another name. Ids, slots and keys stay, so nodes go on without a"
            + " stop; topics and paths have the new name.",
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling keys rename /orchard/north upper"})
  int rename(
      @Parameters(paramLabel = "PATH", description = "Of a zone or a node.") String path,
      @Parameters(paramLabel = "NAME", description = "Its new last segment.") String name)
      throws IOException {
    return relocate(path, draft -> draft.rename(path, name));
  }

  @Command(
      name = "move",
      description = {
        "Puts a zone, with all that is in it, below another zone, or a node into another cell.",
        "Zones go on without a stop. A node gets another slot: give it the new charter, and start"
            + " it again."
      },
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Example: starling keys move /orchard/north /orchard/hill",
        "         starling keys move /orchard/hill/north/n17 /orchard/south"
      })
  int move(
      @Parameters(paramLabel = "PATH", description = "Of a zone or a node.") String path,
      @Parameters(
              paramLabel = "PARENT",
              description = "Where it goes: a zone, which is made if it is not there; or a cell.")
          String parent)
      throws IOException {
    return relocate(path, draft -> draft.move(path, parent));
  }

  private int relocate(String path, Change change) throws IOException {
    Draft draft = draft();
    Map<NodeId, String> before = draft.nodes(path);
    return saved(
        refusing(() -> {
          change.make(draft);
          return site().save(draft, before, draft.nodes(""));
        }));
  }

  @Command(
      name = "retire",
      description =
          "Takes a node out of its cell's roster, or a zone with all that is in it out of the"
              + " tree; identity files stay.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Example: starling keys retire /orchard/north/n17",
        "         starling keys retire /orchard/north --yes"
      })
  int retire(
      @Parameters(paramLabel = "PATH", description = "Of a node or a zone.") String path,
      @Option(names = "--yes", description = "Also a zone that has nodes, with all of them.")
          boolean yes)
      throws IOException {
    return save(draft -> {
      Collection<String> nodes = draft.nodes(path).values();
      if (!yes && !nodes.isEmpty() && !nodes.contains(path)) {
        throw new IllegalArgumentException(
            path + " has " + nodes.size() + " nodes; to retire them with it, add --yes");
      }
      draft.retire(path);
    });
  }

  @Command(
      name = "replace",
      description = {
        "Gives a lost board's place to another one: same name and duties, a new identity. What the"
            + " lost board says does not count any more once its neighbours know.",
        "The lost board has the site's key still: see docs/security.md."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling keys replace /orchard/north/n17"})
  int replace(
      @Parameters(paramLabel = "PATH", description = "Of the lost node.") String path,
      @Option(
              names = "--public",
              paramLabel = "HEX",
              description = "The new board's public key, if made elsewhere.")
          @Nullable String publicKey)
      throws IOException {
    if (publicKey != null) {
      int done = save(draft -> draft.replace(path, publicKey(publicKey)));
      site().forget(path);
      return done;
    }
    KeyFile.Identity identity = KeyFile.generate();
    Draft draft = draft();
    Charter charter =
        refusing(() -> {
          draft.replace(path, identity.publicKey());
          return site().replace(draft, path, identity);
        });
    out().println("identity " + site().nodeKey(path));
    return saved(charter);
  }

  @Command(
      name = "bundle",
      description = "Writes all that one node needs into a directory to copy to it.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Example: starling keys bundle /orchard/north/n17 --to n17 --radio sik-64k:/dev/ttyUSB0"
      })
  int bundle(
      @Parameters(paramLabel = "PATH", description = "Such as /orchard/north/n17.") String path,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "DIR",
              description = "A directory that is not there yet, or empty.")
          Path to,
      @Option(
              names = "--radio",
              paramLabel = "PRESET:PORT",
              description = "Its modem, such as sik-64k:/dev/ttyUSB0.")
          @Nullable String radio,
      @Option(
              names = "--callsign",
              paramLabel = "SIGN",
              description = "With a TNC on an amateur band: the station's, such as N0CALL-7.")
          @Nullable String callsign,
      @Option(
              names = "--broker",
              paramLabel = "URL",
              description = "Where it meets others, such as tcp://gateway.local:1883.")
          @Nullable String broker,
      @Option(
              names = "--broker-ca",
              paramLabel = "FILE",
              description =
                  "Who certifies a broker at mqtts://, PEM (default: whom the system knows).")
          @Nullable Path brokerCa)
      throws IOException {
    refusing(() -> {
      Optional<Bundle.Radio> modem =
          Optional.ofNullable(radio).map(text -> Bundle.Radio.of(text).station(callsign));
      new Bundle(path, modem, Optional.ofNullable(broker), Optional.ofNullable(brokerCa), List.of())
          .write(site(), to);
      return 0;
    });
    out().println("bundle " + to);
    out().println("run there: starling node --config node.toml");
    return 0;
  }

  @Command(
      name = "show",
      description = "Shows the charter, a line a thing: kind, path or name, details.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling keys show --json | jq 'select(.kind == \"node\")'"})
  int show(@Option(names = "--json", description = "One JSON object a line.") boolean json)
      throws IOException {
    for (Listing one : Listing.of(site().charter(), site().operatorHex())) {
      out().println(json ? one.json() : one.line());
    }
    return 0;
  }

  // ---- what they share

  PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  SiteDirectory site() {
    return new SiteDirectory(directory);
  }

  private Draft draft() throws IOException {
    return Draft.of(site().charter());
  }

  private interface Change {
    void make(Draft draft);
  }

  private int save(Change change) throws IOException {
    Draft draft = draft();
    return saved(
        refusing(() -> {
          change.make(draft);
          return site().save(draft);
        }));
  }

  private int saved(Charter charter) {
    out().println("charter version " + charter.version(Page.SITE) + " signed");
    return 0;
  }

  <T> T refusing(Act<T> act) throws IOException {
    try {
      return act.run();
    } catch (IllegalArgumentException e) {
      CommandSpec verb = Objects.requireNonNull(spec);
      throw new ParameterException(verb.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
