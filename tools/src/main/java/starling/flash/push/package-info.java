/**
 * A node onto a board that runs already, over the system's ssh: {@link starling.flash.push.Push}.
 * Imports {@code starling.flash}'s payloads, {@code starling.keys}, {@code starling.progress}.
 */
@NullMarked
package starling.flash.push;

import org.jspecify.annotations.NullMarked;
