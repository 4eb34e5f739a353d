package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import starling.link.Presets;

class TimeSpreadTest {
  private static final double GOOD_MILLIS = 50;

  @ParameterizedTest
  @EnumSource(TimeSpread.Trouble.class)
  void timeIsGoodOverFiveHopsWhateverClocksSay(TimeSpread.Trouble trouble) {
    TimeSpread line = new TimeSpread(Presets.SIK_64K.profile(), 5, 0.2, 60_000);
    TimeSpread.Result result = line.run(trouble, 20, 1);
    assertTrue(result.maxMillis() <= GOOD_MILLIS, result.toString());
  }
}
