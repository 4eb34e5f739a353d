package starling.gateway.outbox;

/**
 * One message that must not be lost: a zone's answer for one window, or an event.
 *
 * @param topic where it goes
 * @param number which one of its topic's: a window's end (Unix milliseconds), or the number of an
 *     event ({@link Outbox#nextEvent})
 * @param lengthMillis of the window; 0 for an event
 * @param reported how many nodes the answer covers
 * @param revision how many leaves it covers
 * @param payload not touched again
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
public record Entry(
    String topic, long number, long lengthMillis, int reported, int revision, byte[] payload) {

  /** An event. */
  public static Entry event(String topic, long number, byte[] payload) {
    return new Entry(topic, number, 0, 0, 0, payload);
  }

  /** Whether it is an event. */
  public boolean isEvent() {
    return lengthMillis == 0;
  }
}
