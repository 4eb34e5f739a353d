package starling.gateway.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.link.mqtt.Eventually;
import starling.model.Answer;
import starling.model.Delivery;

class HistoryTest {
  private static final long NOON_MILLIS = 1_780_315_200_000L;
  private static final long MINUTE_MILLIS = 60_000;
  private static final long DAY_MILLIS = 86_400_000;
  private static final Selection ALL = new Selection("", "", "", 0, Long.MAX_VALUE);

  @TempDir Path directory;
  private final List<Delivery> warnings = new ArrayList<>();

  @Test
  void whatWasToldIsThereAfterARestartAndTheBetterAnswerCounts() throws IOException {
    try (History history = open(16 << 20)) {
      history.accept(answer("/berlin/north", 0, 5, 20));
      history.accept(answer("/berlin/north", 0, 6, 21));
      history.accept(answer("/berlin/north", 0, 4, 19));
      history.accept(
          new Delivery.Latest(
              "/berlin/north/n1",
              NOON_MILLIS,
              new TreeMap<>(Map.of("battery", 3.7, "broken", Double.NaN)),
              new TreeMap<>(Map.of("battery", "V"))));
    }
    try (History history = open(16 << 20)) {
      history.accept(answer("/berlin/north", 0, 5, 20));
      history.accept(answer("/berlin/northwest", 0, 1, 9));
    }
    List<Row> rows = rows(new Selection("/berlin/north", "", "", 0, Long.MAX_VALUE));
    assertEquals(
        List.of(
            "climate avg_temperature 21.0",
            "climate coverage.expected 18.0",
            "climate coverage.reported 6.0",
            "climate open 1.0",
            " battery 3.7"),
        rows.stream()
            .map(row -> row.series().query() + " " + row.series().name() + " " + row.value())
            .toList());
    assertEquals(
        "2026-06-01T12:00:00Z,1780315200000,60,/berlin/north,climate,avg_temperature,Cel,21,21,21,1\r\n",
        rows.getFirst().csv());
    assertEquals(List.of(), warnings);
  }

  /** Beside it means, least and largest are taken in the plainest way. */
  @Test
  void itIsCoarserWithAgeAndEachNumberIsInOneRow() throws IOException {
    int windows = 20 * 24 * 6;
    long length = 10 * MINUTE_MILLIS;
    Path file = directory.resolve("history.db");
    List<Double> values = new ArrayList<>();
    try (History history = History.open(new History.Settings(file, 64 << 20, 2, 10), warn())) {
      for (int i = 0; i < windows; i++) {
        values.add(20 + 5 * Math.sin(i / 23.0) + i % 7);
        history.accept(answer("/berlin", NOON_MILLIS + i * length, length, 17, values.get(i)));
      }
    }
    long newest = NOON_MILLIS + (windows - 1) * length;
    List<Row> rows = rows(new Selection("/berlin", "climate", "avg_temperature", 0, newest));
    assertEquals(windows, rows.stream().mapToLong(Row::count).sum(), "each in one row");
    long before = 0;
    for (Row row : rows) {
      assertTrue(row.endMillis() > before, "in order");
      before = row.endMillis();
      long age = newest - row.endMillis();
      long span = row.spanMillis();
      assertTrue(span == length ? age < 3 * DAY_MILLIS : age > DAY_MILLIS, age + " ms: " + span);
      boolean hours = span == 3_600_000;
      assertTrue(hours ? age >= 10 * DAY_MILLIS : age < 10 * DAY_MILLIS + 3_600_000, "hours");
      List<Double> in = new ArrayList<>();
      for (int i = 0; i < windows; i++) {
        long end = NOON_MILLIS + i * length;
        if (end <= row.endMillis() && end > row.endMillis() - span) {
          in.add(values.get(i));
        }
      }
      assertEquals(in.size(), row.count());
      assertEquals(in.stream().mapToDouble(v -> v).average().orElseThrow(), row.value(), 1e-9);
      assertEquals(in.stream().mapToDouble(v -> v).min().orElseThrow(), row.min());
      assertEquals(in.stream().mapToDouble(v -> v).max().orElseThrow(), row.max());
    }
  }

  @Test
  void itNeverTakesMoreRoomThanItMayAndKeepsTheNewest() throws IOException {
    int windows = 8_000;
    try (History history = open(1 << 20)) {
      for (int i = 0; i < windows; i++) {
        history.accept(answer("/berlin", NOON_MILLIS + i * MINUTE_MILLIS, MINUTE_MILLIS, 17, i));
      }
    }
    long bytes = Files.size(directory.resolve("history.db"));
    assertTrue(bytes <= (1 << 20) * 1.25, bytes + " bytes");
    List<Row> rows = rows(new Selection("", "", "avg_temperature", 0, Long.MAX_VALUE));
    assertEquals(windows - 1, rows.getLast().value());
    assertEquals(MINUTE_MILLIS, rows.getLast().spanMillis());
    assertEquals(windows, rows.stream().mapToLong(Row::count).sum(), "coarser, and none dropped");
  }

  @Test
  void aDamagedFileIsSetAsideAndANewOneBegun() throws IOException {
    try (History history = open(16 << 20)) {
      history.accept(answer("/berlin", 0, 5, 20));
    }
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve("history.db").toFile(), "rw")) {
      file.write("nonsense, and no database".getBytes(UTF_8));
    }
    try (History history = open(16 << 20)) {
      history.accept(answer("/berlin", 1, 5, 21));
    }
    assertEquals(1, warnings.size());
    assertTrue(Files.exists(directory.resolve("history.db.damaged")));
    assertEquals(21, rows(ALL).getFirst().value());
  }

  @Test
  void itIsReadWhileItIsWritten() throws IOException {
    try (History history = open(16 << 20)) {
      history.accept(answer("/berlin", 0, 5, 20));
      Eventually.until("written", () -> !unchecked().isEmpty());
      try (Reading reading = Reading.open(history.file())) {
        int series = reading.series(ALL).size();
        history.accept(answer("/potsdam", 0, 5, 20));
        Eventually.until("the second is written", () -> unchecked().size() == 2 * series);
        assertEquals(series, reading.series(ALL).size(), "as it was when reading began");
      }
    }
  }

  private List<Row> unchecked() {
    try {
      return rows(ALL);
    } catch (IOException e) {
      return List.of();
    }
  }

  private List<Row> rows(Selection of) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (Reading reading = Reading.open(directory.resolve("history.db"))) {
      reading.rows(of, rows::add);
    }
    return rows;
  }

  private History open(long bytesMax) throws IOException {
    return History.open(
        new History.Settings(directory.resolve("history.db"), bytesMax, 7, 90), warn());
  }

  private Consumer<Delivery> warn() {
    return warnings::add;
  }

  private static Delivery.Result answer(String zone, int window, int reported, double average) {
    return answer(zone, NOON_MILLIS + window * MINUTE_MILLIS, MINUTE_MILLIS, reported, average);
  }

  private static Delivery.Result answer(
      String zone, long end, long length, int reported, double average) {
    return new Delivery.Result(
        zone,
        "climate",
        end - length,
        end,
        new TreeMap<>(Map.of("avg_temperature", average)),
        new TreeMap<>(Map.of("open", new Answer.Truth(true))),
        new TreeMap<>(Map.of("avg_temperature", "Cel")),
        reported,
        18,
        0,
        reported,
        0);
  }
}
