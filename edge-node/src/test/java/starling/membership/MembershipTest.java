package starling.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import starling.engine.Effects;
import starling.engine.Event;
import starling.engine.LinkView;
import starling.engine.Protocol;
import starling.engine.Section;
import starling.engine.SectionWriter;
import starling.frame.FrameHeader;
import starling.link.Address;
import starling.link.Presets;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Fact;
import starling.model.Facts;
import starling.model.Members;
import starling.model.NodeId;
import starling.model.Self;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/** A cell of members that hear each other by radio, and say a frame a minute. */
class MembershipTest {
  private static final int CELL = 3;
  private static final int PROMISE = 7; // 128 s
  private static final int SECTION_HEADER = 2;
  private static final LinkView RADIO =
      new LinkView(0, Presets.SIK_64K.profile(), Address.ALL, true, 0, CELL);

  private final Station[] cell = new Station[9];
  private double seconds = 1000;

  MembershipTest() {
    for (int slot = 0; slot < cell.length; slot++) {
      cell[slot] = new Station(slot);
    }
  }

  /** One node: the protocol, and what it made known. */
  private final class Station implements Effects {
    final int slot;
    final List<Delivery> told = new ArrayList<>();
    Membership protocol = new Membership();
    Facts facts;
    IntPredicate hears = _ -> true;
    boolean silent;
    boolean stopped;
    int generation = 1;
    int counter;
    int promise = PROMISE;

    Station(int slot) {
      this.slot = slot;
      boot();
    }

    void boot() {
      protocol = new Membership();
      counter = 0;
      facts = Facts.of(new Self(new NodeId(slot), CELL, slot, generation), Charter.EMPTY);
    }

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
      throw new AssertionError("nothing is durable here");
    }

    Members members() {
      return facts.members();
    }

    byte[] says() {
      WireWriter to = WireWriter.ofSize(64);
      if (protocol.urgency(RADIO, facts, nanos()) != Protocol.Urgency.NONE) {
        protocol.fill(new SectionWriter(to), RADIO, ++counter, facts, nanos());
      }
      protocol.sent(RADIO, counter, true, nanos());
      return to.toBytes();
    }

    void hear(Station from, byte[] sections) {
      FrameHeader header =
          new FrameHeader(false, 0, CELL, from.slot, from.counter, 0, from.promise);
      Event.Heard heard =
          new Event.Heard(RADIO, header, new NodeId(from.slot), from.generation, 40, nanos());
      protocol.on(heard, facts, this, nanos());
      if (sections.length > 0) {
        WireReader body = new WireReader(sections, SECTION_HEADER, sections.length);
        try {
          protocol.read(new Section(heard, 0, body), facts, this, nanos());
        } catch (MalformedException e) {
          throw new AssertionError(e);
        }
      }
    }

