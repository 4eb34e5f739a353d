package starling.forecast;

import java.util.ArrayList;
import java.util.List;
import starling.link.LinkProfile;
import starling.plot.Axis;
import starling.plot.Chart;
import starling.plot.Chart.Point;
import starling.plot.Sheet;
import starling.predict.Cell;
import starling.predict.Field;
import starling.predict.Gossip;
import starling.predict.RadioCell;
import starling.predict.Rounds;

/** A forecast as plots: how news spreads, and what each EVERY costs. */
public final class Picture {
  private static final double[] LOSSES = {0, 0.1, 0.2, 0.3, 0.4};
  private static final int STEPS = 60;
  private static final double RANGE = 8;

  private final Forecast forecast;
  private final Field field;

  private Picture(Forecast forecast) {
    this.forecast = forecast;
    field = forecast.field();
  }

  /** Both plots on one sheet. */
  public static Sheet of(Forecast forecast) {
    Picture picture = new Picture(forecast);
    List<String> head = forecast.lines().subList(0, 2);
    return new Sheet(
        head.getFirst(),
        head.getLast(),
        List.of(forecast.gossips() ? picture.spread() : picture.delivery(), picture.cost()));
  }

  private Chart spread() {
    int last =
        forecast.shapes().values().stream()
            .mapToInt(spread -> spread.all().quantile(0.999))
            .max()
            .orElse(1);
    Chart chart =
        new Chart(
            "How one change spreads",
            Axis.linear("synchronous rounds", 0, Math.max(1, last)),
            Axis.linear("probability", 0, 1));
    forecast
        .shapes()
        .forEach((shape, spread) -> {
          chart.line(shape + ": a member knows", curve(spread.member(), last));
          chart.line(shape + ": all know", curve(spread.all(), last));
        });
    return chart;
  }

  private static List<Point> curve(Rounds rounds, int last) {
    List<Point> points = new ArrayList<>();
    for (int round = 0; round <= last; round++) {
      points.add(new Point(round, rounds.by(round)));
    }
    return points;
  }

  private Chart delivery() {
    long window = forecast.windowMillis();
    List<List<Point>> curves = new ArrayList<>();
    double latest = window / 1000.0;
    for (double loss : LOSSES) {
      List<Point> points = arrivals(loss, window);
      latest = Math.max(latest, points.getLast().x());
      curves.add(points);
    }
    Chart chart =
        new Chart(
            "How a representative comes to have its cell's window",
            Axis.linear("seconds since the window's end", 0, latest),
            Axis.linear("share of contributions", 0, 1));
    for (int i = 0; i < LOSSES.length; i++) {
      chart.line(Forecast.percent(LOSSES[i]) + " of frames lost", curves.get(i));
    }
    return chart;
  }

  /** Slots go by evenly; then requests bring what is missing, at growing gaps. */
  private List<Point> arrivals(double loss, long window) {
    List<Point> points = new ArrayList<>();
    points.add(new Point(0, 0));
    if (cell(loss) instanceof RadioCell radio) {
      for (RadioCell.Arrival arrival : radio.delivery(window)) {
        points.add(new Point(arrival.millis() / 1000.0, arrival.share()));
      }
    }
    return points;
  }

  private Cell cell(double loss) {
    Cell cell = field.cell();
    int above = field.tree().depth() - 1;
    return Cell.on(field.medium(), cell.members(), field.channels(), loss, above);
  }

  private Chart cost() {
    LinkProfile medium = field.medium();
    double shortest = field.shortest().millis() / 1000.0;
    double from = Math.min(shortest, forecast.everyMillis() / 1000.0) / RANGE;
    double to = Math.max(shortest, forecast.everyMillis() / 1000.0) * RANGE;
    double least = percent(cell(0).use(Math.round(to * 1000)));
    double most = Math.max(100, percent(medium.channelTarget()) * 2);
    Chart chart =
        new Chart(
            "What EVERY costs a cell of " + field.cell().members(),
            Axis.logarithmic("EVERY, seconds", from, to),
            Axis.logarithmic("share of the channel, %", least, most));
    for (double loss : forecast.gossips() ? new double[] {gossip().loss()} : LOSSES) {
      Cell cell = cell(loss);
      List<Point> points = new ArrayList<>();
      for (int i = 0; i <= STEPS; i++) {
        double every = from * Math.pow(to / from, (double) i / STEPS);
        double use = percent(cell.use(Math.max(1, Math.round(every * 1000))));
        if (use <= most) {
          points.add(new Point(every, use));
        }
      }
      chart.line(Forecast.percent(loss) + " of frames lost", points);
    }
    return chart
        .along("the channel's target", percent(medium.channelTarget()))
        .across("shortest " + Forecast.seconds(field.shortest().millis()), shortest);
  }

  private Gossip gossip() {
    return field.tree().gossip();
  }

  private static double percent(double share) {
    return share * 100;
  }
}
