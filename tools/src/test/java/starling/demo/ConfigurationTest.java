package starling.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
  private final Site site = Site.berlin();
  private final Configuration configuration =
      new Configuration(
          site,
          new Workspace(Path.of("/tmp/it \"is\""), false),
          "0a1b",
          URI.create("tcp://127.0.0.1:41883"),
          Path.of("/data/berlin.csv"),
          1_750_000_000_000L,
          900);

  @Test
  void aRadioNodeWithAnUplinkHasBothLinks() {
    Site.Cell north = site.cells().getFirst();
    assertEquals(
        """
        [node]
        identity = "/tmp/it \\"is\\"/nodes/north/buch.key"
        site_key = "/tmp/it \\"is\\"/site.key"
        operator = "0a1b"
        charter = "/tmp/it \\"is\\"/charter.bin"
        state = "/tmp/it \\"is\\"/state/buch"

        [link.radio]
        kind = "serial"
        port = "/tmp/it \\"is\\"/radio/north/buch"
        baud = 57600
        preset = "sik-64k"

        [link.uplink]
        kind = "mqtt"
        broker = "tcp://127.0.0.1:41883"

        [sensor.weather]
        kind = "replay"
        file = "/data/berlin.csv"
        station = "buch"
        start = 1750000000000
        speed = 900

        [sensor.host]
        kind = "linux"
        """,
        configuration.node(north, north.nodes().getFirst()));
  }

  @Test
  void theGatewayIsAMemberWithABroker() {
    assertEquals(
        """
        [node]
        identity = "/tmp/it \\"is\\"/nodes/city/gate.key"
        site_key = "/tmp/it \\"is\\"/site.key"
        operator = "0a1b"
        charter = "/tmp/it \\"is\\"/charter.bin"
        state = "/tmp/it \\"is\\"/state/gate"

        [link.uplink]
        kind = "mqtt"
        broker = "tcp://127.0.0.1:41883"

        [gateway]
        name = "gate"

        [broker]
        listen = "127.0.0.1:41883"
        """,
        configuration.gateway());
  }
}
