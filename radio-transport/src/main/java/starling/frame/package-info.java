/**
 * A frame: its eight-byte header, the sealing of what follows, and who may be believed. {@link
 * starling.frame.Sealer} makes this node's frames on one link; {@link starling.frame.Opener} checks
 * everybody else's. Keys come from the {@link starling.frame.Keyring}. Nothing here knows what the
 * sections say. Imports {@code starling.wire}.
 */
@NullMarked
package starling.frame;

import org.jspecify.annotations.NullMarked;
