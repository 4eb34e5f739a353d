package starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.gateway.history.History;
import starling.model.Delivery;

class HistoryVerbTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  @Test
  void whatAGatewayKeptIsListedAndExported() throws Exception {
    History.Settings settings =
        new History.Settings(directory.resolve("history.db"), 1 << 20, 7, 90);
    try (History history = History.open(settings, _ -> {})) {
      for (int i = 1; i <= 3; i++) {
        history.accept(
            new Delivery.Latest(
                "/berlin/north/n1",
                1_780_315_200_000L + i * 60_000,
                new TreeMap<>(Map.of("battery", 3.5 + i)),
                new TreeMap<>(Map.of("battery", "V"))));
      }
    }
    String state = directory.toString();
    assertEquals(0, run("history", "--state", state), err::toString);
    String line = out.toString().lines().skip(1).findFirst().orElseThrow();
    assertEquals(
        "/berlin/north/n1 battery V 3 2026-06-01T12:01:00Z 2026-06-01T12:03:00Z 6.5",
        line.replaceAll(" +", " "));
    out.getBuffer().setLength(0);
    String[] last = {"--from", "2026-06-01T12:02:30Z", "--state", state};
    assertEquals(0, run("history", "/berlin", "--csv", last[0], last[1], last[2], last[3]));
    assertEquals(
        "time,ts,span_s,path,query,name,unit,value,min,max,count\r\n"
            + "2026-06-01T12:03:00Z,1780315380000,0,/berlin/north/n1,,battery,V,6.5,6.5,6.5,1\r\n",
        out.toString());
    out.getBuffer().setLength(0);
    assertEquals(0, run("history", "--json", last[0], last[1], last[2], last[3]));
    assertEquals(
        "{\"v\":1,\"path\":\"/berlin/north/n1\",\"name\":\"battery\",\"unit\":\"V\","
            + "\"ts\":1780315380000,\"span_s\":0,\"value\":6.5}",
        out.toString().strip());
    assertEquals(1, run("history", "/potsdam", "--state", state));
    assertTrue(err.toString().contains("nothing in "), err::toString);
  }

  @Test
  void wrongUsageIsRefusedWithWhatIsRight() {
    assertEquals(2, run("history", "orchard"));
    assertEquals(2, run("history", "--csv", "--json"));
    assertEquals(2, run("history", "--from", "yesterday"));
    assertEquals(1, run("history", "--state", directory.resolve("none").toString()));
    assertTrue(err.toString().contains("90m, 24h, 7d; not 'yesterday'"), err::toString);
    assertTrue(err.toString().contains("there is no history at"), err::toString);
  }
}
