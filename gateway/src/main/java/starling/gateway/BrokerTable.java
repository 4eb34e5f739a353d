package starling.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import starling.gateway.broker.EmbeddedBroker;
import starling.gateway.broker.User;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Tls;
import starling.node.Configuration;
import starling.node.ConfigurationException;
import starling.node.SmallFile;

/**
 * The configuration's {@code [broker]}: where to publish, as whom, and whom to believe there; or
 * where to run a broker, and for whom.
 */
final class BrokerTable {
  static final List<Configuration.Key> KEYS =
      List.of(
          new Configuration.Key("broker.listen", "run a broker here: 127.0.0.1:1883"),
          new Configuration.Key(
              "broker.url",
              "or publish there: mqtts://host:8883; of several, with commas, the first that"
                  + " answers"),
          new Configuration.Key("broker.user", "user name at the broker, which may do everything"),
          new Configuration.Key(
              "broker.password_file",
              "file with the password, mode 0600; or credential:NAME, from systemd"),
          new Configuration.Key(
              "broker.users_file",
              "listen: further users, a line each, with what they may read and write; mode 0600"),
          new Configuration.Key(
              "broker.ca_file",
              "TLS: who certifies brokers (PEM), the system's if not set; with listen: clients,"
                  + " which then need a certificate"),
          new Configuration.Key(
              "broker.certificate_file", "TLS: our own certificate (PEM); listen then means TLS"),
          new Configuration.Key(
              "broker.key_file", "TLS: its key (PEM, PKCS #8), mode 0600; or credential:NAME"));

  private static final int USERS_MAX_BYTES = 64 << 10;

  private BrokerTable() {}

  /** Where to publish. */
  static Brokers brokers(Configuration from) throws ConfigurationException, IOException {
    List<URI> addresses = new ArrayList<>();
    try {
      for (String address : from.required("broker.url").split("[,\\s]+", Brokers.MAX + 1)) {
        addresses.add(URI.create(address));
      }
      return new Brokers(addresses, Secrets.login(from, "broker"), tls(from));
    } catch (IllegalArgumentException e) {
      throw from.refused("broker.url", "must look like mqtts://host:8883 (" + e.getMessage() + ")");
    }
  }

  /** The broker to run here. */
  static EmbeddedBroker.Settings embedded(Configuration from)
      throws ConfigurationException, IOException {
    boolean certificates = from.text("broker.ca_file").isPresent();
    if (certificates && from.text("broker.certificate_file").isEmpty()) {
      throw from.refused(
          "broker.ca_file", "certifies clients: the broker needs certificate_file and key_file");
    }
    Tls tls = tls(from);
    List<User> users = users(from);
    String listen = from.required("broker.listen");
    int colon = listen.lastIndexOf(':');
    try {
      String host = listen.substring(0, Math.max(0, colon)).replaceAll("[\\[\\]]", "");
      int port = Integer.parseInt(listen.substring(colon + 1));
      return new EmbeddedBroker.Settings(
          host,
          port,
          from.path("node.state").resolve("broker"),
          users,
          tls == Tls.SYSTEM ? Optional.empty() : Optional.of(tls),
          certificates);
    } catch (IllegalArgumentException e) {
      throw from.refused("broker.listen", "must look like 127.0.0.1:1883 (" + e.getMessage() + ")");
    }
  }

  private static List<User> users(Configuration from) throws ConfigurationException, IOException {
    List<User> users = new ArrayList<>();
    Secrets.login(from, "broker").map(User::of).ifPresent(users::add);
    if (from.text("broker.users_file").isEmpty()) {
      return users;
    }
    Path file = Secrets.file(from, "broker.users_file");
    List<String> lines = new String(SmallFile.read(file, USERS_MAX_BYTES), UTF_8).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        users.add(user(line, file + ":" + (i + 1)));
      }
    }
    long names = users.stream().map(User::name).distinct().count();
    if (users.isEmpty() || users.size() > User.MAX || names < users.size()) {
      throw from.refused(
          "broker.users_file", "has 1 to " + User.MAX + " users, each of another name");
    }
    return users;
  }

  private static User user(String line, String where) throws ConfigurationException {
    try {
      return User.parse(line);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(where + ": " + e.getMessage());
    }
  }

  private static Tls tls(Configuration from) throws ConfigurationException, IOException {
    Optional<Path> authorities = Optional.empty();
    if (from.text("broker.ca_file").isPresent()) {
      authorities = Optional.of(from.path("broker.ca_file"));
    }
    Optional<Tls.Identity> identity = Optional.empty();
    if (from.text("broker.certificate_file").isPresent()
        || from.text("broker.key_file").isPresent()) {
      Path key = Secrets.file(from, "broker.key_file");
      identity = Optional.of(new Tls.Identity(from.path("broker.certificate_file"), key));
    }
    return authorities.isEmpty() && identity.isEmpty()
        ? Tls.SYSTEM
        : Tls.read(authorities, identity);
  }
}
