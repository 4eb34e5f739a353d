package starling.predict;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import starling.link.AirtimeLedger;
import starling.link.LinkProfile;
import starling.predict.Every.Limit;

/**
 * Nodes in equal cells on one sort of medium, and the zones above them.
 *
 * @param tree of the zones; the loss of its gossip is the cells' medium's
 * @param medium the cells'
 * @param uplink what representatives gossip over
 * @param channels values in a contribution
 */
public record Field(Tree tree, LinkProfile medium, LinkProfile uplink, int channels) {
  private static final long WINDOW_MIN_MILLIS = 1000;

  /** A cell with as many members as any. */
  public Cell cell() {
    return Cell.on(
        medium, tree.levels().getFirst(), channels, tree.gossip().loss(), tree.depth() - 1);
  }

  /**
   * From a window's end until representatives have the top zone's result: the cell's exchange, then
   * rumours level by level.
   */
  public long completeMillis(long windowMillis) {
    List<Integer> levels = tree.levels();
    long millis = cell().completeMillis(windowMillis);
    for (int level = 1; level < levels.size(); level++) {
      int talkers = levels.get(level) * tree.representatives();
      millis += AddressedCell.rumourMillis(uplink, talkers, 0);
    }
    return millis;
  }

  /** How old the newest complete result is, counted from its window's end. */
  public Staleness staleness(long windowMillis) {
    return new Staleness(completeMillis(windowMillis), windowMillis);
  }

  /** How often this field's nodes may contribute. */
  public Every shortest() {
    Cell cell = cell();
    Traffic traffic = cell.traffic();
    double target = medium.channelTarget();
    Map<Limit, Long> limits = new EnumMap<>(Limit.class);
    limits.put(Limit.WINDOW, WINDOW_MIN_MILLIS);
    if (cell instanceof RadioCell radio) {
      limits.put(Limit.PACE, millis((radio.pacedMicros() + radio.rowsMicros()) / target));
    }
    limits.put(Limit.CHANNEL, millis(traffic.micros() / target));
    double share = target * AirtimeLedger.NORMAL / cell.members();
    limits.put(Limit.SHARE, millis(traffic.busiestMicros() / share));
    limits.put(Limit.LAW, millis(traffic.busiestMicros() / medium.law().share()));
    return new Every(limits);
  }

  private static long millis(double micros) {
    return (long) Math.ceil(micros / 1000);
  }

  /**
   * The age of what a reader sees who looks at any time.
   *
   * @param completeMillis from a window's end until its result is there
   * @param windowMillis from one result to the next
   */
  public record Staleness(long completeMillis, long windowMillis) {
    /** The age that this share of looks does not pass. */
    public long quantileMillis(double share) {
      return completeMillis + Math.round(share * windowMillis);
    }
  }
}
