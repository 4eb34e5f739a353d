/**
 * Whole sites of production nodes under virtual time, measured: how fast they run here and what
 * they weigh, and whether their answers are right. Behind {@code starling bench}. Imports {@code
 * starling.simulate}.
 */
@NullMarked
package starling.bench.site;

import org.jspecify.annotations.NullMarked;
