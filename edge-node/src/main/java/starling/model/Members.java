package starling.model;

/**
 * What a node believes of its cell's members, by slot.
 *
 * @param heard those it ever heard since it booted, itself included
 * @param suspect those whom most of their usual hearers miss
 * @param gone those suspected for so long that others take their duties for good
 * @param unsteady those who came back from being suspect within the last minutes: they count, but
 *     others keep their duties, so that one who comes and goes moves them at most once in that time
 * @param cutOff those who say that nobody is heard on their uplink
 * @param asleep those who said that they are silent for long
 * @param faint those whom most others never heard, or miss, and those who miss most others
 * @param lossPermille how much of what neighbours sent was lost here, 0 to 1000, over all of them
 */
public record Members(
    long heard,
    long suspect,
    long gone,
    long unsteady,
    long cutOff,
    long asleep,
    long faint,
    int lossPermille)
    implements Fact {
  /** Nobody heard yet. */
  public static final Members NONE = new Members(0, 0, 0, 0, 0, 0, 0, 0);

  /** Whether the member at this slot is taken for present: not suspected. */
  public boolean present(int slot) {
    return (suspect & 1L << slot) == 0;
  }

  /** Whether the member at this slot has been present for long enough to take duties. */
  public boolean steady(int slot) {
    return present(slot) && (unsteady & 1L << slot) == 0;
  }

  /** Whether the member at this slot speaks, and reaches others on its uplink, if it has one. */
  public boolean able(int slot) {
    return awake(slot) && (cutOff & 1L << slot) == 0;
  }

  /** Whether the member at this slot speaks as ever. */
  public boolean awake(int slot) {
    return (asleep & 1L << slot) == 0;
  }

  /** Whether most of the cell hears the member at this slot, and it hears them. */
  public boolean wellHeard(int slot) {
    return (faint & 1L << slot) == 0;
  }

  /** How many were heard and are not suspected; at least 1. */
  public int active() {
    return Math.max(1, Long.bitCount(heard & ~suspect));
  }
}
