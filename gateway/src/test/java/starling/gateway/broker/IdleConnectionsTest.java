package starling.gateway.broker;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.gateway.upstream.Upstream;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.MosquittoSub;
import starling.model.Delivery;

/** Who connects a thousand times and says nothing. */
class IdleConnectionsTest {
  private static final int MANY = 1_000;

  @TempDir Path directory;

  @Test
  void theEmbeddedBrokerServesOnWhoIsThereAndSoonWhoComesToo() throws Exception {
    try (EmbeddedBroker broker = broker();
        MosquittoSub early = MosquittoSub.to(broker.port(), "starling/berlin/event/notice");
        Upstream upstream = upstream(broker.uri());
        Idle idle = Idle.at(broker.port())) {
      assertTrue(idle.sockets.size() > 0);
      upstream.accept(new Delivery.Notice("charter", "p1", "served on"));
      early.await("served on", seen -> seen.payload().contains("served on"));
      Eventually.until(
          "a newcomer is served",
          Duration.ofSeconds(30),
          () ->
              MosquittoSub.retained(broker.port(), "starling/berlin/gateway/gw1/status")
                  .equals("online"));
      assertTrue(upstream.isUp());
    }
  }

  private EmbeddedBroker broker() throws IOException {
    return EmbeddedBroker.start(new EmbeddedBroker.Settings("127.0.0.1", 0, directory, List.of()));
  }

  private static Upstream upstream(URI broker) throws IOException {
    Upstream upstream =
        new Upstream(
            new Upstream.Settings(
                broker,
                Optional.empty(),
                "berlin",
                "gw1",
                "0.1.0",
                Upstream.Keeping.IN_MEMORY,
                Optional.empty()),
            InstantSource.system());
    upstream.open();
    Eventually.until("up", () -> upstream.counts().published() >= 2);
    return upstream;
  }

  private record Idle(List<Socket> sockets) implements AutoCloseable {
    static Idle at(int port) {
      List<Socket> sockets = new ArrayList<>();
      try {
        for (int i = 0; i < MANY; i++) {
          sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
        }
      } catch (IOException e) {
        // It takes no more.
      }
      return new Idle(sockets);
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
