package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import starling.link.Presets;

/** A page reaches all that links connect, however they are. */
class PageSpreadTest {
  @Test
  void aChainPassesItOnFromEndToEnd() {
    double[][] chain = new double[6][6];
    for (int one = 1; one < 6; one++) {
      link(chain, one - 1, one, 1, 1);
    }
    assertSpreads(chain, 60);
  }

  /** Who is hardly heard can't make the other speak, but hears that there is something to ask. */
  @Test
  void oneWhoIsHardlyHeardAsksUntilItIs() {
    double[][] links = new double[4][4];
    link(links, 0, 1, 1, 1);
    link(links, 0, 2, 1, 1);
    link(links, 1, 2, 1, 1);
    link(links, 2, 3, 1, 0.2);
    assertSpreads(links, 100);
  }

  /** The hub's leaves say the page's version for it, and only one of them needs to hear it. */
  @Test
  void aHubThatAllAgreeWithStillTellsALeafThatHearsNobodyElse() {
    double[][] star = new double[20][20];
    for (int leaf = 1; leaf < 19; leaf++) {
      link(star, 0, leaf, 1, 1);
    }
    link(star, 0, 19, 0.4, 0.4);
    assertSpreads(star, 200);
  }

  /** Requests of those who hear nobody with the page must not keep those quiet who do. */
  @Test
  void whoStandsBetweenTheSourceAndManyAsksForThem() {
    double[][] links = new double[14][14];
    link(links, 0, 1, 0.5, 0.5);
    for (int one = 1; one < 14; one++) {
      for (int other = 1; other < one; other++) {
        link(links, one, other, 0.9, 0.9);
      }
    }
    for (int other = 2; other < 14; other++) {
      links[0][other] = 0.1; // they hear of it and are not heard
    }
    assertSpreads(links, 600);
  }

  private static void link(double[][] links, int one, int other, double there, double back) {
    links[one][other] = there;
    links[other][one] = back;
  }

  private static void assertSpreads(double[][] links, int roundsMax) {
    BitSet all = new BitSet();
    all.set(0, links.length);
    PageSpread spread = new PageSpread(links, Presets.SIK_64K.profile());
    for (long seed = 1; seed <= 3; seed++) {
      PageSpread.Result result = spread.run(0, all, roundsMax, seed);
      assertEquals(all, result.holders(), "seed " + seed);
      assertTrue(result.reported() > 1, "the gateway hears its neighbours");
    }
  }
}
