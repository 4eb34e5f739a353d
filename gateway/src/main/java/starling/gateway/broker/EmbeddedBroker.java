package starling.gateway.broker;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.jspecify.annotations.Nullable;
import starling.link.mqtt.Login;

/**
 * An MQTT broker (3.1.1 and 5) in this process: Apache ActiveMQ Artemis, with its journal in a
 * directory of its own. What was acknowledged at QoS 1, and every retained message, survives a
 * power cut.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(EmbeddedBroker.class.getName());

  /** Below this much free disk, the broker says so when it starts. */
  static final long DISK_LOW_BYTES = 256L << 20;

  static {
    Complaints.only();
  }

  /**
   * Where to listen and what to keep.
   *
   * @param host an address of this machine; without users it must be a loopback one
   * @param port 0 for a free one
   * @param directory for the journal, made if it is not there
   * @param users who may connect; empty means everybody
   */
  public record Settings(String host, int port, Path directory, List<Login> users) {
    public Settings {
      users = List.copyOf(users);
      if (port < 0 || port > 0xFFFF) {
        throw new IllegalArgumentException("no such port: " + port);
      }
      if (users.isEmpty() && !loopback(host)) {
        throw new IllegalArgumentException(
            "the embedded broker would let everybody in from "
                + host
                + ": configure users, or listen on 127.0.0.1");
      }
    }

    private static boolean loopback(String host) {
      try {
        return InetAddress.getByName(host).isLoopbackAddress();
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException("no such address to listen on: " + host, e);
      }
    }
  }

  private final ActiveMQServer server;
  private final String host;
  private final int port;

  private EmbeddedBroker(ActiveMQServer server, String host, int port) {
    this.server = server;
    this.host = host;
    this.port = port;
  }

  /**
   * Starts a broker, and returns when it takes connections.
   *
   * @throws IOException when it can't: the port is taken, the directory is another broker's, the
   *     disk does not let it write
   */
  public static EmbeddedBroker start(Settings settings) throws IOException {
    Files.createDirectories(settings.directory());
    warnOfLowDisk(settings.directory());
    ActiveMQServer server =
        new ActiveMQServerImpl(
            BrokerConfiguration.of(settings), null, new Doorkeeper(settings.users()));
    server.addProtocolManagerFactory(BoundedMqtt.factory());
    var failure = new AtomicReference<@Nullable Exception>();
    server.registerActivationFailureListener(failure::set);
    try {
      server.start();
      server.registerBrokerPlugin(new Census());
      Exception why = failure.get();
      if (why != null) {
        throw why;
      }
      int port = listeningPort(server);
      if (port <= 0) {
        throw new IOException("could not listen; is the port taken?");
      }
      return new EmbeddedBroker(server, settings.host(), port);
    } catch (Exception e) {
      stop(server);
      throw new IOException(
          "the embedded broker on %s:%d with its journal in %s did not start: %s"
              .formatted(settings.host(), settings.port(), settings.directory(), e.getMessage()),
          e);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** How clients on this machine reach it. */
  public URI uri() {
    return URI.create("mqtt://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
  }

  /** Closes all connections and the journal, and ends all threads. Idempotent. */
  @Override
  public void close() {
    stop(server);
  }

  private static void stop(ActiveMQServer server) {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.log(Level.WARNING, "the embedded broker did not stop cleanly; its journal is safe", e);
    }
  }

  private static int listeningPort(ActiveMQServer server) {
    var acceptor = server.getRemotingService().getAcceptor(BrokerConfiguration.ACCEPTOR);
    return acceptor instanceof NettyAcceptor netty ? netty.getActualPort() : 0;
  }

  private static void warnOfLowDisk(Path directory) throws IOException {
    long freeBytes = Files.getFileStore(directory).getUsableSpace();
    if (freeBytes < DISK_LOW_BYTES) {
      LOG.log(
          Level.WARNING,
          "only {0} MB free in {1}: below {2} MB the embedded broker takes no messages to keep",
          freeBytes >> 20,
          directory,
          BrokerConfiguration.DISK_FREE_MIN_BYTES >> 20);
    }
  }
}
