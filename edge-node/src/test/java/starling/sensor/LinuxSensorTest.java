package starling.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import starling.sensor.Sensor.Reading;

class LinuxSensorTest {
  @TempDir private Path root;

  private void put(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private Map<String, Reading> read() throws IOException {
    try (Sensor sensor = new LinuxDriver().open(Map.of("root", root.toString()))) {
      return sensor.read(0);
    }
  }

  @BeforeEach
  void aBoardWithoutThermometer() throws IOException {
    put("proc/loadavg", "0.75 0.41 0.30 1/123 4567\n");
    put(
        "proc/meminfo",
        "MemTotal:        1000000 kB\nMemFree:          100000 kB\nMemAvailable:     750000 kB\n");
  }

  @Test
  void loadAndMemoryComeFromProc() throws IOException {
    assertEquals(Map.of("load", new Reading(0.75, 0), "memory", new Reading(25, 0)), read());
  }

  @Test
  void theFirstThermalZoneThatAnswersIsTheTemperature() throws IOException {
    put("sys/class/thermal/thermal_zone10/temp", "90000\n");
    put("sys/class/thermal/thermal_zone2/temp", "48312\n");
    put("sys/class/thermal/thermal_zone1/temp", "-274000\n"); // switched off
    put("sys/class/thermal/thermal_zone0/type", "cpu-thermal\n"); // no temp at all
    put("sys/class/thermal/cooling_device0/temp", "1\n");
    assertEquals(new Reading(48.312, 0), read().get("host_temperature"));
  }

  @Test
  void withoutThermalZonesHardwareMonitorsAreAsked() throws IOException {
    put("sys/class/hwmon/hwmon0/in1_input", "12000\n");
    put("sys/class/hwmon/hwmon1/temp1_input", "nonsense\n");
    put("sys/class/hwmon/hwmon1/temp2_input", "-5500\n");
    assertEquals(new Reading(-5.5, 0), read().get("host_temperature"));
  }

  @Test
  void nonsenseIsAbsent() throws IOException {
    put("proc/loadavg", "busy\n");
    put("proc/meminfo", "MemTotal: 0 kB\nMemAvailable: 0 kB\n");
    assertEquals(Map.of(), read());
  }

  @Test
  void aDirectoryThatIsNoLinuxIsRefused() {
    Map<String, String> settings = Map.of("root", root.resolve("elsewhere").toString());
    assertThrows(IOException.class, () -> new LinuxDriver().open(settings));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void thisMachineHasLoadAndMemory() throws IOException {
    try (Sensor sensor = new LinuxDriver().open(Map.of())) {
      Map<String, Reading> readings = sensor.read(0);
      assertTrue(readings.get("load").value() >= 0);
      assertTrue(readings.get("memory").value() > 0 && readings.get("memory").value() < 100);
    }
  }
}
