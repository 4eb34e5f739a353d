package starling.zone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import starling.model.Channel;
import starling.model.Schema;
import starling.wire.MalformedException;

class ContributionFuzzTest {
  private static final Schema SCHEMA =
      new Schema(
          1,
          List.of(
              new Channel("air_temperature", "Cel", 2, -60, 60),
              new Channel("load", "1", 2, 0, 1000),
              new Channel("memory", "%", 1, 0, 100),
              new Channel("host_temperature", "Cel", 1, -40, 150)));

  @Test
  void fourChannelsTakeAtMostThirteenBytes() {
    Map<String, Double> values =
        Map.of("air_temperature", 21.37, "load", 0.42, "memory", 37.5, "host_temperature", 48.3);
    assertEquals(10, Contribution.of(SCHEMA, values, 0, false).encode().length);
    Map<String, Double> extremes =
        Map.of(
            "air_temperature", -60.0, "load", 1000.0, "memory", 100.0, "host_temperature", 150.0);
    assertEquals(13, Contribution.of(SCHEMA, extremes, 60_000, false).encode().length);
  }

  @FuzzTest(maxDuration = "3s")
  void anyBytesAreAContributionOrRefused(byte[] bytes) {
    try {
      assertArrayEquals(bytes, Contribution.decode(bytes, SCHEMA).encode());
    } catch (MalformedException e) {
      // as it should be
    }
  }
}
