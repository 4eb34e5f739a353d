/**
 * Astrolabe's zones over windows: what each node contributes to a window, how a cell's members
 * exchange and repair contributions, what a cell and the zones above it amount to, and who
 * represents them. {@link starling.zone.Zone} is the protocol. Imports {@code starling.engine}'s
 * interfaces, {@code starling.model}, {@code starling.query}, {@code starling.predict}, {@code
 * starling.wire}.
 */
@NullMarked
package starling.zone;

import org.jspecify.annotations.NullMarked;
