package starling.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AirtimeTest {
  /** Semtech's own calculator, and Meshtastic's for LongFast. */
  @ParameterizedTest
  @CsvSource({
    "7, 125000, 8, 12, 41216",
    "9, 125000, 8, 13, 164864",
    "11, 250000, 16, 16, 354304",
    "12, 125000, 8, 51, 2465792",
    "12, 125000, 8, 1, 827392",
  })
  void loraTakesWhatItsMakerSays(
      int factor, int bandwidthHz, int preamble, int bytes, long micros) {
    assertEquals(micros, Airtime.lora(factor, bandwidthHz, preamble, 0).micros(bytes));
  }

  @Test
  void framingIsMoreBytes() {
    Airtime bare = Airtime.lora(7, 125_000, 8, 0);
    Airtime framed = Airtime.lora(7, 125_000, 8, 5);
    for (int bytes = 1; bytes < 200; bytes++) {
      assertEquals(bare.micros(bytes + 5), framed.micros(bytes));
    }
  }

  @Test
  void aStreamTakesItsPreambleAndItsBits() {
    assertEquals(2_000 + 100_000, Airtime.stream(8_000, 20, 2_000).micros(80));
  }

  @Test
  void anRnodeTakesItsLongerPreamblesAndAByteOfHeader() {
    assertEquals(119_040, Presets.RNODE_SF7.profile().airtime().micros(51));
    assertEquals(369_664, Presets.RNODE_SF9.profile().airtime().micros(51));
  }

  @Test
  void aTncTakesItsDelayTheHeaderAndTheBitsAtTheirWorst() {
    Airtime kiss = Presets.KISS_1200.profile().airtime();
    // Header 16, frame, checksum 2, flags 2; five bits of six are the frame's.
    assertEquals(300_000 + (16 + 100 + 2 + 2) * 8 * 6 / 5 * 1_000_000L / 1_200, kiss.micros(100));
  }

  @ParameterizedTest
  @EnumSource(Presets.class)
  void moreBytesNeverTakeLess(Presets preset) {
    LinkProfile profile = preset.profile();
    for (int bytes = 1; bytes <= profile.mtuBytes(); bytes++) {
      assertTrue(profile.airtime().micros(bytes) >= profile.airtime().micros(bytes - 1));
      assertTrue(profile.airtime().micros(bytes) > 0);
    }
  }
}
