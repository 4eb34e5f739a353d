package starling.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import starling.predict.Gossip.Mode;

class GossipTest {
  /** Simulated by an independent program; 2000 runs up to 128 members, 400 at 1000, 60 beyond. */
  @ParameterizedTest
  @CsvSource({
    "PUSH, 16, 1, 0.0, 7.4, 12",
    "PUSH, 16, 1, 0.3, 10.1, 16",
    "PUSH, 1000, 1, 0.0, 18.0, 21",
    "PUSH, 1000, 1, 0.3, 24.5, 30",
    "PUSH, 10000, 1, 0.0, 23.6, 26",
    "PUSH, 10000, 1, 0.3, 32.1, 40",
    "PUSH, 10000, 3, 0.0, 10.6, 11",
    "PUSH, 10000, 3, 0.3, 13.5, 15",
    "PULL, 1000, 1, 0.0, 13.8, 17",
    "PULL, 1000, 1, 0.3, 30.2, 42",
    "PULL, 10000, 1, 0.0, 17.5, 21",
    "PULL, 10000, 1, 0.3, 39.5, 47",
    "PUSH_PULL, 16, 1, 0.0, 4.1, 5",
    "PUSH_PULL, 16, 1, 0.3, 6.4, 10",
    "PUSH_PULL, 1000, 1, 0.0, 9.2, 10",
    "PUSH_PULL, 1000, 1, 0.3, 15.2, 19",
    "PUSH_PULL, 10000, 1, 0.0, 11.6, 12",
    "PUSH_PULL, 10000, 1, 0.3, 20.0, 23",
    "PUSH_PULL, 10000, 3, 0.0, 6.7, 7",
    "PUSH_PULL, 10000, 3, 0.3, 9.4, 11",
    "PUSH_PULL, 390625, 1, 0.0, 15.4, 16",
    "PUSH, 390625, 1, 0.0, 32.3, 34",
  })
  void roundsAreThoseOfAnIndependentSimulation(
      Mode mode, int members, int fanout, double loss, double mean, int p99) {
    Rounds all = new Gossip(mode, members, fanout, loss).spread().all();
    assertEquals(mean, all.mean(), 0.4);
    assertEquals(p99, all.quantile(0.99), 3); // the largest of few runs where members are many
  }

  @Test
  void threeMembersArePushedToByHand() {
    // One tells one of two; then each of two misses the third half the time.
    Rounds all = new Gossip(Mode.PUSH, 3, 1, 0).spread().all();
    assertArrayEquals(
        new double[] {0, 0, 0.75, 0.9375, 0.984375},
        IntStream.rangeClosed(0, 4).mapToDouble(all::by).toArray(),
        1e-12);
  }

  @Test
  void twoMembersNeedARequestAndAnAnswerThatArrive() {
    double once = 0.7 * 0.7;
    Rounds pull = new Gossip(Mode.PULL, 2, 1, 0.3).spread().all();
    assertEquals(1 - Math.pow(1 - once, 5), pull.by(5), 1e-12);
    assertEquals(1 / once, pull.mean(), 1e-6);
    Rounds both = new Gossip(Mode.PUSH_PULL, 2, 1, 0.3).spread().all();
    assertEquals(1 - 0.3 * (1 - once), both.by(1), 1e-12);
  }

  @Test
  void whoPushesToAllOthersIsDoneInARound() {
    assertEquals(1, new Gossip(Mode.PUSH, 4, 3, 0).spread().all().mean(), 1e-12);
    assertEquals(1, new Gossip(Mode.PUSH, 4, 8, 0).spread().all().mean(), 1e-12);
  }

  @Test
  void aGroupOfOneKnows() {
    for (Mode mode : Mode.values()) {
      Spread spread = new Gossip(mode, 1, 1, 0.5).spread();
      assertEquals(0, spread.all().mean());
      assertEquals(0, spread.frames());
    }
  }

