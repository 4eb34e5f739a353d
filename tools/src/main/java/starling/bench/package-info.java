/**
 * What things cost and how they behave, measured. Behind {@code starling bench}; {@link
 * starling.bench.Report} prints rows of results.
 */
@NullMarked
package starling.bench;

import org.jspecify.annotations.NullMarked;
