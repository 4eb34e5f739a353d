/**
 * The runtime: the program that a board runs. Configuration, key files, the durable log, threads
 * and wiring; the only package of this module that does I/O. {@link starling.node.Node} is one
 * running node; {@link starling.node.Main} its command line. Imports everything below.
 */
@NullMarked
package starling.node;

import org.jspecify.annotations.NullMarked;
