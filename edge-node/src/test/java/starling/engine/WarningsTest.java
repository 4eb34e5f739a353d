package starling.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import starling.model.Delivery;

class WarningsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long HOUR = 3_600 * SECOND;

  private final List<Delivery> said = new ArrayList<>();
  private final Warnings warnings = new Warnings();

  private void warn(String subject, int atLeast, long nowNanos) {
    warn(new Delivery.Warning("key", subject, "text"), atLeast, nowNanos);
  }

  private void warn(Delivery.Warning warning, int atLeast, long nowNanos) {
    if (warnings.worthSaying(warning, atLeast, nowNanos)) {
      said.add(warning);
    }
  }

  @Test
  void theSameIsSaidOnceAnHour() {
    for (int second = 0; second < 3_600; second++) {
      warn("n1", 1, second * SECOND);
    }
    assertEquals(1, said.size());
    warn("n1", 1, HOUR + SECOND);
    assertEquals(2, said.size());
  }

  @Test
  void whatHappensRarelyIsNotWorthAWord() {
    for (int i = 0; i < 10; i++) {
      warn("n1", 3, i * 61 * SECOND);
    }
    assertEquals(List.of(), said);
    warn("n1", 3, 10 * 61 * SECOND);
    warn("n1", 3, 10 * 61 * SECOND + 1);
    warn("n1", 3, 10 * 61 * SECOND + 2);
    assertEquals(1, said.size());
  }

  @Test
  void whoeverClaimsToBeEverybodyIsSaidOfAFew() {
    for (int i = 0; i < 100_000; i++) {
      warn("n" + i, 1, i * SECOND / 1000);
    }
    assertEquals(8, said.size());
    warn(new Delivery.Warning("clone", "n1", "text"), 1, 100 * SECOND);
    assertEquals(9, said.size(), "another kind has words of its own");
  }
}
