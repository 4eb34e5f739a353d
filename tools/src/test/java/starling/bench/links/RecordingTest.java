package starling.bench.links;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecordingTest {
  @Test
  void beaconsAreLostInTheirTurnAtEachLevelOfNoise() {
    List<Recording> levels =
        Recording.beacons(
            "grid",
            Stream.of(
                "noise_dbm,tx,rx,received_bits,rssi",
                "-20,1-1,1-2,1101,30 31 30",
                "-20,1-2,1-1,1111,30 30 30 30",
                "-10,1-1,1-2,0000,",
                "-20,1-1,1-3,11x1,30"));
    assertEquals(
        List.of("grid/-10dBm [[0.0, 0.0], [0.0, 0.0]]", "grid/-20dBm [[0.0, 0.75], [1.0, 0.0]]"),
        levels.stream().map(level -> level.means().toString()).toList());
    Recording quiet = levels.getLast();
    for (long frame = 0; frame < 12; frame++) {
      assertEquals(frame % 4 == 2, quiet.frames().lost(0, 1, frame));
      assertFalse(quiet.frames().lost(1, 0, frame));
      assertTrue(levels.getFirst().frames().lost(0, 1, frame));
    }
    Recording turned = quiet.of(List.of(1, 0));
    assertTrue(turned.frames().lost(1, 0, 2));
    assertEquals(0.75, turned.means().share(1, 0));
  }

  @Test
  void gapsInACounterAreWhatWasLost() {
    Recording links =
        Recording.counters(
            "mountain",
            3,
            Stream.of("rx_ms,fcnt,dr", "1,7,5", "2,8,5", "2,8,5", "3,11,5", "4,2,5", "5,3,5"));
    // 7 8 (9 10) 11, then anew from 2 on: two of six were lost
    assertEquals(4.0 / 6, links.means().share(0, 1), 1e-9);
    assertEquals(0, links.means().share(1, 1));
    for (int to = 1; to < 3; to++) {
      int link = to;
      long lost =
          LongStream.range(0, 60).filter(frame -> links.frames().lost(0, link, frame)).count();
      assertEquals(20, lost);
    }
  }
}
