/**
 * The values everybody speaks in: identities, zones, windows, rows, the charter's contents, and
 * what a node tells its owner. Immutable, without I/O or time. Imports nothing of Starling but
 * {@code starling.wire}.
 */
@NullMarked
package starling.model;

import org.jspecify.annotations.NullMarked;
