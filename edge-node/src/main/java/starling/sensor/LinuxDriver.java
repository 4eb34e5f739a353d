package starling.sensor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Opens the board that the node runs on. */
public final class LinuxDriver implements SensorDriver {
  @Override
  public String kind() {
    return "linux";
  }

  @Override
  public Map<String, String> keys() {
    return Map.of("root", "the directory that holds proc and sys; / unless it is a copy");
  }

  @Override
  public Sensor open(Map<String, String> settings) throws IOException {
    return new LinuxSensor(Path.of(new Settings(kind(), settings).text("root", "/")));
  }
}
