package starling.demo;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One published result against a direct fold over the recording. A complete window must equal the
 * fold over all stations of its zone, within the channel's resolution; an incomplete one must lie
 * within what those stations could have said, as nobody outside knows which of them it covers.
 *
 * <p>Quantiles are compared as values: a site has more bins for them than this one has stations.
 *
 * <p>Host readings (load, memory) are of the moment: there is no recording to compare with.
 */
final class Comparison {
  private static final String CHANNEL = Site.WEATHER.name();
  private static final List<String> WITHIN_EXTREMES = List.of("avg", "min", "max", "p95");

  private final Site site;
  private final Recorded recorded;

  Comparison(Site site, Recorded recorded) {
    this.site = site;
    this.recorded = recorded;
  }

  void compare(Heard.Aggregate aggregate, Findings findings) {
    List<Site.Node> nodes = site.nodesOf(aggregate.zone());
    if (aggregate.expected() != nodes.size() || aggregate.reported() > nodes.size()) {
      findings.problem(
          aggregate,
          "covers %d of %d, but the zone has %d stations"
              .formatted(aggregate.reported(), aggregate.expected(), nodes.size()));
      return;
    }
    findings.window(aggregate);
    if (aggregate.reported() == 0) {
      return;
    }
    equal(aggregate, "count", aggregate.reported(), 0, findings);
    Fold fold = fold(nodes, aggregate.endMillis());
    if (aggregate.isComplete()) {
      fold.columns(CHANNEL)
          .forEach((column, value) ->
              equal(aggregate, column, value, Site.WEATHER.resolution(), findings));
    } else if (!fold.isEmpty()) {
      WITHIN_EXTREMES.forEach(
          statistic -> bounded(aggregate, statistic + "_" + CHANNEL, fold, findings));
    }
  }

  private static void equal(
      Heard.Aggregate aggregate,
      String column,
      double expected,
      double tolerance,
      Findings findings) {
    Double published = aggregate.values().get(column);
    if (published == null) {
      findings.problem(aggregate, column + " is missing");
      return;
    }
    double error = Math.abs(published - expected);
    findings.value(error);
    if (error > tolerance) {
      findings.problem(aggregate, column + " is " + published + ", not " + expected);
    }
  }

  private static void bounded(
      Heard.Aggregate aggregate, String column, Fold fold, Findings findings) {
    Double published = aggregate.values().get(column);
    double tolerance = Site.WEATHER.resolution();
    if (published != null
        && (published < fold.smallest() - tolerance || published > fold.largest() + tolerance)) {
      findings.problem(
          aggregate,
          "%s is %s, but all stations measured %s to %s"
              .formatted(column, published, fold.smallest(), fold.largest()));
    }
  }

  private Fold fold(List<Site.Node> nodes, long windowEndMillis) {
    return new Fold(
        nodes.stream()
            .map(node -> recorded.airTemperature(node.station(), windowEndMillis))
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .toArray());
  }
}
