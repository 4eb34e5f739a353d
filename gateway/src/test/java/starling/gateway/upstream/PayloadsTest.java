package starling.gateway.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import starling.gateway.outbox.Gap;
import starling.gateway.outbox.Stock;
import starling.model.Answer;
import starling.model.Channel;
import starling.model.Delivery;

class PayloadsTest {
  private static final Stock STOCK = new Stock(7, 40_960, 4_096_000, 409_600, true);

  @Test
  void anAnswerHasTheDocumentedKeysInTheDocumentedOrder() {
    assertEquals(
        "{\"v\":1,\"zone\":\"/berlin/north\",\"query\":\"climate\","
            + "\"window\":{\"start\":\"2026-06-01T12:00:00Z\",\"end\":\"2026-06-01T12:00:10Z\"},"
            + "\"ts\":1780315210000,\"values\":{\"avg_temperature\":21.4,\"count\":17},"
            + "\"units\":{\"avg_temperature\":\"Cel\",\"count\":\"1\"},"
            + "\"coverage\":{\"reported\":17,\"expected\":18},\"oldest_s\":12.3,\"revision\":17,\"id\":\"b396df30bf131ce7\"}",
        text(Payloads.result(Samples.result("/berlin/north", 0, 17, 21.400000000000002))));
  }

  @Test
  void whatDiffersHasAnotherIdAndWhatDoesNotHasTheSame() {
    Set<String> ids = new HashSet<>();
    for (int reported = 1; reported <= 18; reported++) {
      for (double average : new double[] {20, 20.1}) {
        ids.add(id(Samples.result("/berlin", 3, reported, average)));
        ids.add(id(Samples.result("/berlin", 3, reported, average)));
        ids.add(id(Samples.result("/berlin", 4, reported, average)));
      }
    }
    assertEquals(18 * 2 * 2, ids.size());
  }

  private static String id(Delivery.Result result) {
    String text = text(Payloads.result(result));
    return text.substring(text.indexOf("\"id\":"));
  }

  @Test
  void answersThatAreNoNumbersStandAmongTheValues() {
    SortedMap<String, Answer> others = new TreeMap<>();
    others.put("a_any", new Answer.Truth(true));
    others.put("b_bars", new Answer.Histogram(-10, 0.5, 1, List.of(2L, 0L), 3));
    others.put("c_top", new Answer.Ranking(List.of(new Answer.Ranked("/berlin/n7", 31.20))));
    others.put("d_values", new Answer.Numbers(List.of(1.5, 2.0), true));
    others.put("e_cells", new Answer.Texts(List.of("/berlin/north"), false));
    Delivery.Result plain = Samples.result("/berlin", 0, 17, 21.4);
    Delivery.Result result =
        new Delivery.Result(
            plain.zone(),
            plain.query(),
            plain.startMillis(),
            plain.endMillis(),
            plain.values(),
            others,
            new TreeMap<>(Map.of("c_top", "Cel")),
            17,
            18,
            0,
            17,
            0);
    String text = text(Payloads.result(result));
    assertTrue(
        text.contains(
            "\"values\":{\"avg_temperature\":21.4,\"count\":17,\"a_any\":true,"
                + "\"b_bars\":{\"from\":-10,\"to\":0.5,\"below\":1,\"counts\":[2,0],\"above\":3},"
                + "\"c_top\":[{\"node\":\"/berlin/n7\",\"value\":31.2}],"
                + "\"d_values\":{\"distinct\":[1.5,2],\"more\":true},"
                + "\"e_cells\":{\"distinct\":[\"/berlin/north\"],\"more\":false}},"
                + "\"units\":{\"c_top\":\"Cel\"}"),
        text);
  }

  @Test
  void whatIsNoNumberIsAnAbsentKeyWithItsUnit() {
    String text = text(Payloads.result(Samples.result("/berlin", 0, 17, Double.NaN)));
    assertEquals(-1, text.indexOf("avg_temperature"));
    assertEquals(-1, text.indexOf("Cel"));
    text = text(Payloads.result(Samples.result("/berlin", 0, 17, Double.NEGATIVE_INFINITY)));
    assertEquals(-1, text.indexOf("avg_temperature"));
  }

