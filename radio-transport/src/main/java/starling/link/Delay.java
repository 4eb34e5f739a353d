package starling.link;

/**
 * What a frame takes besides its airtime until the receiver has it.
 *
 * @param micros typically
 * @param jitterMicros how far that may be off either way; the uncertainty that a hop adds to
 *     network time
 */
public record Delay(long micros, long jitterMicros) {
  /** Behind something that takes its time, and not always the same. */
  Delay plus(long moreMicros, long jitterMoreMicros) {
    return new Delay(micros + moreMicros, jitterMicros + jitterMoreMicros);
  }
}
