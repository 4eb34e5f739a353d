package starling.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FloodTest {
  @Test
  void oneLinkTakesTheInverseOfItsDelivery() {
    double[][] delivery = {{0, 0.25}, {0.25, 0}};
    assertEquals(4, new Flood(delivery).rounds(0, 0, 1).mean(), 0.001);
    assertEquals(0, new Flood(delivery).rounds(0, 0).mean());
  }

  @Test
  void aChainOfGoodLinksTakesARoundALink() {
    assertEquals(4, new Flood(chain(5, 1)).rounds(0, 0, 1, 2, 3, 4).mean());
    assertEquals(2, new Flood(chain(5, 1)).rounds(2, 0, 1, 2, 3, 4).quantile(0.99));
  }

  /** A chain is where members depend on each other most. */
  @Test
  void agreesWithFloodsPlayedOut() {
    double[][] delivery = chain(8, 0.5);
    double predicted = new Flood(delivery).rounds(0, 0, 1, 2, 3, 4, 5, 6, 7).mean();
    double played = 0;
    for (int seed = 0; seed < 500; seed++) {
      played += played(delivery, new SplittableRandom(seed)) / 500.0;
    }
    assertEquals(played, predicted, 0.2 * played);
  }

  private static int played(double[][] delivery, SplittableRandom random) {
    BitSet knows = new BitSet();
    knows.set(0);
    int rounds = 0;
    for (; knows.cardinality() < delivery.length; rounds++) {
      for (int from : knows.stream().toArray()) {
        for (int to = 0; to < delivery.length; to++) {
          if (random.nextDouble() < delivery[from][to]) {
            knows.set(to);
          }
        }
      }
    }
    return rounds;
  }

  private static double[][] chain(int members, double share) {
    double[][] delivery = new double[members][members];
    for (int one = 1; one < members; one++) {
      delivery[one - 1][one] = share;
      delivery[one][one - 1] = share;
    }
    return delivery;
  }
}
