package starling.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import starling.charter.Draft;
import starling.charter.Draft.Duty;
import starling.keys.SiteDirectory;
import starling.link.air.Loss;
import starling.link.air.PtyAir;
import starling.model.Page;
import starling.sensor.Recording;

/**
 * Runs a site on this machine. It writes keys, charter and configurations, starts the programs that
 * a field site runs, and from then on is but a subscriber of the gateway: no code path in the
 * programs exists for it, the emulated air aside.
 */
public final class Demo {
  /** What the programs are asked so that they do not outlive a demo that was killed. */
  private static final String LEASH = "--exit-with-stdin";

  private static final long BROKER_START_MS = 60_000;

  private final Options options;
  private final Path home;
  private final View view;
  private final Board board;
  private final Site site = Site.berlin();

  /**
   * @param home the repository, with {@code tools/starling} and the recording
   * @param out where results go
   * @param terminal whether that is a person's terminal
   */
  public Demo(Options options, Path home, PrintWriter out, boolean terminal) {
    this.options = options;
    this.home = home;
    board = new Board(site);
    view = view(out, terminal);
  }

  /**
   * Runs until the time is over, or until this process is interrupted.
   *
   * @return the exit status: 0 if the published results are right
   * @throws IOException something can't be started; says what, why, and what to do
   */
  public int run() throws IOException, InterruptedException {
    Cleanup cleanup = new Cleanup();
    Thread hook = new Thread(cleanup::close, "cleanup");
    Runtime.getRuntime().addShutdownHook(hook);
    try (cleanup) {
      return perform(cleanup);
    } finally {
      unhook(hook);
    }
  }

  private int perform(Cleanup cleanup) throws IOException, InterruptedException {
    Workspace files = cleanup.add(Workspace.open(options.keep()));
    URI broker = URI.create("tcp://127.0.0.1:" + port());
    long startMillis = System.currentTimeMillis();
    Path recording = home.resolve(Site.RECORDING);
    writeKeys(files);
    Configuration configuration =
        new Configuration(
            site,
            files,
            files.keys().operatorHex(),
            broker,
            recording,
            startMillis,
            options.speed());
    openAir(files, cleanup);
    Processes processes =
        cleanup.add(
            new Processes(List.of(home.resolve("tools/starling").toString()), files.logs()));
    Subscriber subscriber = cleanup.add(new Subscriber(broker, "starling/" + site.name() + "/#"));
    View.Ready ready = start(configuration, processes, startMillis);
    awaitBroker(subscriber, processes);
    view.ready(ready);
    Check check = new Check(site, recorded(configuration));
    Watch watch = new Watch(site, board, view, check, processes);
    watch.until(subscriber, endMillis(startMillis));
    Verdict verdict = check.verdict(System.currentTimeMillis());
    view.checked(verdict);
    return verdict.ok() ? 0 : 1;
  }

  /** What an operator does before the first node is switched on. */
  private void writeKeys(Workspace files) throws IOException {
    Draft draft =
        new Draft(site.name(), Site.WINDOW_MS)
            .schema(Site.SCHEMA)
            .query(Site.QUERY, Site.QUERY_TEXT);
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

  /** One channel a radio cell; each loses its own frames. */
  private void openAir(Workspace files, Cleanup cleanup) throws IOException {
    for (Site.Cell cell : site.cells()) {
      if (cell.radio()) {
        List<String> stations = cell.nodes().stream().map(Site.Node::station).toList();
        Loss loss = new Loss.Independent(options.lossPercent() / 100.0);
        long seed = options.seed() * 31 + site.cells().indexOf(cell);
        cleanup.add(
            PtyAir.open(files.air(cell), stations, Configuration.PRESET.profile(), loss, seed));
      }
    }
  }

  private static Recorded recorded(Configuration configuration) throws IOException {
    Recording recording = Recording.read(configuration.recording());
    return (station, windowEndMillis) ->
        recording.valueAt(
            station, windowEndMillis, configuration.startMillis(), configuration.speed());
  }

  private View.Ready start(Configuration configuration, Processes processes, long startMillis)
      throws IOException {
    Workspace files = configuration.files();
    Path gateway = files.configuration(site.gateway());
    Files.writeString(gateway, configuration.gateway());
    long gatewayPid =
        processes.start(site.gateway(), List.of("gateway", "--config", gateway.toString(), LEASH));
    SortedMap<String, Long> pids = new TreeMap<>();
    for (Site.Cell cell : site.cells()) {
      for (Site.Node node : cell.nodes()) {
        Path file = files.configuration(node.path());
        Files.writeString(file, configuration.node(cell, node));
        pids.put(
            node.path(),
            processes.start(node.path(), List.of("node", "--config", file.toString(), LEASH)));
      }
    }
    return new View.Ready(configuration.broker(), site.name(), pids, gatewayPid, startMillis);
  }

  private void awaitBroker(Subscriber subscriber, Processes processes)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BROKER_START_MS);
    while (!subscriber.awaitConnected(100)) {
      for (Processes.Ended ended : processes.ended()) {
        throw new IOException(
            ended.name() + " did not start:\n" + processes.lastLines(ended.name()));
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "the gateway's broker does not answer after 60 s:\n"
                + processes.lastLines(site.gateway()));
      }
    }
  }

  private long endMillis(long startMillis) {
    return options.seconds().isPresent()
        ? startMillis + options.seconds().getAsInt() * 1000L
        : Long.MAX_VALUE;
  }

  private int port() throws IOException {
    try (ServerSocket socket =
        new ServerSocket(options.port(), 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IOException(
          "port " + options.port() + " is taken; name another, or 0 for a free one", e);
    }
  }

  private View view(PrintWriter out, boolean terminal) {
    if (options.json()) {
      return new JsonEvents(out);
    }
    return terminal
        ? new Screen(out, new Table(site, options.seconds(), Style.of(System.getenv())), board)
        : new Plain(out);
  }

  private static void unhook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // Interrupted: the hook is at work already.
    }
  }
}
