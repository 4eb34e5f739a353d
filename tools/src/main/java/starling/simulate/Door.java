package starling.simulate;

import java.util.Arrays;
import java.util.Optional;
import starling.link.LinkProfile;

/**
 * One node's way out to one medium, watched from outside: what its frames take of the medium in any
 * minute, and that no counter of a boot is used twice.
 */
final class Door {
  private static final int CROWDED_FRAMES = 3;
  private static final int COUNTER_AT = 4;
  private static final int INTRODUCES = 1 << 4;
  private static final int BOOT_AT = 8;
  private static final int BOOT_END = 24;

  private final LinkProfile profile;
  private final Minute micros;
  private long bytes;
  private int boot;
  private int counter = -1;
  private int mostMicros;

  Door(LinkProfile profile, int secondsAtOnce) {
    this.profile = profile;
    this.micros = new Minute(secondsAtOnce);
  }

  boolean isInbox() {
    return !profile.broadcast();
  }

  LinkProfile profile() {
    return profile;
  }

  /** All that passed. */
  long bytes() {
    return bytes;
  }

  /** The busiest minute, in microseconds of airtime. */
  int mostMicros() {
    return mostMicros;
  }

  /**
   * A frame passes; answers what is wrong with it, if anything is.
   *
   * @param among among how many equal shares the medium's target is divided, of which the node's is
   *     one
   * @param shareMillis over what time it keeps within that share, a minute and up
   */
  Optional<String> passes(byte[] frame, double among, long shareMillis, long nowNanos) {
    bytes += frame.length;
    int minute = micros.add((int) profile.airtime().micros(frame.length), nowNanos);
    mostMicros = Math.max(mostMicros, minute);
    double share = profile.channelTarget() / among * shareMillis * 1000;
    int frames = shareMillis > Minute.NANOS / 1_000_000 ? CROWDED_FRAMES : 1;
    double largest = profile.airtime().micros(profile.mtuBytes());
    if (minute > Math.max(share, frames * largest)) {
      return Optional.of("sent for " + minute + " us in a minute; its share is " + share);
    }
    return countedTwice(frame);
  }

  /** Boots are told apart by the introductions, in clear, that each begins with. */
  private Optional<String> countedTwice(byte[] frame) {
    if ((frame[0] & INTRODUCES) != 0) {
      int introduced = Arrays.hashCode(Arrays.copyOfRange(frame, BOOT_AT, BOOT_END));
      counter = introduced == boot ? counter : -1;
      boot = introduced;
    }
    int last = counter;
    counter =
        (frame[COUNTER_AT] & 0xFF) << 16
            | (frame[COUNTER_AT + 1] & 0xFF) << 8
            | frame[COUNTER_AT + 2] & 0xFF;
    return counter > last
        ? Optional.empty()
        : Optional.of("counted " + counter + " after " + last + " in one boot");
  }
}
