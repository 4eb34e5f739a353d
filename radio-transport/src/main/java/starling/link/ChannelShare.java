package starling.link;

import org.jspecify.annotations.Nullable;

/**
 * A node's share of its channel: the target ({@link LinkProfile#channelTarget}) divided by the
 * active speakers heard, a tenth of it for alarms alone. It holds over a minute; where a minute's
 * share has no room for a frame of MTU size (many speakers on a slow channel), over the time whose
 * share has, so that nobody falls silent for good.
 *
 * <p>Where a minute is too short, so is that time for what windows say: of frames that each node
 * says once a window two may fall into a time that holds one and a half, and losses that are to be
 * repaired come in bursts. So over that time news keeps within the share, counting everything; a
 * node's own frames of its slots, counting news only; and repair waits while more than four fifths
 * of the target are in use by all that are heard, reckoning those in that were lost. Over four of
 * the cell's windows, three such times at least, everything keeps within the share.
 */
final class ChannelShare {
  /** The part of the share that is not kept for alarms. */
  static final double NORMAL = 0.9;

  /** More speakers than this share the channel as if they were this many. */
  static final int SPEAKERS_MAX = 256;

  private static final long MINUTE_NANOS = LinkProfile.MINUTE_NANOS;
  private static final int BUCKETS = 60; // a minute
  private static final int BUCKETS_COARSE = 12; // where no law limits
  private static final int LONGER = 3; // times that of one frame, at least
  private static final int WINDOWS = 4;
  private static final double REPAIRED = 0.8; // of the target
  private static final double LOST_MAX = 0.5;

  private final LinkProfile profile;
  private final SlidingWindow all;
  private final @Nullable Paced paced;
  private double speakers = 1;
  private long exchangeNanos; // 0 where a minute will do

  /** What else is counted on a broadcast medium. */
  private static final class Paced {
    final SlidingWindow all; // for longer
    final SlidingWindow news;
    final SlidingWindow heard; // this node's and others'

    Paced(long longestNanos) {
      long bucketNanos = MINUTE_NANOS / BUCKETS;
      all = new SlidingWindow(LONGER * longestNanos, LONGER * bucketNanos);
      news = new SlidingWindow(longestNanos, bucketNanos);
      heard = new SlidingWindow(longestNanos, bucketNanos);
    }
  }

  ChannelShare(LinkProfile profile, boolean coarse) {
    this.profile = profile;
    long longestNanos = profile.shareNanos(SPEAKERS_MAX);
    all = new SlidingWindow(longestNanos, MINUTE_NANOS / (coarse ? BUCKETS_COARSE : BUCKETS));
    paced = profile.broadcast() ? new Paced(longestNanos) : null;
  }

  void among(double activeSpeakers) {
    speakers = Math.clamp(activeSpeakers, 1, SPEAKERS_MAX);
  }

  /** How many the cell's members are, and how long its windows last. */
  void exchanges(int members, long windowNanos) {
    exchangeNanos = profile.isCrowded(members) ? windowNanos : 0;
  }

  /** This node sends a frame. */
  void add(int micros, Purpose purpose, long nowNanos) {
    all.add(micros, nowNanos);
    if (paced != null) {
      paced.all.add(micros, nowNanos);
      paced.heard.add(micros, nowNanos);
      if (purpose == Purpose.NEWS || purpose == Purpose.ALARM) {
        paced.news.add(micros, nowNanos);
      }
    }
  }

  /** Another node's frame came in, over the air where so much is lost. */
  void heard(int micros, double loss, long nowNanos) {
    if (paced != null) {
      paced.heard.add((int) (micros / (1 - Math.clamp(loss, 0, LOST_MAX))), nowNanos);
    }
  }

  /** So much may be sent now, negative if too much was. */
  long microsAllowed(Purpose purpose, long nowNanos) {
    double part = purpose == Purpose.ALARM ? 1 : NORMAL;
    long shortNanos = profile.shareNanos(speakers);
    long micros = microsIn(shortNanos, part);
    long left = micros - all.sum(shortNanos, nowNanos);
    if (paced == null || exchangeNanos == 0) {
      return left;
    }
    long allowed =
        switch (purpose) {
          case NEWS, ALARM -> left;
          case OWN -> micros - paced.news.sum(shortNanos, nowNanos);
          case REPAIR -> unheard(paced.heard, shortNanos, nowNanos);
        };
    long longNanos = longNanos();
    return Math.min(allowed, microsIn(longNanos, part) - paced.all.sum(longNanos, nowNanos));
  }

  private long unheard(SlidingWindow heard, long shortNanos, long nowNanos) {
    long nanos = Math.max(MINUTE_NANOS, shortNanos / 2);
    return (long) (profile.channelTarget() * REPAIRED * nanos / 1000) - heard.sum(nanos, nowNanos);
  }

  /** So much may be sent now that a frame of so many microseconds can be sent then. */
  long microsBefore(long microsThen, long thenNanos, long nowNanos) {
    long allowed = microsAllowed(Purpose.REPAIR, nowNanos);
    boolean minute = paced == null || exchangeNanos == 0;
    SlidingWindow sent = paced == null || minute ? all : paced.all;
    long nanos = minute ? profile.shareNanos(speakers) : longNanos();
    long stillCounts = nanos - Math.max(0, thenNanos - nowNanos);
    if (stillCounts <= 0) {
      return allowed;
    }
    long then = microsIn(nanos, NORMAL) - sent.sum(stillCounts, nowNanos);
    return Math.min(allowed, then - microsThen);
  }

  /** This node's use of the channel over the last minute, 0 to 1. */
  double utilisation(long nowNanos) {
    return all.sum(MINUTE_NANOS, nowNanos) * 1000.0 / MINUTE_NANOS;
  }

  /** The share of the channel that is this node's own, alarms aside, 0 to 1. */
  double budget() {
    return profile.channelTarget() / speakers * NORMAL;
  }

  private long microsIn(long nanos, double part) {
    return (long) (profile.channelTarget() / speakers * part * nanos / 1000);
  }

  private long longNanos() {
    long most = LONGER * profile.shareNanos(SPEAKERS_MAX);
    return Math.clamp(WINDOWS * exchangeNanos, LONGER * profile.shareNanos(speakers), most);
  }
}
