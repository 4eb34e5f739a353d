package starling.engine;

import starling.wire.WireReader;

/**
 * One protocol's part of a frame that was heard.
 *
 * @param frame the frame
 * @param kind the protocol's own, 0 to 7
 * @param body what it says, from outside: reading it may fail at any byte
 */
public record Section(Event.Heard frame, int kind, WireReader body) {}
