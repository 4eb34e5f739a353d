/**
 * Bytes in and out, bounded both ways: {@link starling.wire.WireWriter} never writes past its
 * budget, {@link starling.wire.WireReader} never reads past its end, and neither allocates by what
 * a stranger claims. Imports nothing.
 */
@NullMarked
package starling.wire;

import org.jspecify.annotations.NullMarked;