  /** What one round does on average is told by the chain and by the recurrence. */
  @ParameterizedTest
  @EnumSource
  void chainAndRecurrenceAgreeOnTheFirstRound(Mode mode) {
    for (int fanout = 1; fanout <= 3; fanout++) {
      Gossip gossip = new Gossip(mode, 40, fanout, 0.2);
      double uninformed = gossip.unpushed(1) * gossip.unpulled(1);
      assertEquals(1 - uninformed, gossip.spread().member().by(1), 1e-12);
    }
  }

  @ParameterizedTest
  @EnumSource
  void chainAndRecurrenceMeet(Mode mode) {
    for (int fanout = 1; fanout <= 3; fanout++) {
      for (double loss : new double[] {0, 0.1, 0.3}) {
        Gossip largest = new Gossip(mode, Gossip.EXACT_MAX, fanout, loss);
        Spread exact = largest.spread();
        Spread beyond = largest.among(Gossip.EXACT_MAX + 1).spread();
        assertEquals(exact.all().mean(), beyond.all().mean(), 0.05);
        assertEquals(exact.member().mean(), beyond.member().mean(), 1.5);
        assertEquals(1, beyond.frames() / exact.frames(), 0.15);
        assertEquals(exact.all().mean(), largest.roughRounds(), mode == Mode.PULL ? 1 : 0.5);
      }
    }
  }

  @Test
  void moreMembersMoreLossAndLessFanoutTakeLonger() {
    for (Mode mode : Mode.values()) {
      double[] slower =
          Arrays.stream(
                  new Gossip[] {
                    new Gossip(mode, 50, 2, 0.1),
                    new Gossip(mode, 90, 2, 0.1),
                    new Gossip(mode, 90, 2, 0.2),
                    new Gossip(mode, 90, 1, 0.2),
                    new Gossip(mode, 9_000_000, 1, 0.2),
                  })
              .mapToDouble(gossip -> gossip.spread().all().mean())
              .toArray();
      for (int i = 1; i < slower.length; i++) {
        assertTrue(slower[i] > slower[i - 1], mode + " " + Arrays.toString(slower));
      }
    }
  }

  @Test
  void pushingCostsWhatItSendsWithoutLoss() {
    // n = 2: one frame; n = 3: one, then two a round until the third has it: 1 + 2 * 4/3.
    assertEquals(1, new Gossip(Mode.PUSH, 2, 1, 0).spread().frames(), 1e-9);
    assertEquals(1 + 2 * 4 / 3.0, new Gossip(Mode.PUSH, 3, 1, 0).spread().frames(), 1e-6);
  }

  @Test
  void whatIsNoGossipIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Gossip(Mode.PUSH, 0, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Gossip(Mode.PUSH, 2, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Gossip(Mode.PUSH, 2, 9, 0));
    assertThrows(IllegalArgumentException.class, () -> new Gossip(Mode.PUSH, 2, 1, 0.91));
    assertThrows(IllegalArgumentException.class, () -> new Gossip(Mode.PUSH, 2, 1, Double.NaN));
  }

  @Test
  void howManyKnowIsADistributionThatAgreesWithTheSpread() {
    Gossip gossip = new Gossip(Gossip.Mode.PUSH_PULL, 25, 1, 0.1);
    Spread spread = gossip.spread();
    List<Delivered> delivery = gossip.delivery(0.999);
    assertEquals(1, delivery.getFirst().quantile(0.5));
    for (int round = 0; round < delivery.size(); round++) {
      Delivered known = delivery.get(round);
      assertEquals(1, java.util.Arrays.stream(known.probability()).sum(), 1e-9);
      assertEquals(spread.all().by(round), known.all(), 1e-9);
      assertEquals(1 + 24 * spread.member().by(round), known.mean(), 1e-6);
      assertTrue(known.quantile(0.01) <= known.quantile(0.99));
    }
    assertTrue(delivery.getLast().all() >= 0.999);
  }
}