  @Test
  void allOtherPayloadsAreAsDocumented() {
    SortedMap<String, Double> values = new TreeMap<>(Map.of("humidity", 55.0));
    SortedMap<String, String> units = new TreeMap<>(Map.of("humidity", "%"));
    long noon = Samples.NOON_MILLIS;
    assertEquals(
        "{\"v\":1,\"node\":\"/berlin/north/n7\",\"time\":\"2026-06-01T12:00:00Z\","
            + "\"ts\":1780315200000,\"values\":{\"humidity\":55},\"units\":{\"humidity\":\"%\"}}",
        text(Payloads.latest(new Delivery.Latest("/berlin/north/n7", noon, values, units))));
    assertEquals(
        "{\"v\":1,\"node\":\"/berlin/n7\",\"state\":\"suspect\",\"generation\":3,"
            + "\"time\":\"2026-06-01T12:00:00Z\",\"ts\":1780315200000}",
        text(Payloads.node(new Delivery.NodeState("/berlin/n7", Delivery.State.SUSPECT, 3), noon)));
    assertEquals(
        "{\"v\":1,\"node\":\"/berlin/n7\",\"state\":\"gone\","
            + "\"time\":\"2026-06-01T12:00:00Z\",\"ts\":1780315200000}",
        text(Payloads.node(new Delivery.NodeState("/berlin/n7", Delivery.State.GONE, 0), noon)));
    assertEquals(
        "{\"v\":1,\"zone\":\"/berlin\",\"end\":\"2026-06-01T12:00:00Z\",\"ts\":1780315200000,"
            + "\"predicted_ms\":800,\"observed_ms\":-1}",
        text(Payloads.timing(new Delivery.Timing("/berlin", noon, 800, -1))));
    assertEquals(
        "{\"v\":1,\"kind\":\"key\",\"subject\":\"n7\",\"text\":\"says \\\"no\\\" \\u2028\","
            + "\"time\":\"2026-06-01T12:00:00Z\",\"ts\":1780315200000}",
        text(Payloads.told("key", "n7", "says \"no\" \u2028", noon)));
    assertEquals(
        "{\"v\":1,\"gateway\":\"gw1\",\"version\":\"0.1.0\",\"started\":\"2026-06-01T12:00:00Z\","
            + "\"ts\":1780315200000,\"publishes\":[\"/berlin\"],\"stands_by\":[]}",
        text(Payloads.info("gw1", "0.1.0", noon, List.of("/berlin"), List.of())));
    assertEquals(
        "{\"v\":1,\"zone\":\"/berlin\",\"end\":\"2026-06-01T12:00:00Z\",\"ts\":1780315200000,"
            + "\"predicted_ms\":800,\"observed_ms\":5,\"gateway\":\"gw1\",\"id\":\"gw1-77\"}",
        text(
            Payloads.stamped(
                Payloads.timing(new Delivery.Timing("/berlin", noon, 800, 5)), "gw1", 77)));
    assertEquals(
        "{\"v\":1,\"topic\":\"t\",\"from\":\"2026-06-01T12:00:00Z\","
            + "\"to\":\"2026-06-01T13:00:00Z\",\"missing\":30,\"every_s\":120}",
        text(Payloads.gap(new Gap("t", noon, noon + 3_600_000, 30, 120_000))));
    assertEquals("online", text(Payloads.status(true)));
    assertEquals("offline", text(Payloads.status(false)));
  }

