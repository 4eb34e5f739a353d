/**
 * Radio links as they were measured in real networks, and whether what one member is told reaches
 * all that these links connect. Behind {@code starling bench}. Imports {@code starling.simulate}
 * and {@code starling.predict}.
 */
@NullMarked
package starling.bench.links;

import org.jspecify.annotations.NullMarked;
