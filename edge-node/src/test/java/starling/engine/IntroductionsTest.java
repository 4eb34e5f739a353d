package starling.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import starling.engine.Protocol.Urgency;
import starling.frame.Introduction;
import starling.frame.Keyring;
import starling.link.Address;
import starling.link.Presets;
import starling.model.Charter;
import starling.model.Facts;
import starling.model.NodeId;
import starling.model.Self;
import starling.wire.WireWriter;

class IntroductionsTest {
  private static final Facts FACTS = Facts.of(new Self(new NodeId(1), 2, 3, 4), Charter.EMPTY);
  private static final LinkView RADIO =
      new LinkView(0, Presets.SIK_64K.profile(), Address.ALL, true, 0, 2);
  private static final LinkView INBOX =
      new LinkView(1, Presets.MQTT.profile(), new Address(9, 9), false, 0, 1);

  private final Introductions introductions = new Introductions(idle());

  private static Engine idle() {
    return new Engine(
        FACTS.self(),
        Charter.EMPTY,
        Keyring.of(0, new byte[32]),
        List.of(),
        List.of(),
        new SplittableRandom(1),
        new IdleHost());
  }

  @BeforeEach
  void hearStrangers() {
    for (int slot = 0; slot < 5; slot++) {
      introductions.ask(0, new Address(2, slot));
      introductions.tellTaken(0, new Address(2, slot), new Introduction(slot, 5, 6));
    }
  }

  private int fill(LinkView link, int size, long frameId) {
    WireWriter to = new WireWriter(new byte[size]);
    SectionWriter sections = new SectionWriter(to);
    sections.type(SectionType.ENGINE);
    introductions.fill(sections, link, frameId, FACTS, 0);
    return to.length();
  }

  @Test
  void everySizeHoldsWholeItemsAndADroppedFrameForgetsNothing() {
    int most = fill(RADIO, 250, 1);
    introductions.sent(RADIO, 1, false, 0);
    assertEquals(2 + 5 * 16 + 2 + 5 * 3, most);
    for (int size = 0; size <= 250; size++) {
      int written = fill(RADIO, size, 2);
      assertTrue(written <= size, size + " holds no " + written);
      int taken = written >= 18 ? Math.min(5, (written - 2) / 16) : 0;
      int rest = written - (taken > 0 ? 2 + taken * 16 : 0);
      assertTrue(rest == 0 || (rest - 2) % 3 == 0, size + " has a part of an item");
      introductions.sent(RADIO, 2, false, 0);
    }
    assertEquals(most, fill(RADIO, 250, 3));
  }

  @Test
  void whatWasSaidIsSaidOnceAndWhatDidNotFitComesNext() {
    fill(RADIO, 2 + 16 + 2 + 3, 1);
    introductions.ask(0, new Address(2, 40)); // heard while that frame was on the air
    introductions.sent(RADIO, 1, true, 0);
    assertEquals(2 + 4 * 16 + 2 + 5 * 3, fill(RADIO, 250, 2));
    introductions.sent(RADIO, 2, true, 0);
    assertEquals(Urgency.NONE, introductions.urgency(RADIO, FACTS, 0));
  }

  @Test
  void aStrangerOnOneLinkIsNotAskedOnAnother() {
    assertEquals(Urgency.NONE, introductions.urgency(INBOX, FACTS, 0));
    introductions.ask(1, new Address(9, 9));
    introductions.ask(1, new Address(9, 8));
    assertEquals(Urgency.TURN, introductions.urgency(INBOX, FACTS, 0));
    assertEquals(2 + 3, fill(INBOX, 250, 1), "each inbox is told only what concerns it");
  }

  @Test
  void noCrowdOfStrangersTakesMoreThanItsPart() {
    for (int slot = 0; slot < 10_000; slot++) {
      introductions.ask(0, new Address(slot, slot & 63));
      introductions.tellTaken(0, new Address(slot, 1), new Introduction(slot, 5, 6));
    }
    assertEquals(2 + 12 * 16 + 2 + 12 * 3, fill(RADIO, 1024, 1));
  }
}