  @Test
  void healthSaysWhatIsKnownAndNothingElse() {
    assertEquals(
        "{\"v\":1,\"node\":\"/berlin/n7\",\"time\":\"2026-06-01T12:00:00Z\",\"ts\":1780315200000,"
            + "\"state\":\"up\",\"generation\":3,"
            + "\"heard\":{\"ago_s\":0.4,\"promise_s\":8,\"loss\":0.0313,"
            + "\"signal\":{\"rssi_dbm\":-93,\"rssi_mean_dbm\":-91.3,\"snr_db\":-5.3}}}",
        text(Payloads.health(Samples.heard("/berlin/n7"), 4, STOCK)));
    assertEquals(
        "{\"v\":1,\"node\":\"/berlin/gate\",\"time\":\"2026-06-01T12:00:00Z\",\"ts\":1780315200000,"
            + "\"state\":\"up\",\"generation\":9,\"uptime_s\":86400,"
            + "\"clock\":{\"uncertainty_ms\":0.812,\"hops\":0},\"links\":["
            + "{\"link\":\"radio\",\"medium\":\"lora-sf9\",\"up\":true,\"loss\":0.05,"
            + "\"signal\":{\"rssi_dbm\":-93,\"rssi_mean_dbm\":-91.3,\"snr_db\":-5.3},"
            + "\"airtime\":{\"used\":0.0123,\"budget\":0.03,\"hour\":0.009,\"hour_max\":0.1},"
            + "\"queued\":1},"
            + "{\"link\":\"uplink\",\"medium\":\"mqtt\",\"up\":false,"
            + "\"airtime\":{\"used\":0,\"budget\":0.18,\"hour\":0,\"hour_max\":1},\"queued\":0}],"
            + "\"frames_refused\":2,\"noise\":5,"
            + "\"queues\":{\"inputs\":1,\"samples\":0,\"upstream\":4},\"board_cel\":51.2,"
            + "\"outbox\":{\"messages\":7,\"bytes\":40960,\"bytes_max\":4096000,"
            + "\"capacity_days\":10,\"left_days\":9.9,\"writable\":true}}",
        text(Payloads.health(Samples.vitals("/berlin/gate"), 4, STOCK)));
    Delivery.Health afar =
        new Delivery.Health(
            "/berlin/n7",
            Samples.NOON_MILLIS,
            Delivery.State.SUSPECT,
            0,
            Optional.empty(),
            Optional.empty());
    assertEquals(
        "{\"v\":1,\"node\":\"/berlin/n7\",\"time\":\"2026-06-01T12:00:00Z\",\"ts\":1780315200000,"
            + "\"state\":\"suspect\"}",
        text(Payloads.health(afar, 4, STOCK)));
  }

  @ParameterizedTest
  @CsvSource({
    "21.400000000000002, 21.4",
    "0, 0",
    "-0.0, 0",
    "23, 23",
    "1e7, 10000000",
    "2097152.400001, 2097152.400001",
    "-0.000001, -0.000001",
    "1e-9, 0.000000001",
    "1e-10, 0",
    "-1e-10, 0",
    "0.1, 0.1",
    "1e15, 1000000000000000",
    "0.30000000000000004, 0.3",
    "99.99999999999999, 100",
    "1.7976931348623157e308, "
        + "179769313486232000000000000000000000000000000000000000000000000000000000000000000000000"
        + "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + "000000000000000000000000000000000000000000000000"
  })
  void numbersArePlainAndAsShortAsTheChannelAllows(double value, String written) {
    assertEquals(written, Payloads.number(value));
  }

  @Test
  void everyStepOfEveryResolutionIsWrittenAsItself() {
    Random random = new Random(7);
    for (int decimals = 0; decimals <= 6; decimals++) {
      Channel channel = new Channel("c", "1", decimals, 0, 1);
      for (int i = 0; i < 20_000; i++) {
        long steps = random.nextLong(-Channel.STEPS_MAX, Channel.STEPS_MAX + 1);
        String written = Payloads.number(channel.value(steps));
        assertEquals(steps, channel.steps(Double.parseDouble(written)));
        assertEquals(
            java.math.BigDecimal.valueOf(steps, decimals).stripTrailingZeros().toPlainString(),
            written);
      }
    }
  }

  @Test
  void equalDeliveriesGiveEqualBytes() {
    assertArrayEquals(
        Payloads.result(Samples.result("/berlin", 3, 9, 0.1 + 0.2)),
        Payloads.result(Samples.result("/berlin", 3, 9, 0.3)));
  }

  private static String text(byte[] payload) {
    return new String(payload, UTF_8);
  }
}
