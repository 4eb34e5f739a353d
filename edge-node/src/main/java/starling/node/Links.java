package starling.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import starling.link.Address;
import starling.link.Link;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Login;
import starling.link.mqtt.MqttLink;
import starling.link.mqtt.Tls;
import starling.link.serial.SerialLink;

/** Makes the links that a node's settings name; none is open yet. */
final class Links {
  private static final int PASSWORD_MAX_BYTES = 1024;

  private Links() {}

  static List<Link> of(NodeSettings settings, NodeSettings.Place place) throws IOException {
    String site = settings.charter().site().orElseThrow().site();
    Address self = new Address(place.cell().zone(), place.member().slot());
    // A clone must not end this one's session by taking its name.
    String client = "starling-" + settings.id() + "-" + ProcessHandle.current().pid();
    List<Link> links = new ArrayList<>();
    for (NodeSettings.LinkSettings of : settings.links()) {
      links.add(
          switch (of) {
            case NodeSettings.LinkSettings.Serial serial ->
                new SerialLink(serial.port(), serial.baud(), serial.profile(), serial.modem());
            case NodeSettings.LinkSettings.Mqtt mqtt ->
                new MqttLink(brokers(mqtt), client, "starling-air/" + site, self, mqtt.profile());
          });
    }
    return links;
  }

  /** Where a link meets others, with the secrets and certificates that takes. */
  static Brokers brokers(NodeSettings.LinkSettings.Mqtt mqtt) throws IOException {
    Tls tls = Tls.SYSTEM;
    if (mqtt.identity().isPresent()) {
      SmallFile.checkSecret(mqtt.identity().get().key());
    }
    if (mqtt.authorities().isPresent() || mqtt.identity().isPresent()) {
      tls = Tls.read(mqtt.authorities(), mqtt.identity());
    }
    return new Brokers(List.of(mqtt.broker()), login(mqtt), tls);
  }

  private static Optional<Login> login(NodeSettings.LinkSettings.Mqtt mqtt) throws IOException {
    if (mqtt.user() == null) {
      return Optional.empty();
    }
    byte[] password =
        mqtt.passwordFile() == null
            ? new byte[0]
            : SmallFile.readSecret(mqtt.passwordFile(), PASSWORD_MAX_BYTES);
    return Optional.of(
        new Login(mqtt.user(), new String(password, StandardCharsets.UTF_8).strip()));
  }
}
