package starling.simulate;

import java.util.List;

/**
 * How nodes that nothing ails regarded their cells' members in a run.
 *
 * @param falselyGone how often one took a living member for gone
 * @param suspects how often one took for suspect a living member that nothing ails
 * @param removedWrongly how many such members that befell
 * @param removed how many members that live, but send or hear badly, lost their duties
 * @param oscillations how often one gave its duties back to the same such member, at most
 * @param detectedSeconds how long it took after each death until half of the cell's members knew,
 *     to a quarter of a window; infinite if they never did
 */
public record Regard(
    long falselyGone,
    long suspects,
    int removedWrongly,
    int removed,
    int oscillations,
    List<Double> detectedSeconds) {}
