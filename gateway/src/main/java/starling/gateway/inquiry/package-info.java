/**
 * The rows inside any zone, asked for through the gateway's own node: over HTTP, and by commands.
 * Imports {@code starling.node}'s rows and {@code starling.model}.
 */
@NullMarked
package starling.gateway.inquiry;

import org.jspecify.annotations.NullMarked;
