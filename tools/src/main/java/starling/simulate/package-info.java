/**
 * The simulator: whole sites of production engines under virtual time, from one seed, with faults,
 * and with checkers outside the nodes. Imports everything that a node consists of but {@code
 * starling.node}, and {@code starling.link.air}.
 */
@NullMarked
package starling.simulate;

import org.jspecify.annotations.NullMarked;
