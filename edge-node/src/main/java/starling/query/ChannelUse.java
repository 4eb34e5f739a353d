package starling.query;

import java.util.List;
import java.util.OptionalInt;
import starling.link.LinkProfile;
import starling.model.Page;
import starling.model.Window;
import starling.predict.RadioCell;

/**
 * What a radio cell's channel is used for in a window: each member's contribution with its repair,
 * and for each standing query a row of each zone above, said once. The same arithmetic paces the
 * cell and tells an operator what a query costs. Worst cases all: typical rows are half as long.
 *
 * @param medium the cell's
 * @param contributionsMicros the contributions' airtime, in each window
 * @param rows of each query
 */
public record ChannelUse(LinkProfile medium, double contributionsMicros, List<Rows> rows) {
  public ChannelUse {
    rows = List.copyOf(rows);
  }

  /**
   * A query's rows.
   *
   * @param micros their airtime, each time that they are due
   * @param everyMillis how often that is at most; 0 for each window
   */
  public record Rows(double micros, long everyMillis) {}

  /**
   * The use of one cell's channel.
   *
   * @param above the zones above the cell
   * @param plans the standing queries
   */
  public static ChannelUse of(
      LinkProfile medium,
      Page.Cell cell,
      List<Page.Inner> above,
      Page.Site site,
      List<Plan> plans) {
    int channels = site.schemas().stream().mapToInt(s -> s.channels().size()).max().orElse(0);
    RadioCell contributing = new RadioCell(medium, Math.max(1, cell.members().size()), channels, 0);
    return new ChannelUse(
        medium,
        contributing.pacedMicros(),
        plans.stream().map(plan -> rows(plan, above, medium)).toList());
  }

  private static Rows rows(Plan plan, List<Page.Inner> above, LinkProfile medium) {
    double micros = 0;
    for (Page.Inner zone : above) {
      micros += medium.airtime().micros(Math.min(medium.mtuBytes(), Cost.frameBytes(plan, zone)));
    }
    return new Rows(micros, plan.query().everyMillis().orElse(0));
  }

  /** The rows' airtime for each window of this length, on average, in microseconds. */
  public double rowsMicros(long windowMillis) {
    return rows.stream()
        .mapToDouble(row -> row.micros() * windowMillis / Math.max(windowMillis, row.everyMillis()))
        .sum();
  }

  /** The share of the channel that is used when windows have this length. */
  public double share(long windowMillis) {
    return (contributionsMicros + rowsMicros(windowMillis)) / (1000.0 * windowMillis);
  }

  /**
   * How far the cell slows down to stay inside its channel's target: the smallest p at which
   * windows of 2<sup>p</sup> times this length hold it all; empty if none does.
   */
  public OptionalInt exponent(long windowMillis) {
    for (int exponent = 0; exponent <= Window.PACE_MAX; exponent++) {
      if (share(windowMillis << exponent) <= medium.channelTarget()) {
        return OptionalInt.of(exponent);
      }
    }
    return OptionalInt.empty();
  }
}
