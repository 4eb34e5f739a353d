package starling.bench.footprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a launcher that starts a node which only says that it has spoken. */
class FootprintBenchTest {
  private static final Duration MOMENT = Duration.ofMillis(10);

  @TempDir Path home;

  @Test
  void eachSortOfNodeIsARowBesideABareJvmAndTheAim() throws Exception {
    launcher("echo INFO first frame after 7 ms; read end");
    List<Map<String, Object>> rows = run();
    assertEquals(
        List.of("radio_idle", "radio_demo", "mqtt_idle", "mqtt_demo", "bare_jvm", "aim"),
        rows.stream().map(row -> row.get("case")).toList());
    for (Map<String, Object> row : rows.subList(0, 4)) {
      assertEquals(7L, row.get("first_frame_ms"));
      assertEquals(1L, row.get("threads"));
      assertTrue((double) row.get("pss_mib") <= (double) row.get("rss_mib"), row.toString());
      assertEquals(true, row.get("ok"));
    }
    assertEquals(
        List.of(3600L, 4L), rows.subList(0, 2).stream().map(row -> row.get("window_s")).toList());
    assertEquals(48.0, rows.getLast().get("rss_mib"));
  }

  @Test
  void aNodeThatIsSlowToSpeakMissesTheAim() throws Exception {
    launcher("echo INFO first frame after 1001 ms; read end");
    assertEquals(false, run().getFirst().get("ok"));
  }

  @Test
  void aNodeThatDoesNotStartIsAFailureThatShowsItsLog() throws Exception {
    launcher("echo no such port; exit 1");
    IOException failure = assertThrows(IOException.class, this::run);
    assertTrue(failure.getMessage().contains("no such port"), failure.getMessage());
  }

  private List<Map<String, Object>> run() throws IOException, InterruptedException {
    return new FootprintBench(home, 1, MOMENT, MOMENT).run((_, _) -> {});
  }

  private void launcher(String body) throws IOException {
    Path script = home.resolve("tools/starling");
    Files.createDirectories(script.resolveSibling(""));
    Files.writeString(script, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }
}
