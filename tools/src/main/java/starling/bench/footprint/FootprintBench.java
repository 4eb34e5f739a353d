package starling.bench.footprint;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import starling.bench.Sample;
import starling.gateway.broker.EmbeddedBroker;
import starling.progress.Progress;

/**
 * What one node process costs on this machine: memory, threads and processor time while it has
 * little to do, and how long it takes from its start to its first frame; and, in the same run, a
 * JVM with the same flags that does nothing at all.
 *
 * @param home the repository, with {@code tools/starling}
 * @param runs how many starts of each sort
 * @param settle how long each is left alone first
 * @param watch how long each is watched then
 */
public record FootprintBench(Path home, int runs, Duration settle, Duration watch) {
  /** The longest window there is: no reading is due while we watch. */
  private static final Duration IDLE = Duration.ofHours(1);

  private static final Duration DEMO = Duration.ofSeconds(4);

  /** What we aim at, at most. */
  private static final Map<String, Double> AIMS =
      Map.of("rss_mib", 48.0, "cpu_percent", 1.0, "first_frame_ms", 1000.0);

  public FootprintBench {
    if (runs < 1 || runs > 100) {
      throw new IllegalArgumentException("--runs are 1 to 100, not " + runs);
    }
    if (watch.isZero() || watch.isNegative() || watch.compareTo(IDLE) >= 0) {
      throw new IllegalArgumentException(
          "--seconds are 1 to 3599, not " + watch.toSeconds() + ": then a reading is due");
    }
  }

  /** A sort of node, and where it lives. */
  private record Sort(String name, Duration window, Place place) {}

  @FunctionalInterface
  private interface Place {
    Site site(Duration window) throws IOException;
  }

  /**
   * Measures.
   *
   * @return a row each for a node on a radio and on a network, idle and at the demo's pace, for
   *     {@code bare_jvm} and for {@code aim}: {@code bench, case, window_s, rss_mib, pss_mib,
   *     dirty_mib, threads, cpu_percent, first_frame_ms, first_frame_max, ok}
   * @throws IOException a node can't be started; says why
   */
  public List<Map<String, Object>> run(Progress progress) throws IOException, InterruptedException {
    List<Map<String, Object>> rows = new ArrayList<>();
    try (Scratch journal = Scratch.create();
        EmbeddedBroker broker = broker(journal.directory())) {
      URI address = broker.uri();
      List<Sort> sorts =
          List.of(
              new Sort("radio_idle", IDLE, Site::onRadio),
              new Sort("radio_demo", DEMO, Site::onRadio),
              new Sort("mqtt_idle", IDLE, window -> Site.onNetwork(window, address)),
              new Sort("mqtt_demo", DEMO, window -> Site.onNetwork(window, address)));
      Progress step =
          (share, doing) -> progress.at((rows.size() + share) / (sorts.size() + 1), doing);
      for (Sort sort : sorts) {
        rows.add(node(sort, step));
      }
      rows.add(bareJvm(step));
    }
    rows.add(aim());
    progress.at(1, "");
    return rows;
  }

  private static EmbeddedBroker broker(Path journal) throws IOException {
    return EmbeddedBroker.start(new EmbeddedBroker.Settings("127.0.0.1", 0, journal, List.of()));
  }

  private Map<String, Object> node(Sort sort, Progress progress)
      throws IOException, InterruptedException {
    double[] firstFrames = new double[runs];
    List<Observation> seen = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      try (Site site = sort.place().site(sort.window());
          Program node = Program.start(nodeCommand(site), site.log())) {
        firstFrames[i] = node.firstFrameMillis();
        seen.add(watch(node, sort.name(), i, progress));
      }
    }
    Map<String, Object> row = row(sort.name());
    row.put("window_s", sort.window().toSeconds());
    putCosts(row, seen);
    Sample millis = new Sample(firstFrames);
    row.put("first_frame_ms", Math.round(millis.median()));
    row.put("first_frame_max", Math.round(millis.quantile(1)));
    row.put(
        "ok",
        AIMS.entrySet().stream().allMatch(aim -> isMet(aim.getValue(), row.get(aim.getKey()))));
    return row;
  }

  private static boolean isMet(double most, @Nullable Object measured) {
    return measured instanceof Number number && number.doubleValue() <= most;
  }

  private List<String> nodeCommand(Site site) {
    String launcher = home.resolve("tools/starling").toString();
    return Stream.concat(Stream.of(launcher, "node"), site.arguments().stream()).toList();
  }

  private Map<String, Object> bareJvm(Progress progress) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(flags());
    command.addAll(List.of("-cp", classes().toString(), Idle.class.getName()));
    List<Observation> seen = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      try (Scratch log = Scratch.create();
          Program jvm = Program.start(command, log.resolve("log"))) {
        seen.add(watch(jvm, "bare_jvm", i, progress));
      }
    }
    Map<String, Object> row = row("bare_jvm");
    putCosts(row, seen);
    return row;
  }

  /** The JVM and its flags, as the launcher gives them to a node; the node's class cache aside. */
  private List<String> flags() throws IOException, InterruptedException {
    try (Site site = Site.onRadio(DEMO);
        Program node = Program.start(nodeCommand(site), site.log())) {
      node.firstFrameMillis();
      return node.proc().command().stream()
          .takeWhile(word -> !word.equals("-cp"))
          .filter(word -> !word.startsWith("-XX:AOTCache="))
          .toList();
    }
  }

  /** Where this very class comes from. */
  private static Path classes() {
    try {
      return Path.of(Idle.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private Observation watch(Program program, String name, int run, Progress progress)
      throws IOException, InterruptedException {
    double share = (double) run / runs;
    progress.at(share, name + " settles for " + settle.toSeconds() + " s");
    Thread.sleep(settle);
    progress.at(share + 0.5 / runs, name + " is watched for " + watch.toSeconds() + " s");
    return Observation.of(program.proc(), watch);
  }

  private static void putCosts(Map<String, Object> row, List<Observation> seen) {
    row.put("rss_mib", median(seen, one -> one.memory().rss() / 1024.0));
    row.put("pss_mib", median(seen, one -> one.memory().pss() / 1024.0));
    row.put("dirty_mib", median(seen, one -> one.memory().dirty() / 1024.0));
    row.put("threads", (long) median(seen, Observation::threads));
    row.put("cpu_percent", median(seen, Observation::cpuPercent));
  }

  /** To the hundredth. */
  private static double median(List<Observation> seen, ToDoubleFunction<Observation> of) {
    double median = new Sample(seen.stream().mapToDouble(of).toArray()).median();
    return Math.round(100 * median) / 100.0;
  }

  private static Map<String, Object> row(String name) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("bench", "footprint");
    row.put("case", name);
    return row;
  }

  private static Map<String, Object> aim() {
    Map<String, Object> row = row("aim");
    row.putAll(AIMS);
    return row;
  }

  /** How it was measured, in a line. */
  public String method() {
    return "Medians of %d starts by the launcher, each watched for %d s after %d s to settle; memory"
            .formatted(runs, watch.toSeconds(), settle.toSeconds())
        + " by smaps_rollup (what this program's own JVM shares counts in part in pss), time by"
        + " schedstat.";
  }
}
