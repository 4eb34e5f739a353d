package starling.gateway;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Tls;
import starling.node.Configuration;
import starling.node.ConfigurationException;

/** The configuration's {@code [broker]}: where to publish, as whom, and whom to believe there. */
final class BrokerTable {
  static final List<Configuration.Key> KEYS =
      List.of(
          new Configuration.Key("broker.listen", "run a broker here: 127.0.0.1:1883"),
          new Configuration.Key(
              "broker.url",
              "or publish there: mqtts://host:8883; of several, with commas, the first that"
                  + " answers"),
          new Configuration.Key("broker.user", "user name at the broker"),
          new Configuration.Key(
              "broker.password_file",
              "file with the password, mode 0600; or credential:NAME, from systemd"),
          new Configuration.Key(
              "broker.ca_file", "mqtts: who certifies brokers (PEM); the system's if not set"),
          new Configuration.Key("broker.certificate_file", "mqtts: our own certificate (PEM)"),
          new Configuration.Key(
              "broker.key_file", "mqtts: its key (PEM, PKCS #8), mode 0600; or credential:NAME"));

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
