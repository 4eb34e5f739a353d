package starling.bench.gateway;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import starling.bench.Sample;
import starling.bench.footprint.Program;
import starling.bench.footprint.Scratch;
import starling.bench.footprint.Site;
import starling.progress.Progress;

/**
 * How many zones' answers a second a gateway's upstream brings to a mosquitto, and how late, each
 * on disk before it is sent; a plain publisher beside it, in turns of a second, as other load on
 * the machine comes and goes. And the memory of whole gateways, with a broker of their own and
 * without.
 *
 * @param home the repository, with {@code tools/starling}
 * @param turns how many turns count
 * @param seconds how long a turn is
 * @param perSecond answers a second while latencies are measured
 * @param settle how long each is busy or left alone before it is measured
 */
public record GatewayBench(Path home, int turns, double seconds, int perSecond, Duration settle) {
  /** What a plain publisher does is at most so much more. */
  private static final double RATIO_MIN = 0.8;

  /** Far more than a site of 64 zones tells. */
  private static final int EMBEDDED_PER_SECOND = 100;

  private static final double RSS_MAX_MB = 96;
  private static final double RSS_EMBEDDED_MAX_MB = 160;
  private static final Duration WINDOW = Duration.ofSeconds(4);
  private static final double KIB_PER_MB = 1024;

  public GatewayBench {
    if (turns < 1 || turns > 1000) {
      throw new IllegalArgumentException("--turns are 1 to 1000, not " + turns);
    }
    if (perSecond < 1 || perSecond > 100_000) {
      throw new IllegalArgumentException("--rate is 1 to 100000 a second, not " + perSecond);
    }
  }

  /**
   * Measures.
   *
   * @return a row each for {@code readings} (what is taken in: {@code readings_per_s}, on disk in
   *     the history, and each node's newest to the broker), {@code paho}, {@code outbox} and {@code
   *     outbox_embedded} (the same with its own broker in the process, at a steady rate), for whole
   *     gateways at rest ({@code gateway}, {@code gateway_embedded}) and for {@code aim}: {@code
   *     bench, path, messages_per_s, latency_p50_ms, latency_p99_ms, rss_mb, ratio, ok}
   * @throws IOException a program can't be started; says why
   */
  public List<Map<String, Object>> run(Progress progress) throws IOException, InterruptedException {
    try (Scratch scratch = Scratch.create();
        Mosquitto broker = Mosquitto.start(scratch.directory())) {
      progress.at(0, "gateways settle");
      Whole gateway = whole(List.of("--broker.url=" + broker.uri()), broker.uri());
      URI own = URI.create("mqtt://127.0.0.1:" + Mosquitto.freePort());
      Whole embedded = whole(List.of("--broker.listen=" + own.getAuthority()), own);
      List<Map<String, Object>> rows = loads(gateway.java(), broker.uri(), scratch, progress);
      rows.add(row("gateway", gateway.rssMb(), RSS_MAX_MB));
      rows.add(row("gateway_embedded", embedded.rssMb(), RSS_EMBEDDED_MAX_MB));
      rows.add(aim());
      progress.at(1, "");
      return rows;
    }
  }

  /** A gateway's memory, and the JVM and flags that the launcher gave it. */
  private record Whole(double rssMb, List<String> java) {}

  private Whole whole(List<String> options, URI broker) throws IOException, InterruptedException {
    String launcher = home.resolve("tools/starling").toString();
    try (Site site = Site.onNetwork(WINDOW, broker);
        Program gateway =
            Program.start(
                Stream.of(List.of(launcher, "gateway"), site.arguments(), options)
                    .flatMap(List::stream)
                    .toList(),
                site.log())) {
      gateway.firstFrameMillis();
      Thread.sleep(settle);
      List<String> java =
          gateway.proc().command().stream().takeWhile(word -> !word.equals("-cp")).toList();
      return new Whole(gateway.proc().memory().rss() / KIB_PER_MB, java);
    }
  }

