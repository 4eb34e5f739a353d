/**
 * Network time: every node's estimate of it, with how far off it may be. Rooted at gateways, it
 * falls from neighbour to neighbour, each hop adding its uncertainty; without a root it runs on at
 * a stated drift. Imports {@code starling.engine}'s interfaces and {@code starling.model}.
 */
@NullMarked
package starling.clock;

import org.jspecify.annotations.NullMarked;
