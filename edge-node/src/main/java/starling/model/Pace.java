package starling.model;

/**
 * How much the cell has slowed down to stay inside its channel's target.
 *
 * @param exponent windows last 2^exponent times the site's shortest, 0 to {@link Window#PACE_MAX}
 */
public record Pace(int exponent) implements Fact {
  /** Not slowed. */
  public static final Pace NONE = new Pace(0);
}
