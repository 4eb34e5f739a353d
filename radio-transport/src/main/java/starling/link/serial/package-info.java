/**
 * Frames over a serial port with a radio behind it ({@link starling.link.serial.SerialLink}): what
 * goes in at one modem comes out at all others in reach, or does not. Imports {@code
 * starling.link}.
 */
@NullMarked
package starling.link.serial;

import org.jspecify.annotations.NullMarked;
