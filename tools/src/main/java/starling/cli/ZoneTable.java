package starling.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Rows of zones, or of a cell's nodes, for a person: a table for each query. */
final class ZoneTable {
  private static final String NOTHING = "-";
  private static final String GAP = "  ";

  /** Units that say nothing to a person. */
  private static final Set<String> PLAIN = Set.of("", "1");

  private ZoneTable() {}

  /** All that a zone's rows say, line by line. */
  static List<String> of(List<JsonObject> rows) {
    Map<String, List<JsonObject>> tables = new LinkedHashMap<>();
    rows.forEach(row -> tables.computeIfAbsent(title(row), _ -> new ArrayList<>()).add(row));
    List<String> lines = new ArrayList<>();
    tables.forEach((title, table) -> {
      lines.add((lines.isEmpty() ? "" : System.lineSeparator()) + title);
      lines.addAll(table(table));
    });
    return lines;
  }

  private static String title(JsonObject row) {
    if (row.has("zone")) {
      JsonObject window = row.getAsJsonObject("window");
      return row.get("query").getAsString()
          + ", the window from "
          + window.get("start").getAsString()
          + " to "
          + window.get("end").getAsString();
    }
    return "nodes, the window that ended " + row.get("window_end").getAsString();
  }

  private static List<String> table(List<JsonObject> rows) {
    Map<String, String> units = new TreeMap<>();
    for (JsonObject row : rows) {
      row.getAsJsonObject("values").keySet().forEach(column -> units.putIfAbsent(column, ""));
      row.getAsJsonObject("units")
          .entrySet()
          .forEach(unit -> units.put(unit.getKey(), unit.getValue().getAsString()));
    }
    boolean zones = rows.getFirst().has("zone");
    List<List<String>> cells = new ArrayList<>();
    List<String> head =
        new ArrayList<>(zones ? List.of("zone", "reported", "age") : List.of("node", "in it"));
    units.forEach((column, unit) -> head.add(PLAIN.contains(unit) ? column : column + " " + unit));
    cells.add(head);
    rows.forEach(row -> cells.add(cells(row, zones, units)));
    return aligned(cells);
  }

  private static List<String> cells(JsonObject row, boolean zones, Map<String, String> units) {
    List<String> cells = new ArrayList<>();
    cells.add(row.get(zones ? "zone" : "node").getAsString());
    if (zones) {
      JsonObject coverage = row.getAsJsonObject("coverage");
      int reported = coverage.get("reported").getAsInt();
      cells.add(reported + "/" + coverage.get("expected").getAsInt());
      cells.add(reported == 0 ? NOTHING : row.get("oldest_s").getAsString() + " s");
    } else if (row.get("contributed").getAsBoolean()) {
      cells.add("yes");
    } else {
      cells.add(row.has("time") ? "no, last in " + row.get("time").getAsString() : "no");
    }
    JsonObject values = row.getAsJsonObject("values");
    for (String column : units.keySet()) {
      JsonElement value = values.get(column);
      cells.add(value == null ? NOTHING : value.toString());
    }
    return cells;
  }

  /** The first column to the left, all others to the right. */
  private static List<String> aligned(List<List<String>> cells) {
    int[] widths = new int[cells.getFirst().size()];
    for (List<String> row : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : cells) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String pad = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? row.get(i) + pad : GAP + pad + row.get(i));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
