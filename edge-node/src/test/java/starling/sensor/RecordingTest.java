package starling.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordingTest {
  private static final long HOUR = 3_600_000;
  private static final String THREE_HOURS =
      """
      time_utc,north,south
      2019-06-03T00:00Z,1.5,10
      2019-06-03T01:00Z,2.5,
      2019-06-03T02:00:00Z,-3,30
      """;

  @TempDir private Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("recording.csv"), text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, ", // nothing is valid before its time
    "-1, ",
    "1, 1.5",
    "3600000, 1.5", // strictly before
    "3600001, 2.5",
    "7200001, -3",
    "10800000, -3", // the last row lasts as long as the one before it
    "10800001, 1.5", // and then it begins again
    "14400001, 2.5",
    "21600000, -3",
  })
  void theLastRowBeforeAMomentCounts(long millis, Double value) throws IOException {
    Recording recording = Recording.read(file(THREE_HOURS));
    OptionalDouble expected = value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    assertEquals(expected, recording.valueAt("north", 5_000 + millis, 5_000, 1));
  }

  @Test
  void timeIsCompressedBySpeed() throws IOException {
    Recording recording = Recording.read(file(THREE_HOURS));
    assertEquals(1.5, recording.valueAt("north", 4_000, 0, 900).getAsDouble());
    assertEquals(2.5, recording.valueAt("north", 4_001, 0, 900).getAsDouble());
    assertEquals(1.5, recording.valueAt("north", 2 * HOUR, 0, 0.5).getAsDouble());
    assertEquals(2.5, recording.valueAt("north", 2 * HOUR + 1, 0, 0.5).getAsDouble());
  }

  @Test
  void anEmptyCellIsNoValue() throws IOException {
    Recording recording = Recording.read(file(THREE_HOURS));
    assertEquals(List.of("north", "south"), recording.stations());
    assertTrue(recording.valueAt("south", HOUR + 1, 0, 1).isEmpty());
    assertEquals(30, recording.valueAt("south", 2 * HOUR + 1, 0, 1).getAsDouble());
  }

  @Test
  void aSingleRowIsAlwaysValid() throws IOException {
    Recording recording = Recording.read(file("time_utc,a\n2019-06-03T00:00Z,7\n"));
    assertEquals(7, recording.valueAt("a", 123_456_789, 0, 10).getAsDouble());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|line 1: expected time_utc,station,...",
        "time_utc\\n|line 1: expected time_utc,station,...",
        "time,a\\n|line 1: expected time_utc,station,...",
        "time_utc,a,a\\n|line 1: stations need different names",
        "time_utc,a\\n|line 2: expected a row",
        "time_utc,a\\nnow,1|line 2: expected a time such as 2019-06-03T00:00Z, not 'now'",
        "time_utc,a\\n2019-06-03T00:00Z|line 2: expected 2 cells, not 1",
        "time_utc,a\\n2019-06-03T00:00Z,1,2|line 2: expected 2 cells, not 3",
        "time_utc,a\\n2019-06-03T00:00Z,NaN|line 2: expected a number, not 'NaN'",
        "time_utc,a\\n2019-06-03T00:00Z,1\\n2019-06-03T00:00Z,1|line 3: times must grow",
      })
  void aBrokenFileIsRefusedWithItsLine(String text, String why) throws IOException {
    Path file = file(text.replace("\\n", "\n"));
    IOException e = assertThrows(IOException.class, () -> Recording.read(file));
    assertEquals(file + ", " + why, e.getMessage());
  }

  @Test
  void whatIsNoTextIsRefused() throws IOException {
    Path file = Files.write(directory.resolve("noise"), new byte[] {(byte) 0xFF, 0, 1});
    IOException e = assertThrows(IOException.class, () -> Recording.read(file));
    assertEquals(file + " is not UTF-8 text", e.getMessage());
    Path missing = directory.resolve("missing");
    assertThrows(IOException.class, () -> Recording.read(missing));
  }

  @Test
  void anUnknownStationIsTheCallersMistake() throws IOException {
    Recording recording = Recording.read(file(THREE_HOURS));
    assertThrows(IllegalArgumentException.class, () -> recording.valueAt("east", 1, 0, 1));
  }

  @Test
  void theReplaySensorAnswersWhatTheRecordingSays() throws IOException {
    Map<String, String> settings =
        Map.of(
            "file", file(THREE_HOURS).toString(),
            "station", "north",
            "start", "2026-01-01T00:00:00Z",
            "speed", "900");
    long start = 1_767_225_600_000L;
    try (Sensor sensor = new ReplayDriver().open(settings)) {
      assertEquals(Map.of(), sensor.read(start));
      assertEquals(
          Map.of("air_temperature", new Sensor.Reading(2.5, 0)), sensor.read(start + 4001));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "station|east|sensor replay: station is one of north, south, not 'east'",
        "start|tomorrow|sensor replay: start is Unix milliseconds or RFC 3339, not 'tomorrow'",
        "speed|0|sensor replay: speed is a number from 1.0E-6 to 1000000.0, not '0'",
        "speed|NaN|sensor replay: speed is a number from 1.0E-6 to 1000000.0, not 'NaN'",
        "file|''|sensor replay needs file",
        "channel|A|sensor replay: channel is lower-case letters, digits and underscores, up to 32,"
            + " not 'A'",
      })
  void anImpossibleSettingIsNamed(String key, String value, String why) throws IOException {
    Map<String, String> settings =
        new HashMap<>(
            Map.of("file", file(THREE_HOURS).toString(), "station", "north", "start", "5"));
    settings.put(key, value);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> new ReplayDriver().open(settings).close());
    assertEquals(why, e.getMessage());
  }
}
