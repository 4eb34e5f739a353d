package starling.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import starling.model.Delivery;

/**
 * Exercises what a node needs, so that a start-up cache made from this run holds the classes of a
 * node and no others: what is not a node's business, to make a site and a radio for it, is done by
 * a {@link Stage} in a second process. Leaves nothing behind.
 */
final class Rehearsal {
  private static final long LAST_MILLIS = 8_000;
  private static final int WINDOWS = 3;

  private Rehearsal() {}

  static void run() throws IOException, ConfigurationException, InterruptedException {
    Process stage =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp",
                System.getProperty("java.class.path"),
                Stage.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(stage.getInputStream(), StandardCharsets.UTF_8))) {
      String file = said.readLine();
      if (file == null) {
        throw new IOException("the stage could not be set");
      }
      perform(Path.of(file));
    } finally {
      stage.getOutputStream().close();
      stage.waitFor();
    }
  }

  private static void perform(Path file)
      throws IOException, ConfigurationException, InterruptedException {
    CountDownLatch results = new CountDownLatch(WINDOWS);
    Configuration from = Configuration.read(file, List.of(), NodeSettings.KEYS);
    try (Node _ =
        Node.start(
            NodeSettings.of(from, false),
            delivery -> {
              if (delivery instanceof Delivery.Result) {
                results.countDown();
              }
            })) {
      boolean _ = results.await(LAST_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}
