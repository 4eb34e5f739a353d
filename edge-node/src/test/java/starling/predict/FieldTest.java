package starling.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import starling.link.Delay;
import starling.link.Law;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.predict.Every.Limit;
import starling.predict.Gossip.Mode;

class FieldTest {
  /**
   * Frames a window, simulated by an independent program at SF7, three representatives. It had
   * frames of 110 bytes, with 48 around the rows; here 22 are, so 84 hold as many rows.
   */
  @ParameterizedTest
  @CsvSource({
    "8, 0.2, 13.1",
    "8, 0.4, 20.7",
    "16, 0.2, 24.4",
    "16, 0.4, 38.1",
    "32, 0.0, 32.0",
    "32, 0.1, 38.5",
    "32, 0.2, 47.8",
    "32, 0.3, 58.9",
    "32, 0.4, 71.9",
    "64, 0.2, 94.0",
    "64, 0.4, 143.0",
  })
  void aRadioCellSendsWhatAnIndependentSimulationDid(int members, double loss, double frames) {
    RadioCell cell = new RadioCell(Presets.LORA_SF7.profile().withMtu(84), members, 4, loss);
    assertEquals(1, cell.traffic().frames() / frames, 0.11);
  }

  @Test
  void withoutLossOnlyOwnFramesAreSent() {
    LinkProfile air = Presets.LORA_SF7.profile();
    Traffic traffic = new RadioCell(air, 32, 4, 0).traffic();
    assertEquals(32 * air.airtime().micros(34), traffic.micros(), 1);
    assertEquals(air.airtime().micros(34), traffic.busiestMicros(), 1);
    assertEquals(traffic.micros() / 60e6, new RadioCell(air, 32, 4, 0).use(60_000), 1e-12);
  }

  @Test
  void aLoneMemberAsksNobody() {
    assertEquals(1, new RadioCell(Presets.LORA_SF7.profile(), 1, 4, 0.5).traffic().frames());
  }

  @Test
  void moreLossTakesMoreAirAndTime() {
    double use = 0;
    long millis = 0;
    for (double loss : new double[] {0.1, 0.2, 0.4, 0.6}) {
      RadioCell cell = new RadioCell(Presets.SIK_64K.profile(), 23, 4, loss);
      assertTrue(cell.use(10_000) > use);
      assertTrue(cell.completeMillis(10_000) >= millis);
      use = cell.use(10_000);
      millis = cell.completeMillis(10_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theShortestWindowKeepsEveryLimitAndOneShorterDoesNot(Presets preset) {
    for (int members : new int[] {1, 8, 23, 40, 64}) {
      Field field = field(preset, members, 64, 0.2);
      Every every = field.shortest();
      long millis = every.millis();
      assertTrue(within(field, millis), preset + " " + members + ": " + every);
      if (every.limit() != Limit.WINDOW) {
        assertTrue(!within(field, millis - 1000), preset + " " + members + ": " + every);
      }
    }
  }

  private static boolean within(Field field, long windowMillis) {
    Cell cell = field.cell();
    LinkProfile medium = field.medium();
    double busiest = cell.traffic().busiestMicros() / (1000.0 * windowMillis);
    boolean paced =
        cell instanceof RadioCell radio
            && radio.pacedMicros() + radio.rowsMicros()
                > 1000 * medium.channelTarget() * windowMillis;
    return !paced
        && cell.use(windowMillis) <= medium.channelTarget()
        && busiest <= medium.law().share()
        && busiest <= 0.9 * medium.channelTarget() / cell.members();
  }

  @Test
  void deliveryGoesFromWhatWasNotLostToNearlyAll() {
    RadioCell cell = new RadioCell(Presets.LORA_SF7.profile(), 40, 4, 0.3);
    List<RadioCell.Arrival> delivery = cell.delivery(60_000);
    assertEquals(0.7, delivery.getFirst().share(), 1e-12);
    assertTrue(delivery.getLast().share() > 1 - 1.0 / 40);
    assertEquals(cell.completeMillis(60_000), delivery.getLast().millis());
  }

  @Test
  void aTightLawDecidesBeforeTheChannel() {
    LinkProfile air = Presets.LORA_SF12.profile();
    LinkProfile tight =
        new LinkProfile(
            "tight",
            air.medium(),
            air.mtuBytes(),
            air.airtime(),
            Law.hourly(0.001),
            0.2,
            1,
            10_000,
            new Delay(0, 0));
    Tree one = new Tree(new Gossip(Mode.PUSH_PULL, 8, 1, 0.1), 25, 3);
    assertEquals(Limit.LAW, new Field(one, tight, tight, 4).shortest().limit());
  }

  @Test
  void zonesAboveTakeTheirRumoursTime() {
    Field cell = field(Presets.LORA_SF7, 25, 25, 0.1);
    Field site = field(Presets.LORA_SF7, 625, 25, 0.1);
    long above = AddressedCell.rumourMillis(Presets.MQTT.profile(), 75, 0);
    assertEquals(cell.completeMillis(60_000) + above, site.completeMillis(60_000));
    assertEquals(site.completeMillis(60_000) + 57_000, site.staleness(60_000).quantileMillis(0.95));
    assertTrue(site.cell().use(60_000) > cell.cell().use(60_000)); // the root's result is said
  }

  @Test
  void addressedCellsTellTheirRepresentatives() {
    Cell cell = field(Presets.MQTT, 23, 25, 0).cell();
    assertEquals(3 * 22, cell.traffic().frames());
    assertTrue(cell.completeMillis(1000) < 3000);
  }

  private static Field field(Presets preset, int nodes, int branching, double loss) {
    Tree tree = new Tree(new Gossip(Mode.PUSH_PULL, nodes, 1, loss), branching, 3);
    return new Field(tree, preset.profile(), Presets.MQTT.profile(), 4);
  }
}
