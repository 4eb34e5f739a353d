package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.model.Delivery;

/** Contributions cross cells in which not everybody hears everybody. */
class HopsTest {
  private static final int WINDOW_SECONDS = 15;
  private static final int WINDOWS_TO_LEARN = 5;
  private static final LinkProfile RADIO = Presets.SIK_64K.profile();

  @ParameterizedTest
  @ValueSource(ints = {247, 51})
  void aLineOfFourIsCompleteAtItsEnd(int mtuBytes) {
    double[][] line = new double[4][4];
    for (int one = 1; one < 4; one++) {
      link(line, one - 1, one, 1, 1);
    }
    List<Integer> reported = reported(line, RADIO.withMtu(mtuBytes), 20, 1);
    assertComplete(reported.subList(WINDOWS_TO_LEARN, reported.size()), 4);
  }

  @Test
  void lossesOnEachHopAreRepaired() {
    double[][] line = new double[4][4];
    for (int one = 1; one < 4; one++) {
      link(line, one - 1, one, 0.8, 0.8);
    }
    List<Integer> reported = reported(line, RADIO, 40, 2);
    assertComplete(reported.subList(WINDOWS_TO_LEARN, reported.size()), 4);
  }

  /** 3 hears the gateway and is not heard by it: its row comes by way of 1 or 2. */
  @Test
  void aLinkThatWorksOneWayOnlyIsNotWaitedFor() {
    double[][] links = new double[4][4];
    link(links, 0, 1, 1, 1);
    link(links, 0, 2, 1, 1);
    link(links, 1, 3, 1, 1);
    link(links, 2, 3, 1, 1);
    link(links, 0, 3, 1, 0);
    List<Integer> reported = reported(links, RADIO, 20, 3);
    assertComplete(reported.subList(WINDOWS_TO_LEARN, reported.size()), 4);
  }

  /** Two clusters, and a bridge between them. */
  @Test
  void aBridgeCarriesAWholeCluster() {
    double[][] links = new double[12][12];
    for (int one = 0; one < 12; one++) {
      for (int other = 0; other < one; other++) {
        boolean same = one / 6 == other / 6;
        boolean bridge = one == 6 && other == 5;
        link(links, one, other, same || bridge ? 0.9 : 0, same || bridge ? 0.9 : 0);
      }
    }
    List<Integer> reported = reported(links, RADIO, 30, 4);
    assertComplete(reported.subList(WINDOWS_TO_LEARN, reported.size()), 12);
  }

  /** What 4 says, and 5 behind it, comes by a link that loses four of five of its frames. */
  @Test
  void aBranchBehindABadLinkIsCountedOn() {
    double[][] links = new double[6][6];
    for (int near = 1; near < 4; near++) {
      link(links, 0, near, 1, 1);
      link(links, near, near % 3 + 1, 1, 1);
    }
    link(links, 0, 4, 1, 0.2);
    link(links, 4, 5, 1, 1);
    List<Integer> reported = reported(links, RADIO, 40, 5);
    List<Integer> learned = reported.subList(20, reported.size());
    double mean = learned.stream().mapToInt(Integer::intValue).average().orElse(0);
    assertTrue(mean > 5.9, () -> "contributions by window: " + reported);
  }

  private static void link(double[][] links, int one, int other, double there, double back) {
    links[one][other] = there;
    links[other][one] = back;
  }

  /** How many contributions node 0 had of each window in the end, oldest window first. */
  private static List<Integer> reported(
      double[][] links, LinkProfile radio, int windows, long seed) {
    VirtualSite site = new LinkedCell(links, radio, WINDOW_SECONDS * 1_000).site(0, seed);
    site.run(WINDOW_SECONDS * windows);
    List<Integer> reported = new ArrayList<>();
    for (Delivery.Result result : site.node(LinkedCell.path(0)).results(LinkedCell.PATH).values()) {
      reported.add(result.reported());
    }
    assertTrue(reported.size() >= windows - 4, "windows settle");
    Checks.check(site);
    return reported.subList(0, reported.size() - 4); // the last ones still count
  }

  private static void assertComplete(List<Integer> reported, int members) {
    for (int one : reported) {
      assertEquals(members, one, () -> "contributions by window: " + reported);
    }
  }
}
