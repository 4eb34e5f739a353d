package starling.bench.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MembershipBenchTest {
  private static final double HOURS = 2;

  @Test
  void burstsAtLinksAndReceiversMislead() {
    Map<String, Object> row = only("30 % in bursts at links and receivers");
    assertEquals(true, row.get("ok"), row.toString());
    assertTrue((long) row.get("doubts") > 100, "single members are misled all the time");
  }

  @Test
  void aCrashIsKnownToMostThoughTwelveOfThirtyTwoAreDeaf() {
    Map<String, Object> row = only("12 of 32 deaf");
    assertEquals(true, row.get("ok"), row.toString());
    assertTrue((double) row.get("detected_periods_max") > 4, row.toString());
  }

  @Test
  void whoIsUnheardByAllIsSuspectedButNeverGone() {
    List<Map<String, Object>> rows =
        new MembershipBench(30, 1, 1, "senders unheard").run((_, _) -> {});
    assertTrue((long) rows.getFirst().get("suspects") > 0, rows.toString());
    assertEquals(0L, rows.getFirst().get("falsely_gone"));
  }

  @Test
  void aChannelLosesWhatItsTroubleSays() {
    Trouble trouble = new Trouble(0.1, 0.2, 0.05, 0, 0);
    Channel channel = new Channel(32, trouble, 1);
    long lost = 0;
    int frames = 20_000;
    for (int i = 0; i < frames; i++) {
      lost += Long.bitCount(channel.lost(i % 32, 1440));
    }
    assertEquals(trouble.loss(), lost / 32.0 / frames, 0.02);
  }

  @Test
  void impossibleRunsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new MembershipBench(0, 1, 1, ""));
    assertThrows(IllegalArgumentException.class, () -> new MembershipBench(1, 0, 1, ""));
    assertThrows(IllegalArgumentException.class, () -> new MembershipBench(1, 1, 1, "no such"));
  }

  private static Map<String, Object> only(String name) {
    List<Map<String, Object>> rows = new MembershipBench(HOURS, 4, 3, name).run((_, _) -> {});
    return rows.getFirst();
  }
}
