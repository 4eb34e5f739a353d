/**
 * Standing queries: their language, their check against the schemas, and the partial states that
 * zones merge into answers, and what these cost on the media that carry them. A pure library: no
 * protocol, I/O, time or randomness. Imports {@code starling.model}, {@code starling.wire}, {@code
 * starling.link}'s profiles and {@code starling.frame}'s sizes.
 */
@NullMarked
package starling.query;

import org.jspecify.annotations.NullMarked;
