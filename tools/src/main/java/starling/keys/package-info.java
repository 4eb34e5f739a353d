/**
 * What an operator keeps on the own machine: a directory with the site's key, the operator's key,
 * the charter and the nodes' identities, and what can be done with it. Behind {@code starling
 * keys}, and behind the demo, which is an operator too. Imports {@code starling.charter}, {@code
 * starling.node}'s key files, {@code starling.query} to check queries before they are signed.
 */
@NullMarked
package starling.keys;

import org.jspecify.annotations.NullMarked;
