package starling.gateway.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static starling.gateway.upstream.Shelf.Verdict.DROP;
import static starling.gateway.upstream.Shelf.Verdict.FULL;
import static starling.gateway.upstream.Shelf.Verdict.RETAIN;
import static starling.gateway.upstream.Shelf.Verdict.TELL;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import starling.link.mqtt.Message;
import starling.model.Delivery;

class ShelfTest {
  private static final String TOPIC = "starling/berlin/zone/climate";
  private final Shelf shelf = new Shelf();

  @Test
  void ofOneWindowOnlyWhatCoversMoreReplaces() {
    assertEquals(RETAIN, put(0, 5));
    assertEquals(DROP, put(0, 5));
    assertEquals(DROP, put(0, 4));
    assertEquals(RETAIN, put(0, 6));
    assertEquals(5 + 1, reported(take()));
  }

  @Test
  void aNewerWindowAlwaysReplacesAndAnOlderOneNever() {
    assertEquals(RETAIN, put(3, 18));
    assertEquals(RETAIN, put(4, 1));
    assertEquals(DROP, put(3, 17), "its window had better");
    assertEquals(DROP, put(3, 18), "its window had the same");
    assertEquals(TELL, put(2, 3), "told to those who listen, not retained");
    assertEquals(TELL, put(2, 9));
    assertEquals(DROP, put(2, 9));
    assertEquals(1, reported(take()));
  }

  @Test
  void windowsOlderThanTheLastFourAreDropped() {
    for (int window = 10; window <= 20; window++) {
      put(window, 2);
    }
    assertEquals(DROP, put(15, 9));
    for (int window = 16; window < 20; window++) {
      assertEquals(TELL, put(window, 3));
    }
  }

  @Test
  void whatIsRetainedFromBeforeIsNotReplacedByLess() {
    shelf.heard(TOPIC, Payloads.result(Samples.result("/berlin", 5, 9, 1)));
    assertEquals(DROP, put(5, 9));
    assertEquals(DROP, put(4, 18));
    assertEquals(RETAIN, put(5, 10));
  }

  @Test
  void whatAnotherGatewayKnowsBetterTakesThePlaceOfOurs() {
    put(5, 9);
    byte[] better = Payloads.result(Samples.result("/berlin", 5, 12, 2));
    shelf.heard(TOPIC, better);
    assertTrue(shelf.next(true, 0).isEmpty(), "ours is not published any more");
    shelf.allDue();
    assertArrayEquals(
        better, shelf.next(true, 0).orElseThrow().payload(), "theirs is, if forgotten");
    assertEquals(DROP, put(5, 11));
  }

  @Test
  void whatIsTakenBackStaysAwayAndItsTopicCanBeUsedAgain() {
    put(5, 9);
    assertEquals(9, reported(take()));
    shelf.clear(TOPIC);
    assertTrue(shelf.next(true, 0).isEmpty(), "what was there is still under way");
    assertFalse(shelf.settled(TOPIC, true));
    shelf.heard(TOPIC, Payloads.result(Samples.result("/berlin", 6, 9, 1)));
    assertEquals(0, take().payload().length, "whatever others say meanwhile");
    assertFalse(shelf.settled(TOPIC, false), "the broker did not take it");
    assertEquals(0, take().payload().length);
    assertEquals(RETAIN, put(1, 2));
    assertFalse(shelf.settled(TOPIC, true), "by now there is something again");
    assertEquals(2, reported(take()));
    shelf.settled(TOPIC, true);
    shelf.clear(TOPIC);
    take();
    assertTrue(shelf.settled(TOPIC, true));
    assertEquals(Set.of(), shelf.topics());
  }

  @Test
  void aWindowFromAWrongClockDoesNotStayForever() {
    shelf.heard(TOPIC, Payloads.result(Samples.result("/berlin", 1_000_000, 18, 1)));
    assertEquals(RETAIN, put(5, 1));
    shelf.heard(TOPIC, Payloads.result(Samples.result("/berlin", 1_000_000, 18, 1)));
    assertEquals(RETAIN, put(6, 1));
  }

  @Test
  void whatIsNoAnswerIsNotListenedTo() {
    for (String text :
        List.of(
            "",
            "no",
            "{",
            "[]",
            "null",
            "{}",
            "{\"v\":2}",
            "{\"v\":1}",
            "{\"v\":1,\"window\":3}",
            "{\"v\":1,\"window\":{\"start\":\"x\",\"end\":\"y\"}}",
            "{\"v\":1,\"window\":{\"start\":\"+1000000000-12-31T23:59:59Z\","
                + "\"end\":\"+1000000000-12-31T23:59:59Z\"},\"coverage\":{\"reported\":1},"
                + "\"revision\":1}",
            "[".repeat(10_000),
            "{\"v\":1,\"window\":{\"start\":\"2030-01-01T00:00:00Z\","
                + "\"end\":\"2030-01-01T00:00:10Z\"},\"coverage\":{\"reported\":1e99},"
                + "\"revision\":[]}")) {
      shelf.heard(TOPIC, text.getBytes(UTF_8));
    }
    assertEquals(RETAIN, put(0, 1));
  }

  @Test
  void onePayloadOfATopicIsUnderWayAtATimeAndTheNewestFollows() {
    put(0, 1);
    Message first = take();
    put(0, 2);
    put(0, 3);
    assertTrue(shelf.next(true, 0).isEmpty(), "none may overtake");
    shelf.settled(first.topic(), true);
    assertEquals(3, reported(take()), "what was replaced meanwhile is never sent");
    shelf.settled(TOPIC, true);
    assertTrue(shelf.next(true, 0).isEmpty());
  }

  @Test
  void whatTheBrokerDidNotTakeIsDueAgain() {
    put(0, 1);
    shelf.settled(take().topic(), false);
    assertEquals(1, reported(take()));
  }

  @Test
  void rankedPayloadsWaitWhileWeListen() {
    put(0, 1);
    shelf.put("starling/berlin/gateway/gw/status", Payloads.status(true));
    assertEquals(
        Optional.of("starling/berlin/gateway/gw/status"), shelf.next(false, 0).map(Message::topic));
    assertTrue(shelf.next(false, 0).isEmpty());
    assertEquals(Optional.of(TOPIC), shelf.next(true, 0).map(Message::topic));
  }

  @Test
  void topicsAreBounded() {
    for (int i = 0; i < Shelf.TOPICS_MAX; i++) {
      assertEquals(RETAIN, shelf.put("t/" + i, new byte[] {1}));
      shelf.heard("x/" + i, Payloads.result(Samples.result("/berlin", 1, 1, 1)));
      shelf.heard("y/" + i, Payloads.result(Samples.result("/berlin", 1, 1, 1)));
    }
    assertEquals(FULL, shelf.put("one more", new byte[] {1}));
    assertEquals(RETAIN, shelf.put("t/7", new byte[] {2}), "those that are there go on");
  }

  private Shelf.Verdict put(int window, int reported) {
    Delivery.Result result = Samples.result("/berlin", window, reported, 1);
    return shelf.put(TOPIC, Payloads.result(result), Rank.of(result));
  }

  private Message take() {
    return shelf.next(true, 0).orElseThrow();
  }

  private static int reported(Message message) {
    return Rank.of(message.payload()).orElseThrow().reported();
  }
}
