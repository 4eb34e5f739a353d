package starling.simulate;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import starling.link.LinkProfile;
import starling.model.NetworkTime;

/**
 * Network time along a line of production nodes on one radio channel, whose modems take their time
 * and whose crystals are off, without any other source of time than a gateway's clock.
 *
 * @param hops from the gateway at one end to the last node at the other
 * @param loss the share of frames that each link loses
 * @param windowMillis how often each node speaks, mostly
 */
public record TimeSpread(LinkProfile radio, int hops, double loss, long windowMillis) {
  private static final int WINDOWS_TO_SETTLE = 12;
  private static final int DRIFT_PPM = 20;
  private static final int BAD_DRIFT_PPM = 200;
  private static final long WRONG_MILLIS = 3_000;

  /** What is wrong besides. */
  public enum Trouble {
    NONE,
    /** A node's crystal is off ten times as much as others'. */
    CRYSTAL,
    /** A gateway at each end, three seconds apart. */
    GATEWAYS,
    /** The only gateway's clock is set by three seconds. */
    STEP
  }

  /**
   * How far nodes' time was off that of the first gateway, milliseconds.
   *
   * @param settledSeconds from power-on until all had time
   */
  public record Result(double p95Millis, double maxMillis, double settledSeconds) {}

  /** Runs it for so many windows. */
  public Result run(Trouble trouble, int windows, long seed) {
    LinkedCell line = LinkedCell.line(hops + 1, 1 - loss, radio, windowMillis);
    boolean both = trouble == Trouble.GATEWAYS;
    VirtualSite site = line.site(slot -> slot == 0 || both && slot == hops, seed);
    site.radio(LinkedCell.PATH).slowModems();
    SplittableRandom random = new SplittableRandom(seed);
    for (int slot = 0; slot <= hops; slot++) {
      int ppm = random.nextInt(-DRIFT_PPM, DRIFT_PPM + 1);
      node(site, slot).drift(trouble == Trouble.CRYSTAL && slot == 2 ? BAD_DRIFT_PPM : ppm);
    }
    node(site, hops).ailing().clockErrorMillis = both ? WRONG_MILLIS : 0;
    double settled = 0;
    while (!allKnow(site) && settled < windows * windowMillis / 1e3) {
      site.run(1);
      settled++;
    }
    node(site, 0).ailing().clockErrorMillis = trouble == Trouble.STEP ? WRONG_MILLIS : 0;
    site.run(WINDOWS_TO_SETTLE * windowMillis / 1e3);
    double[] errors = new double[(int) (windows * windowMillis / 1000) * hops];
    for (int i = 0; i < errors.length; i += hops) {
      site.run(1);
      double truth = micros(site, 0);
      for (int slot = 1; slot <= hops; slot++) {
        errors[i + slot - 1] = Math.abs(micros(site, slot) - truth) / 1e3;
      }
    }
    double[] sorted = DoubleStream.of(errors).sorted().toArray();
    int p95 = (int) (0.95 * (sorted.length - 1));
    return new Result(sorted[p95], sorted[sorted.length - 1], settled);
  }

  private static VirtualNode node(VirtualSite site, int slot) {
    return site.node(LinkedCell.path(slot));
  }

  private static boolean allKnow(VirtualSite site) {
    return site.nodes().stream().allMatch(node -> node.engine.facts().time().known());
  }

  private static double micros(VirtualSite site, int slot) {
    VirtualNode node = node(site, slot);
    NetworkTime time = node.engine.facts().time();
    return time.micros(node.local());
  }
}
