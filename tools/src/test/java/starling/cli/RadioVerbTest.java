package starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import starling.link.Presets;
import starling.link.pty.Pty;

@Timeout(60)
class RadioVerbTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  private List<JsonObject> rows() {
    return out.toString()
        .lines()
        .map(JsonParser::parseString)
        .map(e -> e.getAsJsonObject())
        .toList();
  }

  @Test
  void aPresetsTableHasAirtimeAndWhatLawAndTargetAllow() {
    assertEquals(0, run("radio", "show", "rnode-sf9"));
    assertTrue(out.toString().contains("law 10.0 % of any hour"), out::toString);
    // 360 s of law and 720 s of target an hour, at 369.664 ms a frame.
    assertTrue(
        out.toString().lines().anyMatch(line -> line.matches(" +51 +369.7 +973 +1947")),
        out::toString);
  }

  @Test
  void allPresetsAreShownUpToTheirLargestFrame() {
    assertEquals(0, run("radio", "show", "--json"));
    for (Presets preset : Presets.values()) {
      List<JsonObject> of =
          rows().stream()
              .filter(row -> row.get("preset").getAsString().equals(preset.profile().name()))
              .toList();
      assertEquals(preset.profile().mtuBytes(), of.getLast().get("bytes").getAsInt());
      assertEquals(preset.profile().clear(), of.getLast().get("clear").getAsBoolean());
      assertEquals(
          preset.profile().law().limits(),
          of.getLast().has("node_frames_per_hour_law"),
          preset.profile().name());
    }
  }

  @Test
  void aMediumOnWhichNothingIsEncryptedSaysSo() {
    assertEquals(0, run("radio", "show", "kiss-1200"));
    assertTrue(out.toString().contains("anybody can read them"), out::toString);
  }

  @Test
  void nothingAtAPortIsAFailure() throws Exception {
    try (Pty pty = Pty.open()) {
      String port = pty.slave().toString();
      assertEquals(1, run("radio", "probe", port, "--seconds", "1", "--json"));
      assertEquals("nothing", rows().getFirst().get("found").getAsString());
      assertFalse(rows().getFirst().has("bytes"));
    }
  }

  @Test
  void aPlanSaysWhichRadiosCarryACellAndTakesTheSlowest() {
    assertEquals(0, run("radio", "plan", "--nodes", "32", "--every", "60", "--json"));
    List<JsonObject> rows = rows();
    for (JsonObject row : rows) {
      boolean fits = row.get("shortest_every_ms").getAsLong() <= 60_000;
      assertEquals(fits, row.get("fits").getAsBoolean(), row::toString);
      assertEquals(fits, row.get("nodes_max").getAsInt() >= 32, row::toString);
    }
    assertTrue(rows.stream().anyMatch(row -> row.get("fits").getAsBoolean()));
    assertTrue(rows.stream().noneMatch(row -> row.get("preset").getAsString().equals("mqtt")));
    assertEquals(0, run("radio", "plan", "--nodes", "4", "--every", "3600"));
    assertTrue(out.toString().contains("take lora-sf12: the slowest"), out::toString);
    assertEquals(1, run("radio", "plan", "--nodes", "64", "--every", "1", "--channels", "16"));
    assertTrue(out.toString().contains("none is fast enough"), out::toString);
  }

  @Test
  void whatHasNoSettingsOrDoesNotAnswerIsSaid() throws Exception {
    try (Pty pty = Pty.open()) {
      String port = pty.slave().toString();
      assertEquals(1, run("radio", "configure", port, "--modem", "sik-64k"));
      assertTrue(err.toString().contains("with its maker's tool"), err::toString);
      assertEquals(1, run("radio", "configure", port, "--modem", "kiss-1200"));
      assertTrue(err.toString().contains("answers nothing"), err::toString);
      assertEquals(1, run("radio", "configure", port, "--modem", "e22-2k4", "--dry-run"));
      assertTrue(err.toString().contains("no E22 answers in configuration mode"), err::toString);
      assertEquals(1, run("radio", "configure", port, "--modem", "e22-2k4", "--mode-pins"));
      assertTrue(err.toString().contains("has no DTR and RTS"), err::toString);
    }
  }

  @Test
  void aPortThatIsNotThereIsAFailureWithWhatToDo(@TempDir Path directory) {
    assertEquals(1, run("radio", "probe", directory.resolve("none").toString()));
    assertTrue(err.toString().contains("is the radio plugged in?"), err::toString);
  }

  @Test
  void wrongUsageIsRefusedWithWhatIsRight() {
    assertEquals(2, run("radio", "show", "lora"));
    assertTrue(err.toString().contains("lora-sf7"), err::toString);
    assertEquals(2, run("radio", "probe"));
    assertEquals(2, run("radio", "probe", "/dev/x", "--seconds", "0"));
    assertEquals(2, run("radio", "probe", "/dev/x", "--baud", "1"));
    assertEquals(2, run("radio", "plan", "--nodes", "65"));
    assertEquals(2, run("radio", "plan", "--nodes", "5", "--loss", "1"));
    assertEquals(2, run("radio", "configure", "/dev/x"));
    assertEquals(2, run("radio", "configure", "/dev/x", "--modem", "xbee", "--mode-pins"));
    assertEquals(2, run("radio", "configure", "/dev/x", "--modem", "xbee", "--power-dbm", "3"));
    assertEquals(0, run("radio", "probe", "--help"));
    assertTrue(out.toString().contains("starling radio probe /dev/ttyUSB0"));
  }
}
