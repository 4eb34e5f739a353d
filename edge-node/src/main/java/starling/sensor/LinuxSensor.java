package starling.sensor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The board itself, from {@code /proc} and {@code /sys}: {@code load} (the load average over a
 * minute, proc_loadavg(5)), {@code memory} (% in use, all but MemAvailable, proc_meminfo(5)) and
 * {@code host_temperature} (°C: the first thermal zone, else the first hwmon input, that answers
 * with something a board can survive; Documentation/ABI/testing/sysfs-class-thermal and -hwmon,
 * both in thousandths). What the board does not have is absent.
 */
final class LinuxSensor implements Sensor {
  private static final int FILE_BYTES_MAX = 16_384;
  private static final double COLDEST = -60;
  private static final double HOTTEST = 150;
  private static final Pattern TOTAL = Pattern.compile("(?m)^MemTotal:\\s+(\\d{1,15}) kB$");
  private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+(\\d{1,15}) kB$");

  private final Path root;

  LinuxSensor(Path root) throws IOException {
    this.root = root;
    if (!Files.isDirectory(root.resolve("proc")) && !Files.isDirectory(root.resolve("sys"))) {
      throw new IOException("sensor linux: there is neither proc nor sys in " + root);
    }
  }

  @Override
  public Map<String, Reading> read(long atMillis) {
    Map<String, Reading> readings = new TreeMap<>();
    load().ifPresent(value -> readings.put("load", new Reading(value, 0)));
    memory().ifPresent(value -> readings.put("memory", new Reading(value, 0)));
    temperature().ifPresent(value -> readings.put("host_temperature", new Reading(value, 0)));
    return readings;
  }

  @Override
  public void close() {}

  private OptionalDouble load() {
    String text = content(root.resolve("proc/loadavg"));
    return number(text.substring(0, Math.max(0, text.indexOf(' '))));
  }

  private OptionalDouble memory() {
    String text = content(root.resolve("proc/meminfo"));
    Matcher total = TOTAL.matcher(text);
    Matcher available = AVAILABLE.matcher(text);
    if (!total.find() || !available.find() || Long.parseLong(total.group(1)) == 0) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        100 * (1 - Double.parseDouble(available.group(1)) / Long.parseLong(total.group(1))));
  }

  private OptionalDouble temperature() {
    List<Path> inputs = new ArrayList<>();
    for (Path zone : entries(root.resolve("sys/class/thermal"), "thermal_zone*")) {
      inputs.add(zone.resolve("temp"));
    }
    for (Path chip : entries(root.resolve("sys/class/hwmon"), "hwmon*")) {
      inputs.addAll(entries(chip, "temp*_input"));
    }
    return inputs.stream()
        .map(input -> number(content(input)))
        .flatMapToDouble(OptionalDouble::stream)
        .map(thousandths -> thousandths / 1000)
        .filter(value -> value >= COLDEST && value <= HOTTEST)
        .findFirst();
  }

  /** Matching entries by number: zone 2 before zone 10. */
  private static List<Path> entries(Path directory, String glob) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
      entries.forEach(found::add);
    } catch (IOException e) {
      return List.of(); // the board has none
    }
    found.sort(
        Comparator.<Path>comparingInt(path -> path.toString().length())
            .thenComparing(Path::toString));
    return found;
  }

  /** A file's beginning; empty if it can't be read, as with a sensor that is switched off. */
  private static String content(Path file) {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(FILE_BYTES_MAX), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static OptionalDouble number(String text) {
    return text.matches("-?\\d{1,9}(\\.\\d{1,9})?")
        ? OptionalDouble.of(Double.parseDouble(text))
        : OptionalDouble.empty();
  }
}
