/**
 * Whether members are missed when they are gone and only then: cells of production membership
 * protocols over lossy channels, and whole sites. Behind {@code starling bench membership}. Imports
 * {@code starling.membership} and {@code starling.simulate}.
 */
@NullMarked
package starling.bench.membership;

import org.jspecify.annotations.NullMarked;
