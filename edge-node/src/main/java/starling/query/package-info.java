/**
 * Standing queries: their language, their check against the schemas, and the partial states that
 * zones merge into answers. A pure library: no protocol, I/O, time or randomness. Imports {@code
 * starling.model} and {@code starling.wire}.
 */
@NullMarked
package starling.query;

import org.jspecify.annotations.NullMarked;
