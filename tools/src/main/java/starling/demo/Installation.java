package starling.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import starling.charter.Draft;
import starling.charter.Draft.Duty;
import starling.keys.SiteDirectory;
import starling.link.air.Loss;
import starling.link.air.PtyAir;
import starling.model.Page;
import starling.sensor.Recording;

/**
 * A site on this machine: its radio channels and its programs, the very ones that a field site
 * runs. What it adds to them is but the emulated air.
 */
final class Installation {
  /** What the programs are asked so that they do not outlive a demo that was killed. */
  private static final String LEASH = "--exit-with-stdin";

  private static final String TIME_FOUND = "network time found";
  private static final DateTimeFormatter LOG_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ");

  private final Configuration configuration;
  private final Map<String, PtyAir> air = new TreeMap<>();
  private final Processes processes;

  /**
   * Opens the radio channels, one a radio cell; no program runs yet.
   *
   * @param launcher the command that starts {@code tools/starling}
   * @param loss share of frames that each channel loses, 0 to 1
   * @param seed decides every chance of the channels
   * @param spares radios on every channel that no node of the site has
   * @param cleanup ends the programs, then the channels
   */
  Installation(
      Configuration configuration,
      List<String> launcher,
      double loss,
      long seed,
      List<String> spares,
      Cleanup cleanup)
      throws IOException {
    this.configuration = configuration;
    for (Site.Cell cell : site().cells()) {
      if (cell.radio()) {
        Stream<String> stations = cell.nodes().stream().map(Site.Node::station);
        air.put(
            cell.path(),
            cleanup.add(
                PtyAir.open(
                    files().air(cell),
                    Stream.concat(stations, spares.stream()).toList(),
                    Configuration.PRESET.profile(),
                    new Loss.Independent(loss),
                    seed * 31 + site().cells().indexOf(cell))));
      }
    }
    processes = cleanup.add(new Processes(launcher, files().logs()));
  }

  /** What an operator does before the first node is switched on. */
  static void writeKeys(Site site, Workspace files) throws IOException {
    Draft draft =
        new Draft(site.name(), site.windowMillis())
            .schema(Site.SCHEMA)
            .query(Site.QUERY, site.queryText());
    SiteDirectory keys = SiteDirectory.create(files.root(), draft);
    for (Site.Cell cell : site.cells()) {
      draft.cell(cell.path(), cell.radio() ? Page.Medium.BROADCAST : Page.Medium.ADDRESSED);
      for (Site.Node node : cell.nodes()) {
        Set<Duty> duties = EnumSet.of(Duty.SENSES);
        if (node.uplink()) {
          duties.add(Duty.UPLINK);
        }
        draft.node(node.path(), keys.newNode(node.path()), Site.SCHEMA.number(), duties);
      }
    }
    draft.node(
        site.gateway(),
        keys.newNode(site.gateway()),
        Site.SCHEMA.number(),
        EnumSet.of(Duty.UPLINK, Duty.MAINS, Duty.GATEWAY));
    keys.save(draft);
  }

  /** Starts the gateway, also again; settings are added as on its command line. Answers its pid. */
  long startGateway(String... settings) throws IOException {
    Path file = files().configuration(site().gateway());
    Files.writeString(file, configuration.gateway());
    return start("gateway", site().gateway(), file, settings);
  }

  /** Starts a node, also again; settings are added as on its command line. Answers its pid. */
  long startNode(Site.Node node, String... settings) throws IOException {
    return startNode(node, node.path(), settings);
  }

  /** Starts a node under another name in {@link Processes}, so that it may run twice. */
  long startNode(Site.Node node, String name, String... settings) throws IOException {
    Site.Cell cell =
        site().cells().stream().filter(one -> one.nodes().contains(node)).findFirst().orElseThrow();
    Path file = files().configuration(node.path());
    Files.writeString(file, configuration.node(cell, node));
    return start("node", name, file, settings);
  }

  private long start(String verb, String name, Path file, String... settings) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(verb, "--config", file.toString(), LEASH));
    arguments.addAll(List.of(settings));
    return processes.start(name, arguments);
  }

  /** A radio cell's channel. */
  PtyAir air(String cell) {
    PtyAir channel = air.get(cell);
    if (channel == null) {
      throw new IllegalArgumentException(cell + " has no radio");
    }
    return channel;
  }

  /** The programs, by node path. */
  Processes processes() {
    return processes;
  }

  /**
   * Since when a node could take part in windows, Unix milliseconds: by its own log, that is since
   * it knew the network's time.
   */
  OptionalLong upMillis(Site.Node node) {
    try (Stream<String> lines = Files.lines(processes.log(node.path()), ISO_8859_1)) {
      return lines
          .filter(line -> line.contains(TIME_FOUND))
          .limit(1)
          .mapToLong(Installation::loggedMillis)
          .findFirst();
    } catch (IOException | DateTimeException e) {
      return OptionalLong.empty();
    }
  }

  private static long loggedMillis(String line) {
    return OffsetDateTime.parse(line.substring(0, line.indexOf(' ')), LOG_TIME)
        .toInstant()
        .toEpochMilli();
  }

  /** What the stations' nodes measure. */
  Recorded recorded() throws IOException {
    Recording recording = Recording.read(configuration.recording());
    return (station, windowEndMillis) ->
        recording.valueAt(
            station, windowEndMillis, configuration.startMillis(), configuration.speed());
  }

  private Site site() {
    return configuration.site();
  }

  private Workspace files() {
    return configuration.files();
  }
}
