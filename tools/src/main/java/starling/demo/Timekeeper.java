package starling.demo;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** How long zones took to become complete, beside how long they should have. */
final class Timekeeper {
  private final Site site;
  private final Prediction prediction;
  private final Installation installation;
  private final long startMillis;
  private final Map<String, Long> upMillis = new HashMap<>();
  private final Set<String> firsts = new HashSet<>();
  private final Map<String, Long> timedMillis = new HashMap<>();

  Timekeeper(Site site, Prediction prediction, Installation installation, long startMillis) {
    this.site = site;
    this.prediction = prediction;
    this.installation = installation;
    this.startMillis = startMillis;
  }

  /** What is predicted for any zone. */
  Prediction prediction() {
    return prediction;
  }

  /** Takes a result; answers if it is its window's first complete one, and so how long it took. */
  Optional<Heard.Timing> timing(Heard.Aggregate result, long nowMillis) {
    String zone = result.zone();
    if (!result.isComplete() || timedMillis.getOrDefault(zone, 0L) >= result.endMillis()) {
      return Optional.empty();
    }
    timedMillis.put(zone, result.endMillis());
    return Optional.of(
        new Heard.Timing(
            zone, result.endMillis(), prediction.millis(zone), nowMillis - result.endMillis()));
  }

  /** Takes a result; answers if it is its zone's first complete one. */
  Optional<First> first(Heard.Aggregate result, long nowMillis) {
    String zone = result.zone();
    if (!result.isComplete() || !site.zones().contains(zone) || !firsts.add(zone)) {
      return Optional.empty();
    }
    List<Site.Node> nodes = site.nodesOf(zone);
    nodes.forEach(this::look);
    List<Long> up =
        nodes.stream()
            .map(Site.Node::path)
            .filter(upMillis::containsKey)
            .map(upMillis::get)
            .toList();
    double predicted = up.size() < nodes.size() ? -1 : since(prediction.firstMillis(zone, up));
    return Optional.of(new First(zone, since(nowMillis), predicted));
  }

  private void look(Site.Node node) {
    if (!upMillis.containsKey(node.path())) {
      OptionalLong since = installation.upMillis(node);
      if (since.isPresent()) {
        upMillis.put(node.path(), since.getAsLong());
      }
    }
  }

  private double since(long millis) {
    return (millis - startMillis) / 1000.0;
  }

  /**
   * A zone's first complete result.
   *
   * @param seconds from the start of the demo
   * @param predictedSeconds likewise; negative if not known
   */
  record First(String zone, double seconds, double predictedSeconds) {}
}
