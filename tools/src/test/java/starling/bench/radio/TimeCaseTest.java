package starling.bench.radio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import starling.link.Presets;

class TimeCaseTest {
  @Test
  void timeIsGoodOverFiveHopsWhateverClocksSay() {
    List<TimeCase.TimeRow> rows = new TimeCase(List.of(Presets.SIK_64K), 10).rows(1, (_, _) -> {});
    assertEquals(4, rows.size());
    for (TimeCase.TimeRow row : rows) {
      assertEquals("", row.missed(), row.toString());
    }
  }
}
