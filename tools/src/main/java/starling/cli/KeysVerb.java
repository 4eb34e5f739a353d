package starling.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import starling.charter.Draft;
import starling.charter.Draft.Duty;
import starling.keys.SiteDirectory;
import starling.model.Channel;
import starling.model.Charter;
import starling.model.Member;
import starling.model.Page;
import starling.model.Schema;
import starling.node.KeyFile;

/** {@code starling keys}: the site's keys and its charter. */
@Command(
    name = "keys",
    description = "Makes and keeps a site's keys, its nodes' identities and its signed charter.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    footer = {
      "",
      "Examples:",
      "  starling keys new --site orchard --window 60",
      "  starling keys schema 1 air_temperature:Cel:2:-40:60 battery:V:2:0:6",
      "  starling keys query climate 'SELECT AVG(air_temperature), COUNT(*) FROM readings'",
      "  starling keys cell /orchard/north --medium radio",
      "  starling keys add /orchard/north/n17 --uplink --mains",
      "  starling keys show",
      "",
      "Key files are of mode 0600. operator.key stays with you; a node needs its own key file,"
          + " site.key,",
      "charter.bin, and the operator's public key, which 'show' prints, in its configuration."
    })
final class KeysVerb {
  private static final int WINDOW_SECONDS = 60;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      scope = picocli.CommandLine.ScopeType.INHERIT,
      description = "The site's directory (default: .).")
  private Path directory = Path.of(".");

  @Spec private @Nullable CommandSpec spec;

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  private SiteDirectory site() {
    return new SiteDirectory(directory);
  }

  private Draft draft() throws IOException {
    return Draft.of(site().charter());
  }

  @Command(
      name = "new",
      description = "Makes a site: its key, the operator's key, an empty charter.")
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
              description = "How often each node contributes, 1 to 3600 (default: 60).")
          @Nullable Integer seconds)
      throws IOException {
    long windowMillis = 1000L * (seconds == null ? WINDOW_SECONDS : seconds);
    SiteDirectory made =
        SiteDirectory.create(directory, drafted(() -> new Draft(name, windowMillis)));
    out().println("site " + name + " in " + made.root().toAbsolutePath().normalize());
    out().println("operator " + made.operatorHex());
    return 0;
  }

  @Command(name = "schema", description = "Adds a schema: what readings consist of.")
  int schema(
      @Parameters(paramLabel = "NUMBER", description = "0 to 15.") int number,
      @Parameters(
              paramLabel = "NAME:UNIT:DECIMALS:MIN:MAX",
              arity = "1..16",
              description = "A channel: its name, UCUM unit, decimals and range.")
          List<String> channels)
      throws IOException {
    return save(
        draft()
            .schema(
                drafted(
                    () -> new Schema(number, channels.stream().map(KeysVerb::channel).toList()))));
  }

  private static Channel channel(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 5) {
      throw new IllegalArgumentException("a channel is NAME:UNIT:DECIMALS:MIN:MAX, not " + text);
    }
    return new Channel(
        parts[0],
        parts[1],
        Integer.parseInt(parts[2]),
        Double.parseDouble(parts[3]),
        Double.parseDouble(parts[4]));
  }

  @Command(name = "query", description = "Adds a standing query.")
  int query(
      @Parameters(paramLabel = "NAME", description = "The topic level.") String name,
      @Parameters(paramLabel = "TEXT", description = "SELECT ... FROM readings") String text)
      throws IOException {
    Draft draft = draft();
    return save(drafted(() -> draft.query(name, text)));
  }

  @Command(
      name = "cell",
      description = "Adds a cell, and the zones above it that are not there yet.")
  int cell(
      @Parameters(paramLabel = "PATH", description = "Such as /orchard/north.") String path,
      @Option(names = "--medium", required = true, description = "radio or mqtt.") String medium)
      throws IOException {
    Page.Medium of =
        switch (medium) {
          case "radio" -> Page.Medium.BROADCAST;
          case "mqtt" -> Page.Medium.ADDRESSED;
          default -> throw wrong("--medium is radio or mqtt, not " + medium);
        };
    Draft draft = draft();
    return save(drafted(() -> draft.cell(path, of)));
  }

  @Command(name = "add", description = "Makes a node's identity and adds it to its cell's roster.")
  int add(
      @Parameters(paramLabel = "PATH", description = "Such as /orchard/north/n17.") String path,
      @Option(
              names = "--schema",
              paramLabel = "NUMBER",
              description = "Of its readings (default: 1).")
          @Nullable Integer schema,
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
    Set<Duty> duties = EnumSet.noneOf(Duty.class);
    duties.add(gateway ? Duty.GATEWAY : Duty.SENSES);
    if (uplink || gateway) {
      duties.add(Duty.UPLINK);
    }
    if (mains || gateway) {
      duties.add(Duty.MAINS);
    }
    Draft draft = draft();
    byte[] probe = new byte[KeyFile.generate().publicKey().length];
    drafted(() -> Draft.of(charterOrThrow()).node(path, probe, 1, duties));
    byte[] key = publicKey == null ? site().newNode(path) : HexFormat.of().parseHex(publicKey);
    save(drafted(() -> draft.node(path, key, schema == null ? 1 : schema, duties)));
    if (publicKey == null) {
      out().println("identity " + site().nodeKey(path));
    }
    return 0;
  }

  private Charter charterOrThrow() {
    try {
      return site().charter();
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Command(name = "retire", description = "Takes a node out of its cell's roster.")
  int retire(
      @Parameters(paramLabel = "PATH", description = "Such as /orchard/north/n17.") String path)
      throws IOException {
    Draft draft = draft();
    return save(drafted(() -> draft.retire(path)));
  }

  @Command(
      name = "show",
      description = "Shows the charter, tab-separated: kind, path or name, details.")
  int show() throws IOException {
    Charter charter = site().charter();
    PrintWriter out = out();
    Page.Site page = charter.site().orElseThrow();
    out.println(
        "site\t"
            + page.site()
            + "\tversion "
            + page.version()
            + "\twindow "
            + page.windowMillis()
            + " ms");
    out.println("operator\t" + site().operatorHex());
    page.schemas()
        .forEach(s ->
            out.println(
                "schema\t"
                    + s.number()
                    + "\t"
                    + s.channels().stream().map(Channel::name).toList()));
    page.queries().forEach(q -> out.println("query\t" + q.name() + "\t" + q.text()));
    for (Page held : charter.pages().values()) {
      String path = charter.path(held.zone()).orElse("");
      switch (held) {
        case Page.Inner inner -> out.println("zone\t" + path + "\tid " + inner.zone());
        case Page.Cell cell -> {
          out.println(
              "cell\t"
                  + path
                  + "\tid "
                  + cell.zone()
                  + "\t"
                  + (cell.medium() == Page.Medium.BROADCAST ? "radio" : "mqtt"));
          cell.members().forEach(member -> out.println(line(path, member)));
        }
        case Page.Site _ -> {}
      }
    }
    return 0;
  }

  private static String line(String cell, Member member) {
    return "node\t"
        + cell
        + "/"
        + member.name()
        + "\tslot "
        + member.slot()
        + "\t"
        + member.id()
        + (member.gateway() ? "\tgateway" : "")
        + (member.uplink() ? "\tuplink" : "")
        + (member.mains() ? "\tmains" : "");
  }

  private int save(Draft draft) throws IOException {
    Charter charter = site().save(draft);
    out().println("charter version " + charter.version(Page.SITE) + " signed");
    return 0;
  }

  private <T> T drafted(java.util.function.Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), what);
  }
}
