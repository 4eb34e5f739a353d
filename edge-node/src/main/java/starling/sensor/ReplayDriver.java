package starling.sensor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Opens one station of a {@link Recording} as if it were measured now. */
public final class ReplayDriver implements SensorDriver {
  private static final double FASTEST = 1e6;

  @Override
  public String kind() {
    return "replay";
  }

  @Override
  public Map<String, String> keys() {
    return Map.of(
        "file", "the recording: CSV with time_utc and a column for each station",
        "station", "which of its stations",
        "channel", "the channel to report it as; air_temperature unless said",
        "start", "when its first row becomes valid: Unix milliseconds or RFC 3339",
        "speed", "recorded seconds in a second; 1 unless said");
  }

  @Override
  public Sensor open(Map<String, String> table) throws IOException {
    Settings settings = new Settings(kind(), table);
    Recording recording = Recording.read(Path.of(settings.text("file")));
    String station = settings.text("station");
    if (!recording.stations().contains(station)) {
      throw settings.wrong("station", station, "one of " + String.join(", ", recording.stations()));
    }
    return new Replay(
        recording,
        station,
        settings.channel("channel", "air_temperature"),
        start(settings),
        settings.number("speed", 1, 1 / FASTEST, FASTEST));
  }

  private static long start(Settings settings) {
    String start = settings.text("start");
    if (start.matches("\\d{1,15}")) {
      return Long.parseLong(start);
    }
    try {
      return Recording.time(start);
    } catch (IllegalArgumentException e) {
      throw settings.wrong("start", start, "Unix milliseconds or RFC 3339");
    }
  }

  private record Replay(
      Recording recording, String station, String channel, long startMillis, double speed)
      implements Sensor {
    @Override
    public Map<String, Reading> read(long atMillis) {
      var value = recording.valueAt(station, atMillis, startMillis, speed);
      return value.isPresent() ? Map.of(channel, new Reading(value.getAsDouble(), 0)) : Map.of();
    }

    @Override
    public void close() {}
  }
}
