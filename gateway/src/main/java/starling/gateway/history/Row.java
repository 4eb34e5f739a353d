package starling.gateway.history;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;

/**
 * One number of the history.
 *
 * @param series what it is of
 * @param endMillis the end of the time that it stands for, Unix time
 * @param spanMillis that time's length; 0 for a node's reading
 * @param count of how many windows or readings it is the mean
 * @param value it
 * @param min the least of them
 * @param max the largest
 */
public record Row(
    Series series,
    long endMillis,
    long spanMillis,
    long count,
    double value,
    double min,
    double max) {
  private static final MathContext DIGITS = new MathContext(15, RoundingMode.HALF_EVEN);
  private static final int DECIMALS_MAX = 9;

  /**
   * What has a number for each time.
   *
   * @param id its number in the file
   * @param path a zone's or a node's
   * @param query empty for a node's readings
   * @param name a column's or channel's
   * @param unit UCUM code
   */
  public record Series(long id, String path, String query, String name, String unit) {}

  /** The header of {@link #csv}. */
  public static final String CSV_HEADER =
      "time,ts,span_s,path,query,name,unit,value,min,max,count\r\n";

  /** A line of RFC 4180. Only units can have what needs quotes. */
  public String csv() {
    String unit = series.unit();
    String quoted = unit.matches("[^\",\r\n]*") ? unit : "\"" + unit.replace("\"", "\"\"") + "\"";
    return String.join(
            ",",
            Instant.ofEpochMilli(endMillis).toString(),
            Long.toString(endMillis),
            number(spanMillis / 1000.0),
            series.path(),
            series.query(),
            series.name(),
            quoted,
            number(value),
            number(min),
            number(max),
            Long.toString(count))
        + "\r\n";
  }

  /** An object that says all. Only units can have what needs escapes. */
  public String object() {
    String query = series.query().isEmpty() ? "" : ",\"query\":\"" + series.query() + "\"";
    String unit = series.unit().replace("\\", "\\\\").replace("\"", "\\\"");
    return "{\"v\":1,\"path\":\""
        + series.path()
        + "\""
        + query
        + ",\"name\":\""
        + series.name()
        + "\",\"unit\":\""
        + unit
        + "\","
        + json().substring(1);
  }

  /** An object without what all of a series share; one that stands for itself has no extremes. */
  public String json() {
    String several =
        count == 1
            ? ""
            : ",\"min\":" + number(min) + ",\"max\":" + number(max) + ",\"count\":" + count;
    return "{\"ts\":"
        + endMillis
        + ",\"span_s\":"
        + number(spanMillis / 1000.0)
        + ",\"value\":"
        + number(value)
        + several
        + "}";
  }

  /** The shortest plain spelling, as in what is published. */
  public static String number(double value) {
    return new BigDecimal(value)
        .round(DIGITS)
        .setScale(DECIMALS_MAX, RoundingMode.HALF_EVEN)
        .stripTrailingZeros()
        .toPlainString();
  }
}
