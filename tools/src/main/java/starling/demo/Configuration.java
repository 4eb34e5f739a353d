package starling.demo;

import java.net.URI;
import java.nio.file.Path;
import starling.keys.SiteDirectory;
import starling.link.Presets;

/**
 * Writes the configurations that the programs of a site are started with, as a person would.
 *
 * @param operator the operator's public key in hexadecimal
 * @param broker the gateway's
 * @param recording the stations' readings
 * @param startMillis the network time at which the recording begins, Unix milliseconds
 * @param speed recorded seconds a second
 */
record Configuration(
    Site site,
    Workspace files,
    String operator,
    URI broker,
    Path recording,
    long startMillis,
    int speed) {
  /** The radio of the demo, and how fast its serial port is. */
  static final Presets PRESET = Presets.SIK_64K;

  private static final int BAUD = 57_600;

  /** The gateway's name in topics. */
  static final String GATEWAY = "gate";

  /** A node's file. */
  String node(Site.Cell cell, Site.Node node) {
    Toml toml = member(node.path());
    if (node.radio()) {
      toml.table("link.radio")
          .put("kind", "serial")
          .put("port", files.port(cell, node))
          .put("baud", BAUD)
          .put("preset", PRESET.profile().name());
    }
    if (node.uplink()) {
      uplink(toml);
    }
    toml.table("sensor.weather")
        .put("kind", "replay")
        .put("file", recording)
        .put("station", node.station())
        .put("start", startMillis)
        .put("speed", speed);
    toml.table("sensor.host").put("kind", "linux");
    return toml.text();
  }

  /** The gateway's file. */
  String gateway() {
    Toml toml = member(site.gateway());
    uplink(toml);
    toml.table("gateway").put("name", GATEWAY);
    toml.table("broker").put("listen", broker.getHost() + ":" + broker.getPort());
    return toml.text();
  }

  private Toml member(String path) {
    SiteDirectory keys = files.keys();
    return new Toml()
        .table("node")
        .put("identity", keys.nodeKey(path))
        .put("site_key", keys.siteKey())
        .put("operator", operator)
        .put("charter", keys.charterFile())
        .put("state", files.state(path));
  }

  private void uplink(Toml toml) {
    toml.table("link.uplink").put("kind", "mqtt").put("broker", broker.toString());
  }

  /** Tables of text and whole numbers: all the TOML that is needed. */
  private static final class Toml {
    private final StringBuilder text = new StringBuilder();

    Toml table(String name) {
      text.append(text.isEmpty() ? "" : "\n").append('[').append(name).append("]\n");
      return this;
    }

    Toml put(String key, Object value) {
      text.append(key).append(" = ");
      if (value instanceof Number) {
        text.append(value);
      } else {
        String escaped = value.toString().replace("\\", "\\\\").replace("\"", "\\\"");
        text.append('"').append(escaped).append('"');
      }
      text.append('\n');
      return this;
    }

    String text() {
      return text.toString();
    }
  }
}
