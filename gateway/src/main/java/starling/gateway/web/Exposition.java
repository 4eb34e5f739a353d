package starling.gateway.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Metrics in Prometheus's text format 0.0.4: families together, each with its help and type. */
final class Exposition {
  /** What is sent as {@code Content-Type}. */
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Map<String, StringBuilder> families = new TreeMap<>();

  /** A value that goes up and down. */
  Exposition gauge(String name, String help, Map<String, String> labels, double value) {
    return add(name, "gauge", help, labels, value);
  }

  /** The same without labels. */
  Exposition gauge(String name, String help, double value) {
    return gauge(name, help, Map.of(), value);
  }

  /** A whole number without labels; of more than 2^53 the last digits are lost. */
  Exposition gauge(String name, String help, long value) {
    return gauge(name, help, Map.of(), (double) value);
  }

  /** A number that only grows; its name ends with {@code _total}. */
  Exposition counter(String name, String help, long value) {
    return add(name, "counter", help, Map.of(), (double) value);
  }

  private Exposition add(
      String name, String type, String help, Map<String, String> labels, double value) {
    StringBuilder family =
        families.computeIfAbsent(
            name,
            _ ->
                new StringBuilder("# HELP ")
                    .append(name)
                    .append(' ')
                    .append(help)
                    .append("\n# TYPE ")
                    .append(name)
                    .append(' ')
                    .append(type)
                    .append('\n'));
    family.append(name);
    char before = '{';
    for (Map.Entry<String, String> label : labels.entrySet()) {
      family.append(before).append(label.getKey()).append("=\"");
      family.append(escaped(label.getValue())).append('"');
      before = ',';
    }
    family.append(labels.isEmpty() ? " " : "} ").append(number(value)).append('\n');
    return this;
  }

  /** Labels in this order: name, value, name, value. */
  static Map<String, String> labels(String... namesAndValues) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      labels.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return labels;
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  @Override
  public String toString() {
    return String.join("", families.values());
  }
}
