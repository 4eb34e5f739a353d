package starling.bench.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import starling.progress.ProgressBar;

class SpreadBenchTest {
  @Test
  void epidemicsGoAsPredicted() {
    List<Map<String, Object>> rows = new SpreadBench(List.of(16, 50), 300).run((_, _) -> {});
    assertEquals(3 * 3 * 4 * 2, rows.size());
    for (Map<String, Object> row : rows) {
      double off = (double) row.get("rounds_mean") - (double) row.get("predicted_mean");
      assertTrue(Math.abs(off) < 0.6, row.toString());
      assertEquals(true, row.get("ok"), row.toString());
    }
  }

  @Test
  void theSameSeedsGiveTheSameRows() {
    SpreadBench bench = new SpreadBench(List.of(16), 20);
    assertEquals(bench.run((_, _) -> {}), bench.run((_, _) -> {}));
  }

  @Test
  void whatCannotBePlayedIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new SpreadBench(List.of(16), 0));
    assertThrows(IllegalArgumentException.class, () -> new SpreadBench(List.of(1), 9));
    assertThrows(IllegalArgumentException.class, () -> new SpreadBench(List.of(), 9));
    assertThrows(IllegalArgumentException.class, () -> new AstrolabeBench(0));
  }

  @Test
  void theBarIsGoneInTheEnd() {
    StringWriter out = new StringWriter();
    new SpreadBench(List.of(16), 2).run(new ProgressBar(new PrintWriter(out)));
    assertTrue(out.toString().contains("%"), out.toString());
    assertTrue(out.toString().endsWith("\r\u001b[K"), out.toString());
  }
}
