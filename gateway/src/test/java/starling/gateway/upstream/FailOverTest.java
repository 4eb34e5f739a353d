package starling.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.link.mqtt.Authority;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Mosquitto;
import starling.link.mqtt.Tls;

class FailOverTest {
  /** Windows between one event and the next. */
  private static final int STEP = 20;

  @TempDir Path directory;

  @Test
  void whatOneBrokerDoesNotTakeTheNextOneDoesAndEachHasTheNewestState() throws Exception {
    Authority authority = Authority.create(directory, "ca");
    Tls tls =
        Tls.read(Optional.of(authority.certificate()), Optional.of(authority.certify("gate", 30)));
    try (Site first = new Site(authority, "first");
        Site second = new Site(authority, "second");
        Upstream upstream =
            open(
                new Brokers(
                    List.of(first.broker.secureUri(), second.broker.secureUri()),
                    Optional.empty(),
                    tls))) {
      tell(upstream, 0);
      Eventually.until("at the first", () -> first.tally.windows("z0").containsAll(told(0)));
      first.broker.kill();
      tell(upstream, STEP);
      Eventually.until("at the second", () -> second.tally.windows("z0").containsAll(told(STEP)));
      first.broker.start();
      Eventually.until("its other port, too", first::answers);
      try (Tally again = Tally.of(first.plainPort)) {
        second.broker.kill();
        tell(upstream, 2 * STEP);
        Eventually.until("there again", () -> again.windows("z0").containsAll(told(2 * STEP)));
      }
      assertEquals(0, upstream.counts().lost());
    }
  }

  private static void tell(Upstream upstream, int first) {
    for (int window = first; window < first + STEP; window++) {
      upstream.accept(Samples.result("/berlin/z0", window, 17, 20));
    }
  }

  private static List<Integer> told(int first) {
    return IntStream.range(first, first + STEP).boxed().toList();
  }

  /** A broker that wants certificates, with another port for a subscriber. */
  private final class Site implements AutoCloseable {
    private final int plainPort = Mosquitto.freePort();
    private final Mosquitto broker;
    private final Tally tally;

    Site(Authority authority, String name) throws IOException {
      broker =
          Mosquitto.secured(
              Files.createDirectory(directory.resolve(name)),
              authority.certify(name, 30),
              "cafile " + authority.certificate(),
              "require_certificate true",
              "allow_anonymous true",
              "listener " + plainPort + " 127.0.0.1");
      broker.start();
      Eventually.until("its other port, too", this::answers);
      tally = Tally.of(plainPort);
    }

    boolean answers() {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), plainPort)) {
        return socket.isConnected();
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public void close() {
      tally.close();
      broker.close();
    }
  }

  private Upstream open(Brokers brokers) throws Exception {
    Upstream.Keeping keeping = new Upstream.Keeping(Optional.of(directory), 1 << 20, 5_000);
    Upstream upstream =
        new Upstream(
            new Upstream.Settings(brokers, "berlin", "gw1", "0.1.0", keeping, Optional.empty()),
            InstantSource.system());
    upstream.open();
    return upstream;
  }
}