    void wake() {
      while (protocol.nextWakeNanos(nanos() - 1_000_000_000) <= nanos()) {
        protocol.on(new Event.Woke(), facts, this, nanos());
      }
    }
  }

  private long nanos() {
    return (long) (seconds * 1e9);
  }

  /** Everybody says a frame a minute, one after the other. */
  private void minutes(int many) {
    for (int second = 0; second < 60 * many; second++) {
      for (Station station : cell) {
        if (!station.stopped) {
          station.wake();
        }
      }
      int slot = second % 60;
      if (slot < cell.length && !cell[slot].silent && !cell[slot].stopped) {
        byte[] sections = cell[slot].says();
        for (Station other : cell) {
          if (other.slot != slot && !other.stopped && other.hears.test(slot)) {
            other.hear(cell[slot], sections);
          }
        }
      }
      seconds++;
    }
  }

  private void assertSuspect(long expected) {
    for (Station station : cell) {
      if (!station.stopped && !station.silent) {
        assertEquals(expected, station.members().suspect(), "as " + station.slot + " sees it");
      }
    }
  }

  @Test
  void aCrashIsSuspectedByAllWithinTenBeaconsAndGoneAfterFiftyPromises() {
    minutes(20);
    assertSuspect(0);
    cell[4].stopped = true;
    minutes(5);
    assertSuspect(0);
    minutes(3);
    assertSuspect(1 << 4);
    minutes(50 * 128 / 60 - 10);
    assertEquals(0, cell[0].members().gone());
    minutes(5);
    assertEquals(1 << 4, cell[0].members().gone());
    cell[4].stopped = false;
    minutes(2);
    assertSuspect(0);
    assertEquals(0, cell[0].members().gone());
    assertFalse(cell[0].members().steady(4), "others keep its duties for a while");
    minutes(16 * 128 / 60 + 1);
    assertTrue(cell[0].members().steady(4));
  }

  @Test
  void theDeafHaveNoVoteAndCallNobodyGone() {
    minutes(20);
    for (int slot = 0; slot < 4; slot++) {
      cell[slot].hears = _ -> false;
    }
    minutes(60);
    assertSuspect(0);
    cell[8].stopped = true;
    minutes(9);
    for (int slot = 4; slot < 8; slot++) {
      assertEquals(1 << 8, cell[slot].members().suspect(), "as " + slot + " sees it");
    }
    minutes(24 * 60);
    assertEquals(0, cell[0].members().gone());
    assertEquals(0b1_1111_1110, cell[0].members().suspect(), "it goes by its own ears after hours");
  }

  @Test
  void halvesOfACellSuspectEachOtherForeverAndAreWholeAgainAtOnce() {
    cell[8].stopped = true;
    minutes(20);
    for (Station station : cell) {
      station.hears = other -> other / 4 == station.slot / 4;
    }
    minutes(10);
    assertEquals(0xF0, cell[1].members().suspect());
    assertEquals(0x0F, cell[5].members().suspect());
    minutes(48 * 60);
    assertEquals(0xF0, cell[1].members().suspect());
    assertEquals(0, cell[1].members().gone(), "nobody can tell which half is lost");
    for (Station station : cell) {
      station.hears = _ -> true;
    }
    minutes(3);
    assertSuspect(0);
  }

  @Test
  void theCrashOfMostOfACellIsSeenByThoseWhoAreLeft() {
    minutes(20);
    for (int slot = 0; slot < 5; slot++) {
      cell[slot].stopped = true;
    }
    minutes(9);
    assertSuspect(0x1F);
  }

  @Test
  void whoHearsFewerThanAThirdDoubtsItself() {
    minutes(20);
    cell[0].hears = other -> other == 1;
    cell[1].hears = other -> other != 5;
    minutes(60);
    assertSuspect(0);
  }

  @Test
  void whoAnnouncedSleepIsNotSuspectedBeforeItShouldWakeUp() {
    minutes(20);
    cell[2].promise = 12; // 68 min
    minutes(1);
    cell[2].silent = true;
    minutes(68);
    assertSuspect(0);
    minutes(9);
    assertSuspect(1 << 2);
    cell[2].silent = false;
    cell[2].promise = PROMISE;
    minutes(3);
    assertSuspect(0);
  }

  @Test
  void whoStoodStillBlamesNobody() {
    minutes(20);
    cell[6].stopped = true;
    minutes(5);
    assertSuspect(0);
    seconds += 1800; // all of them now
    cell[6].stopped = false;
    minutes(3);
    assertSuspect(0);
  }

  @Test
  void anotherBootVotesOnNobodyBeforeItHeardThem() {
    minutes(20);
    cell[5].generation = 2;
    cell[5].boot();
    cell[4].stopped = true;
    minutes(8);
    assertEquals(1 << 4, cell[0].members().suspect());
    assertEquals(0x1FF & ~(1 << 4), cell[5].members().heard());
    assertEquals(0, cell[5].members().suspect());
  }

  @Test
  void whoIsHeardByFewIsSuspectUntilMostHearItAgain() {
    minutes(20);
    for (Station station : cell) {
      station.hears = other -> other != 7 || station.slot < 2; // 6 of 8 miss it
    }
    minutes(9);
    for (int slot = 0; slot < 7; slot++) {
      assertEquals(1 << 7, cell[slot].members().suspect(), "as " + slot + " sees it");
    }
    cell[2].hears = _ -> true;
    minutes(3); // 5 of 8: between the watermarks, a verdict stands
    assertEquals(1 << 7, cell[0].members().suspect());
    cell[3].hears = _ -> true;
    cell[4].hears = _ -> true;
    minutes(3);
    assertSuspect(0);
  }

  @Test
  void aDoubtBetweenTheWatermarksIsNoVerdict() {
    minutes(20);
    for (Station station : cell) {
      station.hears = other -> other != 7 || station.slot < 3; // 5 of 8 miss it: 62 %
    }
    minutes(300);
    assertSuspect(0);
  }

  @Test
  void whoIsHeardByFewerThanHalfIsFaintUntilMostHearIt() {
    for (Station station : cell) {
      station.hears = other -> other != 7 || station.slot < 3; // 3 of 8 ever did
    }
    minutes(40);
    for (int slot = 0; slot < 7; slot++) {
      assertEquals(1 << 7, cell[slot].members().faint(), "as " + slot + " sees it");
    }
    cell[3].hears = _ -> true;
    cell[4].hears = _ -> true;
    minutes(3); // 5 of 8: between the watermarks
    assertEquals(1 << 7, cell[0].members().faint());
    cell[5].hears = _ -> true;
    minutes(3);
    assertEquals(0, cell[0].members().faint());
    assertSuspect(0);
  }

  @Test
  void whoIsHeardNowAndThenIsSuspectOnceAndUntilItIsHeardAgain() {
    minutes(20);
    for (int round = 0; round < 30; round++) { // three frames in four are lost, to everybody
      cell[7].silent = true;
      minutes(9);
      cell[7].silent = false;
      minutes(3);
      for (int slot = 0; slot < 7 && round > 1; slot++) {
        assertEquals(1 << 7, cell[slot].members().suspect(), "as " + slot + " sees it");
      }
    }
    minutes(30);
    assertSuspect(0);
  }

  @Test
  void theDeafRepresentNobody() {
    minutes(20);
    cell[6].hears = other -> other < 2;
    minutes(12);
    for (Station station : cell) {
      assertEquals(1 << 6, station.members().faint(), "as " + station.slot + " sees it");
    }
    assertSuspect(0);
    cell[6].hears = _ -> true;
    minutes(4);
    assertEquals(0, cell[0].members().faint());
    assertEquals(0, cell[6].members().faint());
  }

  @Test
  void bitmapsOfMoreThan64SlotsAreRefused() {
    Event.Heard heard =
        new Event.Heard(
            RADIO, new FrameHeader(false, 0, CELL, 1, 1, 0, PROMISE), new NodeId(1), 1, 40, 1);
    for (byte[] body : new byte[][] {{9}, {1, 1}, {1, 1, 1, 1, 1}, {}}) {
      assertThrows(
          MalformedException.class,
          () ->
              cell[0].protocol.read(
                  new Section(heard, 0, new WireReader(body)), cell[0].facts, cell[0], 1));
    }
  }
}
