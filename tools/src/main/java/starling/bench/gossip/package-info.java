/**
 * Gossip as rounds of drawn partners, without frames or nodes: what the mathematics says ({@link
 * starling.bench.gossip.SpreadBench}) and what Astrolabe's paper and our own rules give on whole
 * trees ({@link starling.bench.gossip.AstrolabeBench}), from given seeds. Behind {@code starling
 * bench}. Imports {@code starling.predict}, to compare with.
 */
@NullMarked
package starling.bench.gossip;

import org.jspecify.annotations.NullMarked;
