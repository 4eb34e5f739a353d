package starling.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines over two axes. */
public final class Chart {
  static final int WIDTH = 560;
  static final int HEIGHT = 380;

  /** Told apart also by readers who don't tell red from green (Okabe and Ito 2008). */
  private static final List<String> COLOURS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9");

  private static final int LEFT = 64;
  private static final int TOP = 40;
  private static final int PLOT_WIDTH = WIDTH - LEFT - 20;
  private static final int PLOT_HEIGHT = HEIGHT - TOP - 56;

  private static final int LEGEND_WIDTH = 180;
  private static final int LEGEND_STEP = 18;

  private final String title;
  private final Axis x;
  private final Axis y;
  private final List<Line> lines = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();

  public Chart(String title, Axis x, Axis y) {
    this.title = title;
    this.x = x;
    this.y = y;
  }

  /** A value of a line. */
  public record Point(double x, double y) {}

  private record Line(String name, List<Point> points) {}

  private record Mark(String name, boolean vertical, double at) {}

  /** Adds a line. */
  public Chart line(String name, List<Point> points) {
    lines.add(new Line(name, List.copyOf(points)));
    return this;
  }

  /** Adds a dashed line across at one value of the horizontal axis. */
  public Chart across(String name, double atX) {
    marks.add(new Mark(name, true, atX));
    return this;
  }

  /** Adds a dashed line along at one value of the vertical axis. */
  public Chart along(String name, double atY) {
    marks.add(new Mark(name, false, atY));
    return this;
  }

  /** The chart as an SVG group, {@link #WIDTH} by {@link #HEIGHT}, from the origin. */
  String group() {
    StringBuilder svg = new StringBuilder("<g>");
    svg.append(text(LEFT, 22, "start", 15, "#222", title));
    grid(svg);
    marks.forEach(mark -> draw(svg, mark));
    for (int i = 0; i < lines.size(); i++) {
      draw(svg, lines.get(i), COLOURS.get(i % COLOURS.size()));
    }
    legend(svg);
    return svg.append("</g>").toString();
  }

  private void grid(StringBuilder svg) {
    int bottom = TOP + PLOT_HEIGHT;
    for (double tick : x.ticks()) {
      svg.append(stroke(h(tick), TOP, h(tick), bottom, "#e4e4e4", ""));
      svg.append(text(h(tick), bottom + 18, "middle", 12, "#444", Axis.text(tick)));
    }
    for (double tick : y.ticks()) {
      svg.append(stroke(LEFT, v(tick), LEFT + PLOT_WIDTH, v(tick), "#e4e4e4", ""));
      svg.append(text(LEFT - 6, v(tick) + 4, "end", 12, "#444", Axis.text(tick)));
    }
    svg.append(stroke(LEFT, bottom, LEFT + PLOT_WIDTH, bottom, "#444", ""));
    svg.append(stroke(LEFT, TOP, LEFT, bottom, "#444", ""));
    svg.append(text(LEFT + PLOT_WIDTH / 2.0, bottom + 42, "middle", 13, "#222", x.label()));
    double middle = TOP + PLOT_HEIGHT / 2.0;
    svg.append("<g transform=\"rotate(-90 16 %s)\">".formatted(number(middle)));
    svg.append(text(16, middle, "middle", 13, "#222", y.label())).append("</g>");
  }

  private void draw(StringBuilder svg, Mark mark) {
    int right = LEFT + PLOT_WIDTH;
    if (mark.vertical) {
      double at = h(mark.at);
      boolean late = x.place(mark.at) > 0.7;
      svg.append(stroke(at, TOP, at, TOP + PLOT_HEIGHT, "#888", "6 4"));
      svg.append(
          text(at + (late ? -5 : 5), TOP + 12, late ? "end" : "start", 12, "#444", mark.name));
    } else {
      svg.append(stroke(LEFT, v(mark.at), right, v(mark.at), "#888", "6 4"));
      svg.append(text(LEFT + 6, v(mark.at) - 5, "start", 12, "#444", mark.name));
    }
  }

  private void draw(StringBuilder svg, Line line, String colour) {
    svg.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"").append(colour);
    svg.append("\" points=\"");
    for (Point point : line.points) {
      svg.append(number(h(point.x))).append(',').append(number(v(point.y))).append(' ');
    }
    svg.append("\"/>");
  }

  /** Where lines leave most room: below right if they rise, above right if they fall. */
  private void legend(StringBuilder svg) {
    double rise =
        lines.stream().mapToDouble(l -> l.points.getLast().y - l.points.getFirst().y).sum();
    double top = rise > 0 ? TOP + PLOT_HEIGHT - 12 - (double) LEGEND_STEP * lines.size() : TOP + 26;
    double left = LEFT + PLOT_WIDTH - LEGEND_WIDTH;
    svg.append(
        "<rect x=\"%s\" y=\"%s\" width=\"%d\" height=\"%d\" fill=\"#fff\" fill-opacity=\"0.85\"/>"
            .formatted(
                number(left - 6), number(top - 12), LEGEND_WIDTH, LEGEND_STEP * lines.size() + 4));
    for (int i = 0; i < lines.size(); i++) {
      double at = top + LEGEND_STEP * i;
      svg.append(
          "<path d=\"M%s %sh22\" stroke-width=\"2\" stroke=\"%s\"/>"
              .formatted(number(left), number(at), COLOURS.get(i % COLOURS.size())));
      svg.append(text(left + 28, at + 4, "start", 12, "#222", lines.get(i).name));
    }
  }

  private double h(double value) {
    return LEFT + PLOT_WIDTH * x.place(value);
  }

  private double v(double value) {
    return TOP + PLOT_HEIGHT * (1 - y.place(value));
  }

  private static String stroke(
      double x1, double y1, double x2, double y2, String colour, String dash) {
    return "<path d=\"M%s %sL%s %s\" stroke=\"%s\"%s/>"
        .formatted(
            number(x1),
            number(y1),
            number(x2),
            number(y2),
            colour,
            dash.isEmpty() ? "" : " stroke-dasharray=\"" + dash + "\"");
  }

  static String text(double x, double y, String anchor, int size, String colour, String text) {
    return "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" font-size=\"%d\" fill=\"%s\">%s</text>"
        .formatted(number(x), number(y), anchor, size, colour, Sheet.escaped(text));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
