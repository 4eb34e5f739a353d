package starling.simulate;

import java.util.List;

/**
 * How nodes that nothing ails regarded their cells' members in a run.
 *
 * @param falselyGone how often one took a living member for gone
 * @param suspects how often one took for suspect a living member that nothing ails
 * @param removedWrongly how many such members that befell
 * @param ailing how many members lived, but sent or heard badly
 * @param removedSeconds how long it took until most mates left each of those of them without duties
 *     who have none at the end, to a quarter of a window; the shortest first
 * @param oscillations how often one gave its duties back to the same such member, at most
 * @param flaps how often one changed its mind on whether the same living member is suspect, at most
 * @param detectedSeconds how long it took after each death until half of the cell's members knew,
 *     to a quarter of a window; infinite if they never did
 */
public record Regard(
    long falselyGone,
    long suspects,
    int removedWrongly,
    int ailing,
    List<Double> removedSeconds,
    int oscillations,
    int flaps,
    List<Double> detectedSeconds) {}
