/**
 * An emulated radio medium: {@link starling.link.air.Air} is the model, with time as an argument.
 * Imports {@code starling.link} and {@code starling.link.pty}.
 */
@NullMarked
package starling.link.air;

import org.jspecify.annotations.NullMarked;
