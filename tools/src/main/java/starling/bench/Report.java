package starling.bench;

import com.google.gson.Gson;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Rows of results as people and programs want them. */
public enum Report {
  /** Columns for people. */
  TABLE {
    @Override
    public void print(List<Map<String, Object>> rows, PrintWriter to) {
      List<List<String>> lines = new ArrayList<>();
      List<String> columns = List.copyOf(columns(rows));
      lines.add(columns);
      rows.forEach(row -> lines.add(cells(row, columns)));
      int[] widths = new int[columns.size()];
      for (List<String> line : lines) {
        for (int i = 0; i < widths.length; i++) {
          widths[i] = Math.max(widths[i], line.get(i).length());
        }
      }
      for (List<String> line : lines) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
          boolean number = i > 0 && rows.getFirst().get(columns.get(i)) instanceof Number;
          String gap = " ".repeat(widths[i] - line.get(i).length());
          text.append(number ? gap + line.get(i) : line.get(i) + gap).append("  ");
        }
        to.println(text.toString().stripTrailing());
      }
    }

    @Override
    Set<String> columns(List<Map<String, Object>> rows) {
      Set<String> columns = super.columns(rows);
      columns.remove("bench");
      return columns;
    }
  },

  /** Comma-separated, with a line of names. */
  CSV {
    @Override
    public void print(List<Map<String, Object>> rows, PrintWriter to) {
      List<String> columns = List.copyOf(columns(rows));
      to.println(String.join(",", columns));
      rows.forEach(row -> to.println(String.join(",", cells(row, columns))));
    }
  },

  /** One JSON object a line. */
  JSON {
    @Override
    public void print(List<Map<String, Object>> rows, PrintWriter to) {
      rows.forEach(row -> to.println(new Gson().toJson(row)));
    }
  };

  private static final MathContext DIGITS = new MathContext(4);

  /** Prints rows of named values: texts without commas, and numbers. */
  public abstract void print(List<Map<String, Object>> rows, PrintWriter to);

  /**
   * A record's components as named values: {@code stalenessP95S} is called {@code staleness_p95_s}.
   * Numbers have four digits that count.
   */
  public static Map<String, Object> named(Record row) {
    Map<String, Object> named = new LinkedHashMap<>();
    for (RecordComponent component : row.getClass().getRecordComponents()) {
      Object value = value(row, component);
      String name =
          component.getName().replaceAll("(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Z])", "_");
      named.put(name.toLowerCase(Locale.ROOT), value instanceof Double d ? shortened(d) : value);
    }
    return named;
  }

  private static Object value(Record row, RecordComponent component) {
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(row);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("a record that can't be read: " + component, e);
    }
  }

  private static double shortened(double value) {
    return Double.isFinite(value) ? new BigDecimal(value).round(DIGITS).doubleValue() : value;
  }

  /** All names, in the order in which they first appear. */
  Set<String> columns(List<Map<String, Object>> rows) {
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> columns.addAll(row.keySet()));
    return columns;
  }

  private static List<String> cells(Map<String, Object> row, List<String> columns) {
    return columns.stream()
        .map(column -> String.valueOf(row.getOrDefault(column, "")))
        .collect(Collectors.toList());
  }
}
