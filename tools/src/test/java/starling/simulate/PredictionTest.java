package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import starling.link.Address;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.predict.RadioCell;

/** A cell of real nodes uses about as much of its channel as is predicted. */
class PredictionTest {
  private static final double OFF_MAX = 0.2;
  private static final int SEEDS = 4;
  private static final double WINDOWS = 10;

  @ParameterizedTest
  @CsvSource({"LORA_SF7, 60, 12, 0.2", "SIK_64K, 20, 12, 0", "SIK_64K, 20, 12, 0.3"})
  void theChannelIsUsedAsPredicted(Presets preset, int windowSeconds, int members, double loss) {
    double sent = 0;
    double predicted = 0;
    for (long seed = 4; seed < 4 + SEEDS; seed++) {
      VirtualSite site = site(preset, windowSeconds, members, loss, seed);
      sent += sentMicros(site, preset, windowSeconds) / SEEDS;
      int channels = site.charter().site().orElseThrow().schemas().getFirst().channels().size();
      RadioCell cell = new RadioCell(preset.profile(), members, channels, loss, 1);
      predicted += cell.traffic().micros() / SEEDS;
    }
    assertEquals(1, sent / predicted, OFF_MAX, sent + " us a window, " + predicted + " predicted");
  }

  private static VirtualSite site(
      Presets preset, int windowSeconds, int members, double loss, long seed) {
    return new VirtualSite(
            seed,
            preset.profile(),
            Presets.MQTT.profile(),
            new Loss.Independent(loss),
            windowSeconds * 1000L,
            1)
        .radioCell("/orchard/north", members, 3)
        .inboxCell("/orchard/city", 3, 1)
        .startAll();
  }

  private static double sentMicros(VirtualSite site, Presets preset, int windowSeconds) {
    site.run(6.0 * windowSeconds);
    AtomicLong micros = new AtomicLong();
    site.tap =
        (_, to, frame) -> {
          if (to.equals(Address.ALL)) {
            micros.addAndGet(preset.profile().airtime().micros(frame.length));
          }
        };
    site.run(WINDOWS * windowSeconds);
    return micros.get() / WINDOWS;
  }
}
