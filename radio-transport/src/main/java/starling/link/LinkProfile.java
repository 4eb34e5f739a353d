package starling.link;

import java.util.Locale;

/**
 * What a medium is and allows.
 *
 * @param name the preset's name, such as {@code sik-64k}
 * @param medium who hears a frame
 * @param mtuBytes the largest frame, sealed, 51 to 1024
 * @param airtime how long a frame occupies the medium
 * @param dutyCycleMax the share of time that the law lets one node send, 0 to 1; 1 where no law
 *     limits it
 * @param lawMillis in any time that is so long: an hour where the law says a duty cycle, seconds
 *     where it says how long one may dwell
 * @param channelTarget the share of the medium's time that all its members together may use, 0 to 1
 * @param fanoutMax frames a node may send in a round: 1 on a broadcast medium
 * @param roundMillis the shortest time between a node's rounds
 * @param delayMicros what a frame takes besides its airtime until the receiver has it, typically
 * @param jitterMicros how far that may be off either way; the uncertainty that a hop adds to
 *     network time
 * @param clear whether frames are only authenticated, as where the law forbids to encrypt
 */
public record LinkProfile(
    String name,
    Medium medium,
    int mtuBytes,
    Airtime airtime,
    double dutyCycleMax,
    long lawMillis,
    double channelTarget,
    int fanoutMax,
    long roundMillis,
    long delayMicros,
    long jitterMicros,
    boolean clear) {
  private static final long HOUR_MILLIS = 3_600_000;

  /** The smallest MTU that everything works at (LoRa SF12 in the EU). */
  public static final int MTU_MIN_BYTES = 51;

  /** The largest frame on any medium. */
  public static final int MTU_MAX_BYTES = 1024;

  public LinkProfile {
    if (mtuBytes < MTU_MIN_BYTES || mtuBytes > MTU_MAX_BYTES) {
      throw new IllegalArgumentException("MTU must be 51 to 1024 bytes, not " + mtuBytes);
    }
    if (!(dutyCycleMax > 0 && dutyCycleMax <= 1 && channelTarget > 0 && channelTarget <= 1)) {
      throw new IllegalArgumentException(
          "duty cycle and channel target are shares above 0, up to 1");
    }
    if (airtime.micros(mtuBytes) > dutyCycleMax * lawMillis * 1000) {
      throw new IllegalArgumentException("the law lets no frame of MTU size leave");
    }
    if (fanoutMax < 1 || roundMillis < 1 || (medium == Medium.BROADCAST && fanoutMax != 1)) {
      throw new IllegalArgumentException(
          "a broadcast medium has a fan-out of 1, and a round at least 1 ms");
    }
  }

  /** A medium whose frames are encrypted. */
  public LinkProfile(
      String name,
      Medium medium,
      int mtuBytes,
      Airtime airtime,
      double dutyCycleMax,
      double channelTarget,
      int fanoutMax,
      long roundMillis,
      long delayMicros,
      long jitterMicros) {
    this(
        name,
        medium,
        mtuBytes,
        airtime,
        dutyCycleMax,
        HOUR_MILLIS,
        channelTarget,
        fanoutMax,
        roundMillis,
        delayMicros,
        jitterMicros,
        false);
  }

  /** Who hears a frame. */
  public enum Medium {
    /** Everybody in reach, one at a time: a radio channel. */
    BROADCAST,
    /** The one it is addressed to: a broker's inbox. */
    ADDRESSED
  }

  /** Whether everybody in reach hears each frame. */
  public boolean broadcast() {
    return medium == Medium.BROADCAST;
  }

  /**
   * The number that both ends give this medium when they derive keys, so that a frame captured on
   * one opens on no other: 1 for a radio, 2 for inboxes, with bit 7 set where frames are clear.
   */
  public int keyNumber() {
    return (broadcast() ? 1 : 2) | (clear ? 0x80 : 0);
  }

  /** The same medium, where frames are only authenticated. */
  LinkProfile inClear() {
    return new LinkProfile(
        name,
        medium,
        mtuBytes,
        airtime,
        dutyCycleMax,
        lawMillis,
        channelTarget,
        fanoutMax,
        roundMillis,
        delayMicros,
        jitterMicros,
        true);
  }

  /** The same medium where the law limits any {@code millis} instead of any hour. */
  LinkProfile withLaw(double share, long millis) {
    return new LinkProfile(
        name,
        medium,
        mtuBytes,
        airtime,
        share,
        millis,
        channelTarget,
        fanoutMax,
        roundMillis,
        delayMicros,
        jitterMicros,
        clear);
  }

  /** The same medium behind something that takes its time, and not always the same. */
  LinkProfile delayed(long moreMicros, long jitterMoreMicros) {
    return new LinkProfile(
        name,
        medium,
        mtuBytes,
        airtime,
        dutyCycleMax,
        lawMillis,
        channelTarget,
        fanoutMax,
        roundMillis,
        delayMicros + moreMicros,
        jitterMicros + jitterMoreMicros,
        clear);
  }

  /** What the law allows, for a person: {@code 10.0 % of any hour}; {@code none} for no limit. */
  public String law() {
    if (dutyCycleMax >= 1) {
      return "none";
    }
    String time = lawMillis == HOUR_MILLIS ? "hour" : lawMillis / 1000 + " s";
    return String.format(Locale.ROOT, "%.1f %% of any %s", 100 * dutyCycleMax, time);
  }

  /** The same medium at another pace. */
  public LinkProfile withRound(long millis) {
    return new LinkProfile(
        name,
        medium,
        mtuBytes,
        airtime,
        dutyCycleMax,
        lawMillis,
        channelTarget,
        fanoutMax,
        millis,
        delayMicros,
        jitterMicros,
        clear);
  }

  /** The same medium with another largest frame. */
  public LinkProfile withMtu(int bytes) {
    return new LinkProfile(
        name,
        medium,
        bytes,
        airtime,
        dutyCycleMax,
        lawMillis,
        channelTarget,
        fanoutMax,
        roundMillis,
        delayMicros,
        jitterMicros,
        clear);
  }
}
