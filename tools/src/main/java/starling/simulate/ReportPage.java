package starling.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import starling.plot.Axis;
import starling.plot.Chart;
import starling.plot.Chart.Point;
import starling.plot.Sheet;

/** What came of a scenario, as one page for a browser that needs nothing from outside. */
public final class ReportPage {
  private static final int MARKS_MAX = 8;

  /** Marks nearer than this share of the width to the one before have no word. */
  private static final double WORD_WIDTH = 0.1;

  /** Above the highest value there is room for a legend. */
  private static final double HEADROOM = 1.3;

  private static final int SHOWN_MAX = 50;

  private final Outcome outcome;
  private final double seconds;

  public ReportPage(Outcome outcome) {
    this.outcome = outcome;
    this.seconds = Math.max(outcome.simulatedSeconds(), 1);
  }

  /** The page. */
  public String html() {
    String name = escaped(outcome.scenario().name());
    StringBuilder page = new StringBuilder();
    page.append(
            """
            <!doctype html><html lang="en"><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>
            body { font: 15px/1.45 sans-serif; color: #222; max-width: 1160px; margin: 1.5em auto; padding: 0 1em }
            svg { max-width: 100%; height: auto }
            table { border-collapse: collapse } td { padding: .15em 1.2em .15em 0; vertical-align: top }
            td:last-child { font-variant-numeric: tabular-nums }
            pre { background: #f5f5f5; padding: .8em; overflow: auto }
            .good { color: #00704f } .bad { color: #b03a00 }
            </style>
            """)
        .append("<title>")
        .append(name)
        .append("</title><h1>")
        .append(name)
        .append("</h1>\n");
    verdict(page);
    charts(page);
    page.append("<h2>Numbers</h2><table>");
    for (Map.Entry<String, Object> entry : outcome.row().entrySet()) {
      String key = entry.getKey().replace('_', ' ');
      String value = escaped(String.valueOf(entry.getValue()));
      page.append("<tr><td>").append(key).append("<td>").append(value).append("\n");
    }
    page.append("</table><h2>Scenario</h2><pre>");
    page.append(escaped(outcome.scenario().text())).append("</pre></html>\n");
    return page.toString();
  }

  private void verdict(StringBuilder page) {
    if (outcome.passed()) {
      page.append("<p class=\"good\">Nothing forbidden happened in ")
          .append(outcome.results())
          .append(" results, and everything expected came.\n");
      return;
    }
    page.append("<p class=\"bad\">Failed. ").append(escaped(outcome.replay())).append("<ul>");
    List<String> wrong = new ArrayList<>(outcome.unmet());
    outcome.violations().forEach(violation -> wrong.add(violation.toString()));
    wrong.stream()
        .limit(SHOWN_MAX)
        .forEach(one -> page.append("<li>").append(escaped(one)).append('\n'));
    page.append("</ul>");
  }

  private void charts(StringBuilder page) {
    List<Outcome.Sample> samples = outcome.samples();
    List<Chart> charts = new ArrayList<>();
    Chart coverage =
        over("Coverage", "share of the root zone", 1)
            .line("reported", points(samples, Outcome.Sample::seconds, Outcome.Sample::coverage));
    marks(coverage);
    charts.add(coverage);
    double oldest = most(samples, Outcome.Sample::stalenessSeconds);
    charts.add(
        over("Staleness", "s since the newest root result's window", oldest)
            .line(
                "newest result",
                points(samples, Outcome.Sample::seconds, Outcome.Sample::stalenessSeconds)));
    List<Outcome.Sent> sent = outcome.minutes();
    if (!sent.isEmpty()) {
      double most = most(sent, one -> one.mostBytes() / 1000.0);
      charts.add(
          over("Sent", "kB a minute", most)
              .line(
                  "mean of all nodes",
                  points(sent, Outcome.Sent::seconds, one -> one.meanBytes() / 1000))
              .line(
                  "largest node",
                  points(sent, Outcome.Sent::seconds, one -> one.mostBytes() / 1000.0)));
    }
    List<Outcome.Convergence> convergence = outcome.convergence();
    if (!convergence.isEmpty()) {
      double longest = most(convergence, c -> Math.max(c.predictedSeconds(), c.observedSeconds()));
      charts.add(
          over("Until the root is complete", "s after a window's end", longest)
              .line(
                  "observed",
                  points(
                      convergence,
                      Outcome.Convergence::seconds,
                      Outcome.Convergence::observedSeconds))
              .line(
                  "predicted",
                  points(
                      convergence,
                      Outcome.Convergence::seconds,
                      Outcome.Convergence::predictedSeconds)));
    }
    double alive = most(samples, sample -> (double) sample.alive());
    charts.add(
        over("Nodes that run", "nodes", alive)
            .line("alive", points(samples, Outcome.Sample::seconds, s -> (double) s.alive())));
    double flaps = most(samples, sample -> (double) sample.flaps());
    charts.add(
        over("Called suspect or gone", "times a window, all nodes", flaps)
            .line("flaps", points(samples, Outcome.Sample::seconds, s -> (double) s.flaps())));
    for (int i = 0; i < charts.size(); i += 2) {
      String title = i == 0 ? "What a gateway sees" : i == 2 ? "What it costs" : "Who is there";
      page.append(new Sheet(title, "", charts.subList(i, Math.min(i + 2, charts.size()))).svg());
    }
  }

  private Chart over(String title, String what, double to) {
    return new Chart(
        title,
        Axis.linear("s since the start", 0, seconds),
        Axis.linear(what, 0, to > 0 ? to * HEADROOM : 1));
  }

  private void marks(Chart chart) {
    double last = Double.NEGATIVE_INFINITY;
    for (Scenario.Event event : outcome.scenario().events().stream().limit(MARKS_MAX).toList()) {
      double at = event.atNanos() / 1e9;
      boolean room = at - last > WORD_WIDTH * seconds;
      String what = event.what();
      String verb = what.startsWith("end of") ? "end" : what.replaceFirst(" .*", "");
      chart.across(room ? verb : "", at);
      last = room ? at : last;
    }
  }

  /** What there is of a series: never empty, so that there is something to draw. */
  private static <T> List<Point> points(
      List<T> from, ToDoubleFunction<T> x, ToDoubleFunction<T> y) {
    List<Point> points = new ArrayList<>();
    for (T one : from) {
      if (y.applyAsDouble(one) >= 0) {
        points.add(new Point(x.applyAsDouble(one), y.applyAsDouble(one)));
      }
    }
    return points.isEmpty() ? List.of(new Point(0, 0)) : points;
  }

  private static <T> double most(List<T> from, ToDoubleFunction<T> y) {
    return from.stream().mapToDouble(y).max().orElse(0);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
