package starling.bench.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import starling.bench.Sample;
import starling.gateway.broker.EmbeddedBroker;

/**
 * One publisher in a process of its own, so that its memory can be seen. It does what it is told on
 * standard input, and answers each line with one of numbers: {@code saturate SECONDS} with messages
 * a second, {@code pace SECONDS PER_SECOND} with the median and the 99th percentile of latencies in
 * milliseconds. It ends with its input.
 */
final class Load {
  /** Far more than wait for the broker, so that no window is superseded before it is sent. */
  private static final int ZONES = 1024;

  /** What the embedded broker has room for. */
  private static final int FEW_ZONES = 256;

  private static final double TAIL = 0.99;
  private static final long LOOK_NANOS = 500_000;
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final URI broker;
  private final String site;
  private final Publisher publisher;
  private final Windows windows;
  private final int underWayMax;
  private long handed;

  private Load(URI broker, String site, int zones, Publisher publisher) {
    this.broker = broker;
    this.site = site;
    this.publisher = publisher;
    windows = new Windows(site, zones);
    underWayMax = zones / 2;
  }

  /**
   * Runs.
   *
   * @param args {@code paho}, {@code outbox}, {@code embedded}, which is the same with a broker of
   *     its own, or {@code readings}, which takes in instead; the broker's address; a directory for
   *     what is kept
   */
  public static void main(String[] args) throws IOException {
    URI broker = URI.create(args[1]);
    Path directory = Path.of(args[2]);
    switch (args[0]) {
      case "paho" -> new Load(broker, args[0], ZONES, new PlainPublisher(broker, args[0])).obey();
      case "outbox" ->
          new Load(broker, args[0], ZONES, new OutboxPublisher(broker, args[0], directory)).obey();
      case "readings" ->
          new Load(
                  broker,
                  args[0],
                  ReadingsIntake.NODES,
                  new ReadingsIntake(broker, args[0], directory))
              .obey();
      default -> {
        try (EmbeddedBroker own = broker(directory)) {
          var publisher = new OutboxPublisher(own.uri(), args[0], directory);
          new Load(own.uri(), args[0], FEW_ZONES, publisher).obey();
        }
      }
    }
  }

  private static EmbeddedBroker broker(Path directory) throws IOException {
    Path journal = directory.resolve("broker");
    return EmbeddedBroker.start(new EmbeddedBroker.Settings("127.0.0.1", 0, journal, List.of()));
  }

  private void obey() throws IOException {
    var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (publisher) {
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        String[] words = line.split(" ");
        double seconds = Double.parseDouble(words[1]);
        System.out.println(
            words[0].equals("saturate")
                ? Double.toString(saturate(seconds))
                : pace(seconds, Integer.parseInt(words[2])));
      }
    }
  }

  /** Answers how many a second were acknowledged; none is under way when it returns. */
  private double saturate(double seconds) throws IOException {
    long since = System.nanoTime();
    long before = publisher.acknowledged();
    long until = since + (long) (seconds * 1e9);
    long free = before + underWayMax;
    while (System.nanoTime() - until < 0) {
      if (handed >= free) {
        free = publisher.acknowledged() + underWayMax;
      }
      if (handed < free) {
        publisher.take(windows.next());
        handed++;
      } else {
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
    drain();
    return (publisher.acknowledged() - before) * 1e9 / (System.nanoTime() - since);
  }

  private void drain() throws IOException {
    long since = System.nanoTime();
    while (publisher.acknowledged() < handed) {
      if (System.nanoTime() - since > DRAIN_NANOS) {
        throw new IOException(
            (handed - publisher.acknowledged()) + " of " + handed + " were not acknowledged");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** Answers the latencies' median and 99th percentile, in milliseconds. */
  private String pace(double seconds, int perSecond) throws IOException {
    long count = (long) (seconds * perSecond);
    try (Latencies latencies = new Latencies(broker, site)) {
      long since = System.nanoTime();
      for (long i = 0; i < count; i++) {
        long due = since + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
        LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
        var answer = windows.next();
        latencies.handing(answer);
        publisher.take(answer);
        handed++;
      }
      drain();
      await(latencies);
      Sample millis = new Sample(latencies.millis());
      return millis.median() + " " + millis.quantile(TAIL);
    }
  }

  private static void await(Latencies latencies) throws IOException {
    long since = System.nanoTime();
    while (latencies.waiting() > 0) {
      if (System.nanoTime() - since > DRAIN_NANOS) {
        throw new IOException(latencies.waiting() + " did not come to the subscriber");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
