package starling.gateway.upstream;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A gateway's upstream in a process of its own, told of one window after another. It says each on
 * standard output once it is on disk, and stops when standard input ends.
 */
final class FieldProcess {
  private FieldProcess() {}

  /**
   * Told of the next window as soon as the one before is on disk. With a heap of 64 MB, so that
   * what it keeps can't be there.
   */
  static Process start(
      URI broker, Path directory, String name, int zones, int from, int windows, int latePerSecond)
      throws IOException {
    return start(
        List.of(
            broker,
            directory,
            name,
            zones,
            latePerSecond,
            from,
            windows,
            Samples.WINDOW_MILLIS,
            0));
  }

  /** Told of each window of such a length when the clock says that it is over. */
  static Process start(URI broker, Path directory, String name, int zones, int lengthMillis)
      throws IOException {
    return start(
        List.of(broker, directory, name, zones, 500, 0, Integer.MAX_VALUE, lengthMillis, 1));
  }

  private static Process start(List<?> args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                FieldProcess.class.getName()));
    args.forEach(arg -> command.add(arg.toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    var keeping =
        new Upstream.Keeping(Optional.of(Path.of(args[1])), 256 << 20, Integer.parseInt(args[4]));
    var settings =
        new Upstream.Settings(
            URI.create(args[0]),
            Optional.empty(),
            "berlin",
            args[2],
            "0.1.0",
            keeping,
            Optional.empty());
    try (Upstream upstream = new Upstream(settings, InstantSource.system())) {
      upstream.open();
      Thread telling = Thread.ofVirtual().start(() -> tell(upstream, args));
      while (System.in.read() >= 0) {
        // Until it ends, also when whoever started this is gone.
      }
      telling.interrupt();
      telling.join();
    }
  }

  private static void tell(Upstream upstream, String[] args) {
    try {
      tellAll(upstream, args);
    } catch (InterruptedException e) {
      // Stopped.
    }
  }

  private static void tellAll(Upstream upstream, String[] args) throws InterruptedException {
    int zones = Integer.parseInt(args[3]);
    int from = Integer.parseInt(args[5]);
    int windows = Integer.parseInt(args[6]);
    int length = Integer.parseInt(args[7]);
    boolean paced = args[8].equals("1");
    long first = Samples.NOON_MILLIS + (long) from * length;
    if (paced) {
      first = System.currentTimeMillis() / length * length;
    }
    for (int window = 0; window < windows; window++) {
      long start = first + (long) window * length;
      if (paced) {
        Thread.sleep(Math.max(0, start + length - System.currentTimeMillis()));
      }
      for (int zone = 0; zone < zones; zone++) {
        upstream.accept(Samples.result("/berlin/z" + zone, start, length, 17, 20 + zone));
      }
      while (isUnder(upstream.counts(), (long) zones * (window + 1))) {
        Thread.sleep(1);
      }
      System.out.println(paced ? start : from + window);
    }
  }

  /** What was kept in an earlier life is known in this one. */
  private static boolean isUnder(Upstream.Counts counts, long told) {
    return counts.kept() + counts.known() < told;
  }
}
