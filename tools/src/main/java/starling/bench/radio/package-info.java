/**
 * What cells of production nodes do on one radio channel, beside what is aimed at: each {@link
 * starling.bench.radio.RadioCase} plays one claim out on the simulator's air. Behind {@code
 * starling bench}. Imports {@code starling.simulate}.
 */
@NullMarked
package starling.bench.radio;

import org.jspecify.annotations.NullMarked;
