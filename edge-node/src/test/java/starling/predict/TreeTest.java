package starling.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import starling.predict.Gossip.Mode;

class TreeTest {
  /** Simulated by an independent program: one exchange a level a round, all at once. */
  @ParameterizedTest
  @CsvSource({
    "390625, 5, 1, 0.0, 30.1, 2",
    "390625, 25, 1, 0.0, 29.1, 2",
    "390625, 125, 1, 0.0, 27.3, 2",
    "390625, 25, 3, 0.0, 24.0, 2",
    "625, 25, 3, 0.0, 10.5, 0.6",
    "625, 25, 3, 0.05, 11.2, 0.6",
    "625, 25, 3, 0.1, 12.0, 0.6",
    "625, 25, 3, 0.15, 12.9, 0.6",
    "625, 25, 3, 0.3, 16.3, 0.6",
  })
  void roundsAreThoseOfAnIndependentSimulation(
      int leaves, int branching, int representatives, double loss, double mean, double off) {
    assertEquals(mean, tree(leaves, branching, representatives, loss).spread().all().mean(), off);
  }

  @Test
  void aTreeOfOneCellIsItsGroup() {
    Tree one = tree(25, 25, 3, 0.1);
    assertEquals(1, one.depth());
    assertEquals(one.gossip().spread().all().mean(), one.spread().all().mean(), 1e-9);
    assertEquals(one.gossip().spread().frames(), one.spread().frames(), 1e-6);
  }

  @Test
  void theTopTakesWhatIsLeft() {
    assertEquals(List.of(25, 25, 16), tree(10_000, 25, 3, 0).levels());
    assertEquals(List.of(25, 2), tree(26, 25, 3, 0).levels());
    assertEquals(List.of(1), tree(1, 25, 3, 0).levels());
  }

  @Test
  void aNodeKeepsItsCellAndItsAncestorsResults() {
    assertEquals(28, tree(390_625, 25, 3, 0).rows());
    assertEquals(100, tree(390_625, 25, 3, 0).rowsAll());
  }

  @Test
  void someMemberKnowsBeforeTheLast() {
    Spread spread = tree(10_000, 25, 3, 0.1).spread();
    assertTrue(spread.member().mean() < spread.all().mean());
    assertTrue(spread.all().quantile(0.01) <= spread.all().quantile(0.99));
    assertTrue(spread.frames() > 10_000);
  }

  @Test
  void whatIsNoTreeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> tree(9, 1, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> tree(9, 5, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> tree(9, 5, 9, 0));
    assertThrows(IllegalArgumentException.class, () -> tree(9, 400, 3, 0));
  }

  private static Tree tree(int leaves, int branching, int representatives, double loss) {
    return new Tree(new Gossip(Mode.PUSH_PULL, leaves, 1, loss), branching, representatives);
  }
}
