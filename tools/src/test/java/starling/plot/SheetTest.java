package starling.plot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import starling.plot.Chart.Point;

class SheetTest {
  private final Chart chart =
      new Chart("a < b", Axis.linear("x & y", 0, 10), Axis.logarithmic("y", 1, 100))
          .line("rising", List.of(new Point(0, 1), new Point(10, 100), new Point(20, 1000)))
          .along("limit", 10)
          .across("now", 5);

  @Test
  void aSheetIsWellFormedAndNeedsNothingFromOutside() throws Exception {
    String svg = new Sheet("one & only", "note", List.of(chart, chart)).svg();
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(UTF_8)));
    assertEquals(2, document.getElementsByTagName("polyline").getLength());
    assertFalse(svg.replace("http://www.w3.org/2000/svg", "").contains("http"), svg);
    assertFalse(svg.contains("<script"), svg);
  }

  @Test
  void linesStayWithinTheirAxes() throws Exception {
    String svg = new Sheet("t", "n", List.of(chart)).svg();
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(UTF_8)));
    Element line = (Element) document.getElementsByTagName("polyline").item(0);
    String[] points = line.getAttribute("points").strip().split(" ");
    assertEquals("64.0,324.0", points[0]);
    assertEquals("540.0,40.0", points[1]);
    assertEquals(points[1], points[2]);
  }

  @Test
  void aPageHoldsTheSvg() {
    Sheet sheet = new Sheet("t", "n", List.of(chart));
    assertTrue(sheet.html().startsWith("<!doctype html>"));
    assertTrue(sheet.html().contains(sheet.svg()));
  }

  @Test
  void ticksAreRoundNumbersWithinTheAxis() {
    assertEquals(List.of(0.0, 5.0, 10.0, 15.0, 20.0, 25.0), Axis.linear("", 0, 25).ticks());
    assertEquals(List.of(2.0, 5.0, 10.0, 20.0), Axis.logarithmic("", 1.5, 30).ticks());
    assertEquals("0.1", Axis.text(0.1));
    assertEquals("100", Axis.text(100));
  }

  @Test
  void anAxisThatGoesNowhereIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Axis.linear("", 1, 1));
    assertThrows(IllegalArgumentException.class, () -> Axis.logarithmic("", 0, 1));
  }
}
