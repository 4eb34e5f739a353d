package starling.gateway.broker;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.jspecify.annotations.Nullable;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Login;
import starling.link.mqtt.Tls;

/**
 * An MQTT broker (3.1.1 and 5) in this process: Apache ActiveMQ Artemis, with its journal in a
 * directory of its own. What was acknowledged at QoS 1, and every retained message, survives a
 * power cut.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(EmbeddedBroker.class.getName());

  /** Below this much free disk, the broker says so when it starts. */
  static final long DISK_LOW_BYTES = 256L << 20;

  static final String LOOPBACK = "127.0.0.1";

  /** No user can have it, as it has a space. */
  private static final String OWN_NAME = "this gateway";

  static {
    Complaints.only();
  }

  /**
   * Where to listen and what to keep.
   *
   * @param host an address of this machine; without users it must be a loopback one
   * @param port 0 for a free one
   * @param directory for the journal, made if it is not there
   * @param users who may connect; empty means everybody, or everybody with a certificate
   * @param tls who to be; empty for connections in the clear
   * @param certificates whether only those come in whose certificate {@code tls} believes
   */
  public record Settings(
      String host,
      int port,
      Path directory,
      List<User> users,
      Optional<Tls> tls,
      boolean certificates) {
    public Settings {
      users = List.copyOf(users);
      if (port < 0 || port > 0xFFFF) {
        throw new IllegalArgumentException("no such port: " + port);
      }
      if (certificates && tls.isEmpty()) {
        throw new IllegalArgumentException("certificates want TLS");
      }
      if (users.isEmpty() && !certificates && !loopback(host)) {
        throw new IllegalArgumentException(
            "the embedded broker would let everybody in from "
                + host
                + ": configure users, or listen on 127.0.0.1");
      }
    }

    /** In the clear, with users that may do everything. */
    public Settings(String host, int port, Path directory, List<Login> logins) {
      this(host, port, directory, logins.stream().map(User::of).toList(), Optional.empty(), false);
    }

    /** Whether not everybody may do everything. */
    boolean isGuarded() {
      return !users.isEmpty() || certificates;
    }

    private static boolean loopback(String host) {
      try {
        return InetAddress.getByName(host).isLoopbackAddress();
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException("no such address to listen on: " + host, e);
      }
    }
  }

  /** For random passwords that nobody has to know. */
  private static final int PASSWORD_BYTES = 16;

  private final ActiveMQServer server;
  private final Settings settings;
  private final Brokers brokers;
  private final int port;

  private EmbeddedBroker(ActiveMQServer server, Settings settings, Optional<Login> own)
      throws IOException {
    this.server = server;
    this.settings = settings;
    port = listeningPort(server, BrokerConfiguration.ACCEPTOR);
    boolean secure = settings.tls().isPresent();
    brokers =
        Brokers.at(
            secure
                ? uri("mqtt", LOOPBACK, listeningPort(server, BrokerConfiguration.OWN_ACCEPTOR))
                : uri("mqtt", settings.host(), port),
            own);
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
    Optional<Login> own =
        settings.isGuarded()
            ? Optional.of(new Login(OWN_NAME, randomPassword()))
            : Optional.empty();
    ActiveMQServer server = server(settings, own);
    var failure = new AtomicReference<@Nullable Exception>();
    server.registerActivationFailureListener(failure::set);
    try {
      server.start();
      server.registerBrokerPlugin(new Census());
      Exception why = failure.get();
      if (why != null) {
        throw why;
      }
      return new EmbeddedBroker(server, settings, own);
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
    return uri(settings.tls().isPresent() ? "mqtts" : "mqtt", settings.host(), port);
  }

  /** How this process reaches it: with everything allowed, and no TLS to itself. */
  public Brokers brokers() {
    return brokers;
  }

  private static URI uri(String scheme, String host, int port) {
    return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
  }

  private static String randomPassword() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
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

  private static ActiveMQServer server(Settings settings, Optional<Login> own) {
    List<User> users = new ArrayList<>(settings.users());
    own.map(User::of).ifPresent(users::addFirst);
    boolean certificateSuffices = settings.certificates() && settings.users().isEmpty();
    ActiveMQServer server =
        new ActiveMQServerImpl(
            BrokerConfiguration.of(settings), null, new Doorkeeper(users, certificateSuffices));
    server.addProtocolManagerFactory(BoundedMqtt.factory());
    return server;
  }

  private static int listeningPort(ActiveMQServer server, String name) throws IOException {
    var acceptor = server.getRemotingService().getAcceptor(name);
    if (acceptor instanceof NettyAcceptor netty && netty.getActualPort() > 0) {
      return netty.getActualPort();
    }
    throw new IOException("could not listen; is the port taken?");
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
