package starling.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import starling.engine.Effects;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Section;
import starling.frame.FrameHeader;
import starling.link.Address;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Fact;
import starling.model.Facts;
import starling.model.NetworkTime;
import starling.model.NodeId;
import starling.model.Self;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

class ClockTest {
  private static final long UNIX_MILLIS = 1_780_000_000_000L;
  private static final LinkProfile MQTT = Presets.MQTT.profile();
  private static final LinkView LINK = new LinkView(0, MQTT, new Address(2, 1), true, 1, 2);

  private final List<Delivery> told = new ArrayList<>();
  private final Clock clock = new Clock();
  private Facts facts = Facts.of(new Self(new NodeId(7), 2, 0, 1), Charter.EMPTY);

  private final Effects effects =
      new Effects() {
        @Override
        public void deliver(Delivery delivery) {
          told.add(delivery);
        }

        @Override
        public void publish(Fact fact) {
          facts = facts.with(fact);
        }

        @Override
        public long persist(long key, byte[] value) {
          return 0;
        }
      };

  /**
   * A frame that the root filled at {@code sentMillis} of its life is heard at {@code heardMillis}.
   */
  private void hear(long sentMillis, long heardMillis) throws MalformedException {
    byte[] body =
        WireWriter.ofSize(11).u48(UNIX_MILLIS + sentMillis).u16(200).u16(99).u8(0).toBytes();
    long nanos = heardMillis * 1_000_000;
    Event.Heard frame =
        new Event.Heard(
            LINK, new FrameHeader(false, 0, 2, 1, 5, 0, 3), new NodeId(9), 1, 40, nanos);
    clock.read(new Section(frame, 0, new WireReader(body)), facts, effects, nanos);
  }

  private long errorMillis(long nowMillis) {
    NetworkTime time = facts.time();
    return time.millis(nowMillis * 1_000_000) - (UNIX_MILLIS + nowMillis);
  }

  @BeforeEach
  void thereIsTime() throws MalformedException {
    hear(0, 5);
    assertTrue(facts.time().known());
    assertTrue(Math.abs(errorMillis(5)) <= 2);
  }

  @Test
  void aFrameThatWasHeldUpDoesNotSetTheClockBack() throws MalformedException {
    for (int second = 60; second < 600; second += 60) {
      hear(second * 1000L, second * 1000L + (second % 120 == 0 ? 5 : 2_000));
      assertTrue(Math.abs(errorMillis(second * 1000L)) <= 2, "after " + second + " s");
    }
  }

  @Test
  void aClockThatWasSetByAHeldUpFrameIsCorrectedByTheNextGoodOne() throws MalformedException {
    facts = Facts.of(facts.self(), Charter.EMPTY);
    Clock fresh = new Clock();
    byte[] body = WireWriter.ofSize(11).u48(UNIX_MILLIS).u16(200).u16(99).u8(0).toBytes();
    FrameHeader header = new FrameHeader(false, 0, 2, 1, 5, 0, 3);
    Event.Heard held = new Event.Heard(LINK, header, new NodeId(9), 1, 40, 3_000 * 1_000_000L);
    fresh.read(new Section(held, 0, new WireReader(body)), facts, effects, 3_000 * 1_000_000L);
    assertTrue(errorMillis(3_000) < -2_900);
    body = WireWriter.ofSize(11).u48(UNIX_MILLIS + 4_000).u16(200).u16(99).u8(0).toBytes();
    Event.Heard good = new Event.Heard(LINK, header, new NodeId(9), 1, 40, 4_005 * 1_000_000L);
    fresh.read(new Section(good, 0, new WireReader(body)), facts, effects, 4_005 * 1_000_000L);
    assertTrue(Math.abs(errorMillis(4_005)) <= 2);
  }

  /** A neighbour on a radio, so far from a root, says that time is ahead by so much. */
  private void hearByRadio(int root, int hops, long aheadMillis, long nowMillis)
      throws MalformedException {
    hearByRadio(root, hops, 10 + 150 * hops, aheadMillis, nowMillis);
  }

  /** The same, unsure by so many tenths of a millisecond. */
  private void hearByRadio(int root, int hops, int uncertainty, long aheadMillis, long nowMillis)
      throws MalformedException {
    LinkProfile radio = Presets.SIK_64K.profile();
    LinkView link = new LinkView(0, radio, Address.ALL, true, 0, 2);
    long sentMillis = UNIX_MILLIS + nowMillis + aheadMillis - 20;
    byte[] body =
        WireWriter.ofSize(11).u48(sentMillis).u16(uncertainty).u16(root).u8(hops).toBytes();
    FrameHeader header = new FrameHeader(false, 0, 2, 1, 5, 0, 3);
    long nanos = nowMillis * 1_000_000;
    Event.Heard frame = new Event.Heard(link, header, new NodeId(9), 1, 40, nanos);
    clock.read(new Section(frame, 0, new WireReader(body)), facts, effects, nanos);
  }

  @Test
  void aNeighbourOnARadioWithAWrongClockIsNotBelievedWhileOthersDisagree()
      throws MalformedException {
    for (int second = 60; second < 1200; second += 60) {
      hearByRadio(99, 0, 0, second * 1000L);
      hearByRadio(99, 0, 5_000, second * 1000L + 500);
      assertTrue(Math.abs(errorMillis(second * 1000L + 500)) <= 20, "after " + second + " s");
    }
  }

  @Test
  void whoIsNearerToTheRootIsBelievedEveryHalfMinuteThoughLessSure() throws MalformedException {
    hearByRadio(99, 0, 10, 0, 60_000);
    long before = errorMillis(60_000);
    hearByRadio(99, 0, 60, 20, 80_000);
    assertEquals(before, errorMillis(80_000), 1);
    hearByRadio(99, 0, 60, 20, 95_000);
    assertEquals(before + 10, errorMillis(95_000), 3);
  }

  @Test
  void whoGoesByThisNodeDoesNotSpeakForItsTime() throws MalformedException {
    hearByRadio(99, 0, 0, 60_000);
    hearByRadio(99, 0, 5_000, 61_000);
    hearByRadio(99, 2, 10, 0, 62_000);
    hearByRadio(99, 0, 5_000, 63_000);
    assertEquals(5_000, errorMillis(63_000), 20);
  }

  @Test
  void ofTwoRootsThatDisagreeAllGoByTheSmallerNumber() throws MalformedException {
    for (int second = 60; second < 600; second += 60) {
      hearByRadio(100, 0, 3_000, second * 1000L);
      assertTrue(Math.abs(errorMillis(second * 1000L)) <= 20, "after " + second + " s");
    }
    hearByRadio(98, 2, 3_000, 600_000);
    assertTrue(Math.abs(errorMillis(600_000) - 3_000) <= 20);
    hearByRadio(99, 0, 0, 601_000);
    assertTrue(Math.abs(errorMillis(601_000) - 3_000) <= 20);
  }

  @Test
  void aRootThatReallySteppedBackIsFollowedAfterEightFrames() throws MalformedException {
    for (int second = 1; second <= 8; second++) {
      hear(second * 1000L - 10_000, second * 1000L + 5);
    }
    assertTrue(Math.abs(errorMillis(8_005) + 10_000) <= 2);
    assertEquals(1, told.stream().filter(delivery -> delivery instanceof Delivery.Warning).count());
  }
}
