/**
 * What an operator keeps on the own machine: a directory with the site's key, the operator's key,
 * the charter and the nodes' identities, what can be done with it, and what a node is given of it.
 * Behind {@code starling keys}, and behind the demo, which is an operator too. Imports {@code
 * starling.charter}, {@code starling.query} for what queries cost, and {@code starling.node} for
 * key files and to read a bundle as the node will.
 */
@NullMarked
package starling.keys;

import org.jspecify.annotations.NullMarked;
