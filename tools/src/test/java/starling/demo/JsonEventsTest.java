package starling.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JsonEventsTest {
  private final StringWriter out = new StringWriter();
  private final JsonEvents events = new JsonEvents(new PrintWriter(out));

  @Test
  void readyNamesTheBrokerAndEveryProcess() {
    events.ready(
        new View.Ready(
            URI.create("tcp://127.0.0.1:41883"),
            "berlin",
            new TreeMap<>(Map.of("/berlin/a/x", 11L, "/berlin/a/y", 12L)),
            10,
            0));
    assertEquals(
        "{\"event\":\"ready\",\"mqtt\":\"tcp://127.0.0.1:41883\",\"site\":\"berlin\",\"nodes\":["
            + "{\"path\":\"/berlin/a/x\",\"pid\":11},{\"path\":\"/berlin/a/y\",\"pid\":12}],"
            + "\"gateway_pid\":10}\n",
        out.toString());
  }

  @Test
  void anAggregateCarriesThePayloadAsItWasPublished() {
    Heard.Aggregate aggregate =
        Published.aggregate("/berlin", 1_750_000_000_000L, 23, Map.of("count", 23.0));
    events.heard(aggregate);
    assertEquals(
        "{\"event\":\"aggregate\",\"topic\":\"starling/berlin/zone/climate\",\"payload\":"
            + aggregate.payload()
            + "}\n",
        out.toString());
  }

  @Test
  void aNodesStateIsOneLine() {
    events.heard(new Heard.NodeState("/berlin/a/x", "suspect"));
    assertEquals(
        "{\"event\":\"node\",\"path\":\"/berlin/a/x\",\"state\":\"suspect\"}\n", out.toString());
  }

  @Test
  void aZonesFirstCompleteResultStandsBesideItsPrediction() {
    events.first(new Timekeeper.First("/berlin", 21.5, 20));
    events.first(new Timekeeper.First("/berlin/a", 9, -1));
    assertEquals(
        "{\"event\":\"first\",\"zone\":\"/berlin\",\"seconds\":21.5,\"predicted_seconds\":20.0}\n"
            + "{\"event\":\"first\",\"zone\":\"/berlin/a\",\"seconds\":9.0}\n",
        out.toString());
  }

  @Test
  void theCheckIsTheLastLine() {
    events.checked(new Verdict(10, 9, 54, 0.005, List.of("a window is missing")));
    assertEquals(
        "{\"event\":\"check\",\"ok\":false,\"windows\":10,\"complete\":9,"
            + "\"values_compared\":54,\"largest_error\":0.005}\n",
        out.toString());
  }

  @Test
  void whatIsNoEventOfTheContractIsNotPrinted() {
    events.heard(new Heard.Other("x"));
    events.heard(new Heard.Timing("/berlin", 0, 1, 2));
    assertEquals("", out.toString());
  }
}
