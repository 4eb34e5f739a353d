package starling.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs a site on this machine. It writes keys, charter and configurations, starts the programs that
 * a field site runs, and from then on is but a subscriber of the gateway: no code path in the
 * programs exists for it, the emulated air aside.
 */
public final class Demo {
  private static final long BROKER_START_MS = 180_000;

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
    Installation.writeKeys(site, files);
    Configuration configuration =
        new Configuration(
            site,
            files,
            files.keys().operatorHex(),
            broker,
            home.resolve(Site.RECORDING),
            startMillis,
            options.speed());
    Installation installation =
        new Installation(
            configuration,
            List.of(home.resolve("tools/starling").toString()),
            options.lossPercent() / 100.0,
            options.seed(),
            List.of(),
            cleanup);
    Processes processes = installation.processes();
    Subscriber subscriber = cleanup.add(new Subscriber(broker, "starling/" + site.name() + "/#"));
    View.Ready ready = start(installation, broker, startMillis);
    awaitBroker(subscriber, processes);
    view.ready(ready);
    Check check = new Check(site, installation.recorded());
    Prediction prediction = new Prediction(site, options.lossPercent() / 100.0);
    Timekeeper timekeeper = new Timekeeper(site, prediction, installation, startMillis);
    Watch watch = new Watch(site, board, view, check, processes, timekeeper);
    watch.until(subscriber, endMillis(startMillis));
    Verdict verdict = check.verdict(System.currentTimeMillis());
    view.checked(verdict);
    return verdict.ok() ? 0 : 1;
  }

  private View.Ready start(Installation installation, URI broker, long startMillis)
      throws IOException {
    long gatewayPid = installation.startGateway();
    SortedMap<String, Long> pids = new TreeMap<>();
    for (Site.Node node : site.nodes()) {
      pids.put(node.path(), installation.startNode(node));
    }
    return new View.Ready(broker, site.name(), pids, gatewayPid, startMillis);
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
            "the gateway's broker does not answer after 180 s:\n"
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
