package starling.bench.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a launcher that starts a JVM which only says that it has spoken. */
class GatewayBenchTest {
  @TempDir Path home;

  @Test
  void publishersAreRowsBesideThePlainOneWholeGatewaysAndTheAim() throws Exception {
    launcher();
    List<Map<String, Object>> rows =
        new GatewayBench(home, 1, 0.1, 200, Duration.ofMillis(100)).run((_, _) -> {});
    assertEquals(
        List.of(
            "readings", "paho", "outbox", "outbox_embedded", "gateway", "gateway_embedded", "aim"),
        rows.stream().map(row -> row.get("path")).toList());
    assertTrue((long) rows.getFirst().get("readings_per_s") > 0, rows.getFirst().toString());
    for (Map<String, Object> row : rows.subList(1, 4)) {
      assertTrue((long) row.get("messages_per_s") > 0, row.toString());
      assertTrue((double) row.get("latency_p50_ms") > 0, row.toString());
      assertTrue(
          (double) row.get("latency_p50_ms") <= (double) row.get("latency_p99_ms"), row.toString());
      assertTrue((double) row.get("rss_mb") > 10, row.toString());
    }
    assertEquals(1.0, rows.get(1).get("ratio"));
    assertEquals(0.8, rows.getLast().get("ratio"));
  }

  @Test
  void impossibleNumbersAreRefused() {
    Duration moment = Duration.ofMillis(1);
    assertThrows(IllegalArgumentException.class, () -> new GatewayBench(home, 0, 1, 1000, moment));
    assertThrows(IllegalArgumentException.class, () -> new GatewayBench(home, 1, 1, 0, moment));
  }

  private void launcher() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path classes =
        Path.of(GatewayBench.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path script = home.resolve("tools/starling");
    Files.createDirectories(script.resolveSibling(""));
    Files.writeString(
        script,
        "#!/bin/sh\necho INFO first frame after 7 ms\nexec "
            + java
            + " -XX:+UseSerialGC -Xmx64m -XX:TieredStopAtLevel=1"
            + " --enable-native-access=ALL-UNNAMED -cp "
            + classes
            + " starling.bench.footprint.Idle\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }
}
