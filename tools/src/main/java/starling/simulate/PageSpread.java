package starling.simulate;

import java.util.BitSet;
import java.util.List;
import starling.charter.CharterSpread;
import starling.link.LinkProfile;
import starling.model.Delivery;
import starling.model.Page;

/**
 * One cell on one radio channel whose directed links deliver what was measured somewhere, over
 * several hops: one member, the gateway, is given a newer site page, and all others are watched
 * until they hold it. Windows, clock and membership run meanwhile, as they do.
 */
public final class PageSpread {
  private static final long WINDOW_MILLIS = 60_000;
  private static final double SETTLE_S = 150;
  private static final double LOOK_S = 0.5;
  private static final int WINDOWS_OLD = 4;

  private final LinkedCell cell;
  private final LinkProfile radio;

  /**
   * What came of it.
   *
   * @param holders who holds the page at the end
   * @param rounds when the last of those that were waited for took it, in the Trickle timer's
   *     shortest intervals; what the limit is if one did not
   * @param reported how many contributions the gateway had in a settled window, at most
   */
  public record Result(BitSet holders, double rounds, int reported) {}

  /**
   * A cell to be.
   *
   * @param delivery the share of one member's frames that another hears, {@code [from][to]}, 0 to
   *     1; where it is 0 they don't even disturb
   */
  public PageSpread(double[][] delivery, LinkProfile radio) {
    this.cell = new LinkedCell(delivery, radio, WINDOW_MILLIS);
    this.radio = radio;
  }

  /** How long a round is: who has news says so once in it, unless another does. */
  public double roundSeconds() {
    return CharterSpread.shortestNanos(radio, cell.size()) / 1e9;
  }

  /**
   * Plays it.
   *
   * @param gateway who is given the page
   * @param awaited who should hold it
   * @param roundsMax how long to wait for them
   */
  public Result run(int gateway, BitSet awaited, int roundsMax, long seed) {
    VirtualSite site = cell.site(gateway, seed);
    site.run(SETTLE_S);
    site.revise(draft -> draft.query("count", "SELECT COUNT(*) FROM readings EVERY 60 s"));
    site.give(LinkedCell.path(gateway));
    long version = site.charter().version(Page.SITE);
    double limit = roundsMax * roundSeconds();
    double seconds = 0;
    BitSet holders = holders(site, version);
    while (!contains(holders, awaited) && seconds < limit) {
      site.run(LOOK_S);
      seconds += LOOK_S;
      holders = holders(site, version);
    }
    site.run(WINDOWS_OLD * WINDOW_MILLIS / 1e3);
    return new Result(holders, seconds / roundSeconds(), reported(site, gateway));
  }

  private static boolean contains(BitSet all, BitSet some) {
    BitSet missing = (BitSet) some.clone();
    missing.andNot(all);
    return missing.isEmpty();
  }

  private static BitSet holders(VirtualSite site, long version) {
    BitSet holders = new BitSet();
    List<VirtualNode> nodes = site.nodes();
    for (int slot = 0; slot < nodes.size(); slot++) {
      holders.set(slot, nodes.get(slot).engine.facts().charter().version(Page.SITE) == version);
    }
    return holders;
  }

  private static int reported(VirtualSite site, int gateway) {
    return site.node(LinkedCell.path(gateway)).results(LinkedCell.PATH).values().stream()
        .mapToInt(Delivery.Result::reported)
        .max()
        .orElse(0);
  }
}
