/**
 * What frames cost a processor ({@link starling.bench.frame.FrameBench}): time and memory, beside
 * what one would take from elsewhere, in the same run. Behind {@code starling bench}. Imports
 * {@code starling.frame} and {@code starling.engine} with its protocols, which it drives by hand,
 * and {@code starling.charter} to draft a cell for them.
 */
@NullMarked
package starling.bench.frame;

import org.jspecify.annotations.NullMarked;