  private List<Map<String, Object>> loads(
      List<String> java, URI broker, Scratch scratch, Progress progress) throws IOException {
    try (LoadProcess plain = LoadProcess.start(java, "paho", broker, scratch.directory());
        LoadProcess outbox = LoadProcess.start(java, "outbox", broker, scratch.directory());
        LoadProcess embedded = LoadProcess.start(java, "embedded", broker, scratch.directory())) {
      List<LoadProcess> all = List.of(plain, outbox);
      for (LoadProcess load : all) {
        progress.at(0.1, load.path() + " warms up");
        load.saturate(settle.toMillis() / 1e3);
      }
      double[][] rates = takeTurns(all, progress);
      List<Map<String, Object>> rows = new ArrayList<>();
      for (int i = 0; i < rates.length; i++) {
        LoadProcess load = all.get(i);
        double rssMb = load.proc().memory().rss() / KIB_PER_MB; // before it also subscribes
        progress.at(0.8, load.path() + " at " + perSecond + " a second");
        double[] latencies = load.pace(turns * seconds, perSecond);
        rows.add(row(load.path(), rates[i], rates[0], latencies, rssMb));
      }
      progress.at(0.9, "embedded at " + EMBEDDED_PER_SECOND + " a second");
      rows.addFirst(readings(java, broker, scratch));
      rows.add(embedded(embedded.pace(turns * seconds, EMBEDDED_PER_SECOND), embedded));
      return rows;
    }
  }

  private Map<String, Object> readings(List<String> java, URI broker, Scratch scratch)
      throws IOException {
    try (LoadProcess intake = LoadProcess.start(java, "readings", broker, scratch.directory())) {
      intake.saturate(settle.toMillis() / 1e3);
      double perSecond = intake.saturate(turns * seconds);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("bench", "gateway");
      row.put("path", intake.path());
      row.put("readings_per_s", Math.round(perSecond * Windows.VALUES));
      row.put("rss_mb", rounded(intake.proc().memory().rss() / KIB_PER_MB));
      return row;
    }
  }

  private double[][] takeTurns(List<LoadProcess> all, Progress progress) throws IOException {
    double[][] rates = new double[all.size()][turns];
    for (int turn = 0; turn < turns; turn++) {
      progress.at(0.2 + 0.6 * turn / turns, "turn " + (turn + 1) + " of " + turns);
      for (int i = 0; i < rates.length; i++) {
        rates[i][turn] = all.get(i).saturate(seconds);
      }
    }
    return rates;
  }

  private Map<String, Object> row(
      String path, double[] own, double[] plain, double[] latencies, double rssMb) {
    double[] ratios = new double[turns];
    for (int turn = 0; turn < turns; turn++) {
      ratios[turn] = own[turn] / plain[turn];
    }
    double ratio = new Sample(ratios).median();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("bench", "gateway");
    row.put("path", path);
    row.put("messages_per_s", Math.round(new Sample(own).median()));
    row.put("latency_p50_ms", rounded(latencies[0]));
    row.put("latency_p99_ms", rounded(latencies[1]));
    row.put("rss_mb", rounded(rssMb));
    row.put("ratio", rounded(ratio));
    if (path.equals("outbox")) {
      row.put("ok", ratio >= RATIO_MIN && rssMb <= RSS_MAX_MB);
    }
    return row;
  }

  /** At a steady rate only: its journal's files are few, and it waits for the disk to make more. */
  private static Map<String, Object> embedded(double[] latencies, LoadProcess load)
      throws IOException {
    double rssMb = load.proc().memory().rss() / KIB_PER_MB;
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("bench", "gateway");
    row.put("path", "outbox_embedded");
    row.put("messages_per_s", (long) EMBEDDED_PER_SECOND);
    row.put("latency_p50_ms", rounded(latencies[0]));
    row.put("latency_p99_ms", rounded(latencies[1]));
    row.put("rss_mb", rounded(rssMb));
    row.put("ok", rssMb <= RSS_EMBEDDED_MAX_MB);
    return row;
  }

  private static Map<String, Object> row(String path, double rssMb, double rssMaxMb) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("bench", "gateway");
    row.put("path", path);
    row.put("rss_mb", rounded(rssMb));
    row.put("ok", rssMb <= rssMaxMb);
    return row;
  }

  private static Map<String, Object> aim() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("bench", "gateway");
    row.put("path", "aim");
    row.put("rss_mb", RSS_MAX_MB);
    row.put("ratio", RATIO_MIN);
    return row;
  }

  /** To the hundredth. */
  private static double rounded(double value) {
    return Math.round(100 * value) / 100.0;
  }

  /** How it was measured, in a line. */
  public String method() {
    return ("Medians of %d turns of %.1f s each, after %d s to warm up; 1024 zones, half as many"
            + " answers under way; latencies at %d a second, from"
            + " hand to a subscriber's.")
        .formatted(turns, seconds, settle.toSeconds(), perSecond);
  }
}
