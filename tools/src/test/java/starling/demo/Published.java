package starling.demo;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Results as a gateway would publish them. */
final class Published {
  private static final Site SITE = Site.berlin();

  private Published() {}

  /** The fold over all stations of the zone. */
  static Heard.Aggregate complete(String zone, long endMillis, Recorded recorded) {
    double[] values =
        SITE.nodesOf(zone).stream()
            .mapToDouble(node -> recorded.airTemperature(node.station(), endMillis).orElseThrow())
            .toArray();
    Map<String, Double> columns = new TreeMap<>(new Fold(values).columns("air_temperature"));
    columns.put("count", (double) values.length);
    return aggregate(zone, endMillis, values.length, columns);
  }

  static Heard.Aggregate aggregate(
      String zone, long endMillis, int reported, Map<String, Double> values) {
    return new Heard.Aggregate(
        new Reader("berlin").topicOf(zone, "climate"),
        zone,
        "climate",
        endMillis - 4_000,
        endMillis,
        new TreeMap<>(values),
        reported,
        SITE.nodesOf(zone).size(),
        3.5,
        reported,
        payload(zone, endMillis, reported, values));
  }

  static JsonObject payload(String zone, long endMillis, int reported, Map<String, Double> values) {
    JsonObject window = new JsonObject();
    window.addProperty("start", Instant.ofEpochMilli(endMillis - 4_000).toString());
    window.addProperty("end", Instant.ofEpochMilli(endMillis).toString());
    JsonObject numbers = new JsonObject();
    values.forEach(numbers::addProperty);
    JsonObject coverage = new JsonObject();
    coverage.addProperty("reported", reported);
    coverage.addProperty("expected", SITE.nodesOf(zone).size());
    JsonObject payload = new JsonObject();
    payload.addProperty("v", 1);
    payload.addProperty("zone", zone);
    payload.addProperty("query", "climate");
    payload.add("window", window);
    payload.addProperty("ts", endMillis);
    payload.add("values", numbers);
    payload.add("coverage", coverage);
    payload.addProperty("oldest_s", 3.5);
    payload.addProperty("revision", reported);
    return payload;
  }
}
