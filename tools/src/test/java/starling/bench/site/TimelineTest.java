package starling.bench.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TimelineTest {
  @Test
  void beginsWithASteadyTimeWhateverIsAskedFor() {
    Timeline timeline = new Timeline(List.of(Trouble.GATEWAY), 5);
    assertEquals(List.of(Trouble.STEADY, Trouble.GATEWAY), timeline.events());
    assertTrue(Timeline.usualTo() < timeline.from(Trouble.GATEWAY));
    assertEquals(
        timeline.events(), new Timeline(List.of(Trouble.GATEWAY, Trouble.STEADY), 5).events());
  }
}
