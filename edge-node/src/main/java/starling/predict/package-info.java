/**
 * What gossip costs and how long it takes, by arithmetic: the spread of one change in a group
 * ({@link starling.predict.Gossip}) and in a tree of zones ({@link starling.predict.Tree}), a
 * window's exchange in a cell ({@link starling.predict.Cell}), and what a field affords ({@link
 * starling.predict.Field}). A pure library: no protocol, I/O, time or randomness. Nodes, the demo
 * and {@code starling predict} use the same. Imports {@code starling.link}'s profiles only.
 */
@NullMarked
package starling.predict;

import org.jspecify.annotations.NullMarked;
