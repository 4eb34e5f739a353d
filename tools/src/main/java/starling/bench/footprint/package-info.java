/**
 * What a node costs the board that it runs on ({@link starling.bench.footprint.FootprintBench}):
 * the process as the kernel sees it, started by the launcher, beside what we aim at. Behind {@code
 * starling bench}. Imports {@code starling.keys} to make sites, {@code starling.link.pty} for a
 * radio and {@code starling.gateway.broker} for a broker.
 */
@NullMarked
package starling.bench.footprint;

import org.jspecify.annotations.NullMarked;
