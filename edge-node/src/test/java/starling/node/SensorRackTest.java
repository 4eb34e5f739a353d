package starling.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import starling.sensor.Sensor;

class SensorRackTest {
  private final Logger logger = Logger.getLogger(SensorRack.class.getName());
  private final List<String> said = new ArrayList<>();
  private final Handler listener =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          said.add(new Logs.Line().formatMessage(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(listener);
  }

  @AfterEach
  void listenNoMore() {
    logger.removeHandler(listener);
  }

  /** A sensor that works or not, as the test wants. */
  private static final class Loose implements Sensor {
    final double value;
    final long ageMillis;
    boolean works = true;
    boolean closed;

    Loose(double value, long ageMillis) {
      this.value = value;
      this.ageMillis = ageMillis;
    }

    @Override
    public Map<String, Reading> read(long atMillis) throws IOException {
      if (!works) {
        throw new IOException("no answer at address 0x76");
      }
      return Map.of("value_" + (int) value, new Reading(value, ageMillis));
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void allSensorsAreAskedTogetherAndTheOldestReadingCounts() {
    SensorRack rack = rack(new Loose(1, 20), new Loose(2, 70));
    var readings = rack.read(4000);
    assertEquals(4000, readings.windowEndMillis());
    assertEquals(Map.of("value_1", 1.0, "value_2", 2.0), readings.values());
    assertEquals(70, readings.oldestAgeMillis());
  }

  @Test
  void oneFailingSensorIsLeftOutAndThatIsSaidOnce() {
    Loose loose = new Loose(1, 0);
    SensorRack rack = rack(loose, new Loose(2, 0));
    loose.works = false;
    for (int i = 0; i < 5; i++) {
      assertEquals(Map.of("value_2", 2.0), rack.read(i).values());
    }
    loose.works = true;
    assertEquals(2, rack.read(6).values().size());
    assertEquals(
        List.of("sensor s1 left out: no answer at address 0x76", "sensor s1 works again"), said);
    loose.works = false;
    rack.read(7);
    assertEquals(3, said.size(), said.toString());
  }

  @Test
  void aRackWithoutSensorsReadsNothing() throws Exception {
    try (SensorRack rack = SensorRack.open(Map.of())) {
      assertEquals(Map.of(), rack.read(1).values());
    }
  }

  @Test
  void closingARackClosesItsSensors() {
    Loose one = new Loose(1, 0);
    Loose two = new Loose(2, 0);
    rack(one, two).close();
    assertTrue(one.closed && two.closed);
  }

  @Test
  void theBoardItselfIsASensor() throws Exception {
    try (SensorRack rack = SensorRack.open(Map.of("board", Map.of("kind", "linux")))) {
      assertTrue(rack.read(1).values().keySet().containsAll(Set.of("load", "memory")));
    }
  }

  @Test
  void wrongTablesAreRefusedAllAtOnceWithWhatIsPossible() {
    Map<String, Map<String, String>> tables =
        Map.of(
            "a", Map.of("kind", "thermometer"),
            "b", Map.of(),
            "c", Map.of("kind", "linux", "path", "/"),
            "d", Map.of("kind", "digital", "pin", "many", "channel", "x"));
    String refusal =
        assertThrows(ConfigurationException.class, () -> SensorRack.open(tables)).getMessage();
    for (String part :
        List.of(
            "sensor.a.kind must be one of [bme280, digital, linux, replay]",
            "sensor.b.kind must be one of",
            "sensor.c.path: a linux sensor takes [root]",
            "sensor.d: sensor digital: pin is a whole number")) {
      assertTrue(refusal.contains(part), part + " in " + refusal);
    }
  }

  @Test
  void aSensorThatIsNotThereIsAFailureWithItsName() {
    Map<String, Map<String, String>> tables =
        Map.of(
            "weather",
            Map.of("kind", "replay", "file", "/nowhere.csv", "station", "x", "start", "0"));
    String failure = assertThrows(IOException.class, () -> SensorRack.open(tables)).getMessage();
    assertTrue(failure.startsWith("sensor.weather: "), failure);
    assertTrue(failure.contains("/nowhere.csv"), failure);
  }

  private static SensorRack rack(Sensor one, Sensor two) {
    return new SensorRack(new TreeMap<>(Map.of("s1", one, "s2", two)));
  }
}
