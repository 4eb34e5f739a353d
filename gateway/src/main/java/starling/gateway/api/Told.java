package starling.gateway.api;

/**
 * One message of the stream.
 *
 * @param number grows by one with each, in one process's life; 0 for what was there before
 * @param kind what it is
 * @param path the zone or node that it is about; empty for an event that is about something else
 * @param json an object
 */
record Told(long number, Kind kind, String path, String json) {
  /** What a message can be. */
  enum Kind {
    ZONE,
    NODE,
    EVENT
  }
}
