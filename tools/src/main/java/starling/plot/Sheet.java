package starling.plot;

import java.util.List;

/**
 * Charts side by side under a title: one SVG without scripts, fonts or anything else from outside.
 *
 * @param title what is shown
 * @param note a line below it
 */
public record Sheet(String title, String note, List<Chart> charts) {
  private static final int HEAD = 64;

  public Sheet {
    charts = List.copyOf(charts);
  }

  /** As an SVG document. */
  public String svg() {
    int width = Chart.WIDTH * charts.size();
    int height = HEAD + Chart.HEIGHT;
    StringBuilder svg =
        new StringBuilder(
            ("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                    + " viewBox=\"0 0 %d %d\" font-family=\"sans-serif\">")
                .formatted(width, height, width, height));
    svg.append("<title>").append(escaped(title)).append("</title>");
    svg.append("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>".formatted(width, height));
    svg.append(Chart.text(20, 30, "start", 19, "#222", title));
    svg.append(Chart.text(20, 52, "start", 13, "#555", note));
    for (int i = 0; i < charts.size(); i++) {
      svg.append("<g transform=\"translate(%d %d)\">".formatted(i * Chart.WIDTH, HEAD));
      svg.append(charts.get(i).group()).append("</g>");
    }
    return svg.append("</svg>\n").toString();
  }

  /** As a page that holds the SVG. */
  public String html() {
    return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>"
        + escaped(title)
        + "</title><body style=\"margin:1em\">\n"
        + svg()
        + "</body></html>\n";
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
