package starling.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import starling.keys.SiteDirectory;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Login;
import starling.link.mqtt.Tls;
import starling.node.SmallFile;

/** Where boards ask, for the verbs that listen there. */
final class DeskOptions {
  private static final int PASSWORD_MAX_BYTES = 1024;

  @Option(
      names = "--broker",
      paramLabel = "URL",
      description = "Where the boards ask, such as tcp://gateway.local:1883.")
  private @Nullable URI broker;

  @Option(
      names = "--broker-ca",
      paramLabel = "FILE",
      description = "Who certifies a broker at mqtts://, PEM (default: whom the system knows).")
  private @Nullable Path brokerCa;

  @Option(
      names = "--gateway",
      paramLabel = "URL",
      description = "Or a gateway's API, such as http://gateway.local:9610.")
  private @Nullable URI gateway;

  @Option(names = "--user", paramLabel = "NAME", description = "The broker's or gateway's user.")
  private @Nullable String user;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "The file with the password, mode 0600.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long to wait for a board that asks (default: 10).")
  int seconds;

  /** The desk that is named. */
  JoinDesk open(SiteDirectory site) throws IOException {
    if (gateway != null && broker == null) {
      return new GatewayDesk(gateway, login());
    }
    if (gateway != null || broker == null) {
      throw new IllegalArgumentException("say where boards ask: --broker URL, or --gateway URL");
    }
    String name = site.charter().site().orElseThrow().site();
    byte[] operator = HexFormat.of().parseHex(site.operatorHex());
    Tls tls = brokerCa == null ? Tls.SYSTEM : Tls.read(Optional.of(brokerCa), Optional.empty());
    return new BrokerDesk(new Brokers(List.of(broker), login(), tls), name, operator);
  }

  private Optional<Login> login() throws IOException {
    if (user == null) {
      return Optional.empty();
    }
    byte[] password =
        passwordFile == null ? new byte[0] : SmallFile.readSecret(passwordFile, PASSWORD_MAX_BYTES);
    return Optional.of(new Login(user, new String(password, StandardCharsets.UTF_8).strip()));
  }
}
