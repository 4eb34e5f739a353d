package starling.bench;

import com.google.gson.Gson;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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

  /** Prints rows of named values: texts without commas, and numbers. */
  public abstract void print(List<Map<String, Object>> rows, PrintWriter to);

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
