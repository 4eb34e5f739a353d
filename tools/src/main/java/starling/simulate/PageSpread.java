package starling.simulate;

import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import starling.charter.CharterSpread;
import starling.charter.Draft.Duty;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.air.Air;
import starling.link.air.Loss;
import starling.model.Delivery;
import starling.model.Member;
import starling.model.Page;

/**
 * One cell on one radio channel whose directed links deliver what was measured somewhere, over
 * several hops: one member, the gateway, is given a newer site page, and all others are watched
 * until they hold it. Windows, clock and membership run meanwhile, as they do.
 */
public final class PageSpread {
  private static final String CELL = "/orchard/field";
  private static final long WINDOW_MILLIS = 60_000;
  private static final double SETTLE_S = 150;
  private static final double LOOK_S = 0.5;
  private static final int WINDOWS_OLD = 4;

  private final double[][] delivery;
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
    if (delivery.length < 2 || delivery.length > Member.SLOTS_MAX) {
      throw new IllegalArgumentException("a cell has 2 to 64 members, not " + delivery.length);
    }
    this.delivery = Arrays.stream(delivery).map(double[]::clone).toArray(double[][]::new);
    this.radio = radio;
  }

  /** How long a round is: who has news says so once in it, unless another does. */
  public double roundSeconds() {
    return CharterSpread.shortestNanos(radio, delivery.length) / 1e9;
  }

  /**
   * Plays it.
   *
   * @param gateway who is given the page
   * @param awaited who should hold it
   * @param roundsMax how long to wait for them
   */
  public Result run(int gateway, BitSet awaited, int roundsMax, long seed) {
    VirtualSite site = site(gateway, seed);
    site.run(SETTLE_S);
    site.revise(draft -> draft.query("count", "SELECT COUNT(*) FROM readings EVERY 60 s"));
    site.give(path(gateway));
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

  private VirtualSite site(int gateway, long seed) {
    VirtualSite site =
        new VirtualSite(
            seed, radio, Presets.MQTT.profile(), new Loss.EachLink(this::lost), WINDOW_MILLIS, 1);
    Set<Duty> plain = EnumSet.of(Duty.SENSES);
    Set<Duty> serves = EnumSet.of(Duty.SENSES, Duty.UPLINK, Duty.MAINS, Duty.GATEWAY);
    site.radioCell(CELL, delivery.length, slot -> slot == gateway ? serves : plain).startAll();
    Air air = site.radio(CELL).air();
    for (int from = 0; from < delivery.length; from++) {
      for (int to = 0; to < delivery.length; to++) {
        air.hears(to, from, delivery[from][to] > 0);
      }
    }
    return site;
  }

  /** Stations beside the members' are nobody's. */
  private double lost(int from, int to) {
    int members = delivery.length;
    return from < members && to < members ? 1 - delivery[from][to] : 1;
  }

  private static String path(int slot) {
    return CELL + "/n" + slot;
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
    return site.node(path(gateway)).results(CELL).values().stream()
        .mapToInt(Delivery.Result::reported)
        .max()
        .orElse(0);
  }
}
