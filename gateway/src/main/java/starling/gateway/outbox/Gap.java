package starling.gateway.outbox;

/**
 * Messages that had to make room for others.
 *
 * @param topic whose
 * @param fromMillis the start of the first one's window (of an event: its number)
 * @param toMillis the end of the last one's
 * @param missing how many
 * @param everyMillis of what lies between, one window in so much time is still there; 0 if none
 */
public record Gap(String topic, long fromMillis, long toMillis, long missing, long everyMillis) {
  /** Both as one. */
  Gap and(Gap other) {
    return new Gap(
        topic,
        Math.min(fromMillis, other.fromMillis),
        Math.max(toMillis, other.toMillis),
        missing + other.missing,
        everyMillis == 0 || other.everyMillis == 0 ? 0 : Math.max(everyMillis, other.everyMillis));
  }
}
