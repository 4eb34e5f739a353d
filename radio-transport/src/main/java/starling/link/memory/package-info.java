/**
 * Media inside one process and under virtual time, for tests and simulation: a radio channel over
 * {@link starling.link.air}'s model and inboxes with given faults. Time is {@link
 * starling.link.memory.VirtualTime}'s; nothing here waits, and one seed gives one history. Imports
 * {@code starling.link} and {@code starling.link.air}.
 */
@NullMarked
package starling.link.memory;

import org.jspecify.annotations.NullMarked;
