package starling.gateway.upstream;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A gateway's upstream in a process of its own, told of one window after another, each as soon as
 * the one before is on disk: it says so on standard output. Stops when standard input ends.
 */
final class FieldProcess {
  private FieldProcess() {}

  /** Begins with window {@code from}; a heap of 64 MB, so that what it keeps can't be there. */
  static Process start(
      URI broker, Path directory, String name, int zones, int from, int windows, int latePerSecond)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            FieldProcess.class.getName(),
            broker.toString(),
            directory.toString(),
            name,
            Integer.toString(zones),
            Integer.toString(from),
            Integer.toString(windows),
            Integer.toString(latePerSecond))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** What was kept in an earlier life is known in this one. */
  private static boolean isUnder(Upstream.Counts counts, long told) {
    return counts.kept() + counts.known() < told;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    int zones = Integer.parseInt(args[3]);
    int from = Integer.parseInt(args[4]);
    int windows = Integer.parseInt(args[5]);
    try (Upstream upstream =
        new Upstream(
            new Upstream.Settings(
                URI.create(args[0]),
                Optional.empty(),
                "berlin",
                args[2],
                "0.1.0",
                new Upstream.Keeping(
                    Optional.of(Path.of(args[1])), 256 << 20, Integer.parseInt(args[6]))),
            InstantSource.system())) {
      upstream.open();
      for (int window = 0; window < windows; window++) {
        for (int zone = 0; zone < zones; zone++) {
          upstream.accept(Samples.result("/berlin/z" + zone, from + window, 17, 20 + zone));
        }
        while (isUnder(upstream.counts(), (long) zones * (window + 1))) {
          Thread.sleep(1);
        }
        System.out.println(from + window);
      }
      while (System.in.read() >= 0) {
        // Until it ends.
      }
    }
  }
}
