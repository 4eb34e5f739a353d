package starling.link.serial;

import starling.link.Reception;

/**
 * A frame that a line brought.
 *
 * @param frame as it was sent, framing removed
 * @param reception what the modem tells of it
 * @param nanos when its last byte had arrived
 */
record Heard(byte[] frame, Reception reception, long nanos) {}
