/**
 * Inquiries: what is inside a zone elsewhere, asked for from neighbour to neighbour, answered by
 * that zone's representatives, and passed back the same way. Soft state alone: nothing is kept
 * while nobody asks. Imports values, the engine and {@code starling.wire}.
 */
@NullMarked
package starling.inquiry;

import org.jspecify.annotations.NullMarked;
