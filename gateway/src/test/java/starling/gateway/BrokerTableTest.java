package starling.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.gateway.broker.EmbeddedBroker;
import starling.gateway.broker.User;
import starling.link.mqtt.Authority;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Login;
import starling.node.Configuration;
import starling.node.ConfigurationException;

class BrokerTableTest {
  @TempDir Path directory;

  @Test
  void severalBrokersTheirLoginAndCertificatesAreRead() throws Exception {
    Authority authority = Authority.create(directory, "ca");
    authority.certify("gate", 30);
    write("password", "secret\n", "rw-------");
    mode("gate.key", "rw-------");
    Brokers brokers =
        BrokerTable.brokers(
            read(
                "url = \"mqtts://a.example, mqtts://b.example:8884,mqtt://c.example\"",
                "user = \"field\"",
                "password_file = \"password\"",
                "ca_file = \"ca.pem\"",
                "certificate_file = \"gate.pem\"",
                "key_file = \"gate.key\""));
    assertEquals(
        List.of("mqtts://a.example", "mqtts://b.example:8884", "mqtt://c.example"),
        brokers.addresses().stream().map(URI::toString).toList());
    assertEquals("secret", brokers.login().map(Login::password).orElse(""));
    assertFalse(brokers.toString().contains("secret"));
  }

  @Test
  void whatOthersMayReadIsNoSecret() throws Exception {
    write("password", "secret", "rw-r--r--");
    IOException refused =
        assertThrows(
            IOException.class,
            () ->
                BrokerTable.brokers(
                    read(
                        "url = \"mqtt://a\"", "user = \"field\"", "password_file = \"password\"")));
    assertTrue(refused.getMessage().contains("chmod 600"), refused.getMessage());
  }

  @Test
  void aCredentialIsWhatSystemdHandedOver() throws Exception {
    Configuration from = read("url = \"mqtt://a\"", "password_file = \"credential:mqtt\"");
    String key = "broker.password_file";
    assertEquals(
        Path.of("/run/credentials/gate/mqtt"),
        Secrets.credential(from, key, Map.of("CREDENTIALS_DIRECTORY", "/run/credentials/gate")));
    String none =
        assertThrows(ConfigurationException.class, () -> Secrets.credential(from, key, Map.of()))
            .getMessage();
    assertTrue(none.contains("LoadCredential=mqtt:FILE"), none);
    Configuration elsewhere = read("password_file = \"credential:../password\"");
    assertThrows(
        ConfigurationException.class,
        () -> Secrets.credential(elsewhere, key, Map.of("CREDENTIALS_DIRECTORY", "/run")));
  }

  @Test
  void anAddressThatIsNoneIsRefusedWithItsLine() {
    for (String wrong : List.of("http://a", "mqtt://me:secret@a", "a b", "mqtts:///x")) {
      ConfigurationException refused =
          assertThrows(
              ConfigurationException.class,
              () -> BrokerTable.brokers(read("url = \"" + wrong + "\"")),
              wrong);
      assertTrue(refused.getMessage().contains("mqtts://host:8883"), refused.getMessage());
    }
  }

  @Test
  void aBrokerOfItsOwnHasUsersWithRightsAndACertificate() throws Exception {
    Authority authority = Authority.create(directory, "ca");
    authority.certify("gate", 30);
    mode("gate.key", "rw-------");
    write("users", "# who comes\n\ndesk blue read starling/#\nn17 -\n", "rw-------");
    String[] lines = {
      "listen = \"0.0.0.0:8883\"",
      "users_file = \"users\"",
      "ca_file = \"ca.pem\"",
      "certificate_file = \"gate.pem\"",
      "key_file = \"gate.key\""
    };
    EmbeddedBroker.Settings broker = embedded(lines);
    assertEquals(List.of("desk", "n17"), broker.users().stream().map(User::name).toList());
    assertTrue(broker.certificates() && broker.tls().isPresent());
    assertFalse(broker.toString().contains("blue"));
    write("users", "desk blue read starling/#\nn17 purple shout #\n", "rw-------");
    String wrong = refusal(lines);
    assertTrue(wrong.contains("users:2: a right is read, write or all"), wrong);
    assertFalse(wrong.contains("purple"), wrong);
    assertTrue(refusal("listen = \"0.0.0.0:1883\"").contains("configure users"));
    assertTrue(refusal("listen = \"0.0.0.0:1883\"", "ca_file = \"ca.pem\"").contains("key_file"));
  }

  private String refusal(String... lines) {
    return String.valueOf(
        assertThrows(ConfigurationException.class, () -> embedded(lines)).getMessage());
  }

  private EmbeddedBroker.Settings embedded(String... lines) throws Exception {
    Path file = directory.resolve("gateway.toml");
    Files.writeString(
        file, "[node]\nstate = \"state\"\n[broker]\n" + String.join("\n", lines) + "\n");
    return BrokerTable.embedded(Configuration.read(file, List.of(), GatewaySettings.KEYS));
  }

  private Configuration read(String... lines) throws Exception {
    Path file = directory.resolve("gateway.toml");
    Files.writeString(file, "[broker]\n" + String.join("\n", lines) + "\n");
    return Configuration.read(file, List.of(), BrokerTable.KEYS);
  }

  private void write(String name, String text, String mode) throws IOException {
    Files.writeString(directory.resolve(name), text);
    mode(name, mode);
  }

  private void mode(String name, String mode) throws IOException {
    Files.setPosixFilePermissions(directory.resolve(name), PosixFilePermissions.fromString(mode));
  }
}
