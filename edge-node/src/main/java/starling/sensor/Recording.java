package starling.sensor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Recorded readings of one quantity at several stations. A CSV file: a header {@code
 * time_utc,station,station,...}, then a row for each time, growing, as RFC 3339 with or without
 * seconds; a cell without a value is empty. Immutable.
 */
public final class Recording {
  /** The largest file, in bytes. */
  public static final long FILE_BYTES_MAX = 1 << 24;

  private static final String TIME = "time_utc";
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}(\\.\\d{1,15})?");

  private final List<String> stations;
  private final long firstMillis;

  /** Since the first row, growing. */
  private final long[] offsetsMillis;

  /** How long until the first row comes again. */
  private final long periodMillis;

  /** By row, then station; NaN where there is none. */
  private final double[][] values;

  private Recording(List<String> stations, long[] timesMillis, double[][] values) {
    this.stations = stations;
    this.firstMillis = timesMillis[0];
    this.offsetsMillis = Arrays.stream(timesMillis).map(time -> time - timesMillis[0]).toArray();
    this.values = values;
    int last = timesMillis.length - 1;
    // The last row lasts as long as the one before it.
    this.periodMillis = last == 0 ? 1 : 2 * offsetsMillis[last] - offsetsMillis[last - 1];
  }

  /**
   * Reads a file.
   *
   * @throws IOException it is not there, too large or no recording; the message names file, line
   *     and what is wrong with it
   */
  public static Recording read(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException("there is no readable recording " + file);
    }
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new IOException(file + " has more than " + FILE_BYTES_MAX + " bytes; cut it");
    }
    try (BufferedReader in = Files.newBufferedReader(file)) {
      return parse(in.lines().toList());
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ", " + e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw new IOException(file + " is not UTF-8 text", e);
    }
  }

  private static Recording parse(List<String> lines) {
    List<String> header = lines.isEmpty() ? List.of() : List.of(lines.getFirst().split(",", -1));
    if (header.size() < 2 || !header.getFirst().equals(TIME)) {
      throw new IllegalArgumentException("line 1: expected " + TIME + ",station,...");
    }
    List<String> stations = header.subList(1, header.size());
    if (stations.stream().distinct().count() != stations.size() || stations.contains("")) {
      throw new IllegalArgumentException("line 1: stations need different names");
    }
    int rows = lines.size() - 1;
    if (rows == 0) {
      throw new IllegalArgumentException("line 2: expected a row");
    }
    long[] times = new long[rows];
    double[][] values = new double[rows][];
    for (int row = 0; row < rows; row++) {
      String[] cells = lines.get(row + 1).split(",", -1);
      try {
        times[row] = time(cells[0]);
        values[row] = values(cells, stations.size());
        if (row > 0 && times[row] <= times[row - 1]) {
          throw new IllegalArgumentException("times must grow");
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line " + (row + 2) + ": " + e.getMessage(), e);
      }
    }
    return new Recording(stations, times, values);
  }

  /** RFC 3339 in Unix milliseconds; seconds may be left out. */
  static long time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "expected a time such as 2019-06-03T00:00Z, not '" + text + "'", e);
    }
  }

  private static double[] values(String[] cells, int stations) {
    if (cells.length != stations + 1) {
      throw new IllegalArgumentException(
          "expected " + (stations + 1) + " cells, not " + cells.length);
    }
    double[] values = new double[stations];
    for (int i = 0; i < stations; i++) {
      String cell = cells[i + 1];
      if (!cell.isEmpty() && !NUMBER.matcher(cell).matches()) {
        throw new IllegalArgumentException("expected a number, not '" + cell + "'");
      }
      values[i] = cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
    }
    return values;
  }

  /** The stations' names, in the file's order. */
  public List<String> stations() {
    return stations;
  }

  /** How many rows there are. */
  public int rows() {
    return values.length;
  }

  /** A row's time in Unix milliseconds. */
  public long timeMillis(int row) {
    return firstMillis + offsetsMillis[row];
  }

  /** What a row has of a station, by its place among them. */
  public OptionalDouble value(int row, int station) {
    double value = values[row][station];
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /**
   * What a station says when the recording is replayed: the value of the last row that became valid
   * before {@code atMillis}. A pure function, so whoever has the file can say what a node that
   * replays it must have read. After its end the recording begins again; before its start it is
   * silent.
   *
   * @param atMillis network time, Unix milliseconds
   * @param startMillis the network time at which the first row becomes valid
   * @param speed recorded seconds in a second of network time, above 0
   * @return empty before the start, or where the row has no value
   * @throws IllegalArgumentException there is no such station
   */
  public OptionalDouble valueAt(String station, long atMillis, long startMillis, double speed) {
    int column = stations.indexOf(station);
    if (column < 0) {
      throw new IllegalArgumentException(
          "there is no station '" + station + "'; there are " + String.join(", ", stations));
    }
    if (atMillis <= startMillis) {
      return OptionalDouble.empty();
    }
    double elapsedMillis = (atMillis - startMillis) * speed % periodMillis;
    // Exactly at the end of a round the last row of that round is still the last one before.
    double value = values[rowBefore(elapsedMillis == 0 ? periodMillis : elapsedMillis)][column];
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private int rowBefore(double elapsedMillis) {
    int place = Arrays.binarySearch(offsetsMillis, (long) Math.ceil(elapsedMillis));
    return (place >= 0 ? place : -place - 1) - 1;
  }
}
