package starling.inquiry;

import java.util.Arrays;
import java.util.List;
import starling.link.LinkProfile;
import starling.model.Facts;

/**
 * How fast inquiries go on each link: what they say rides in any frame, and makes a frame leave
 * only while they take no more than a part of this node's own share of the medium.
 */
final class Tempo {
  private static final int RADIO_PART = 4;
  private static final int ADDRESSED_PART = 2;
  private static final int FRAME_BYTES = 32;
  private static final int PATIENCE_ROUNDS = 4;
  private static final long PATIENCE_MIN_NANOS = 2_000_000_000L;
  private static final long LIFE_MIN_NANOS = 60_000_000_000L;
  private static final int LIFE_TRIES = 4;
  private static final long[] FREE = {};

  private final List<LinkProfile> links;
  private long[] notBeforeNanos = FREE;
  private int underWay;

  Tempo(List<LinkProfile> links) {
    this.links = links;
  }

  /** Whether a frame may leave for inquiries alone. */
  boolean mayLead(int link, long nowNanos) {
    return !busy(link) && nowNanos >= notBeforeNanos(link);
  }

  /** Whether a frame is under way there, so that what it says would be said twice. */
  boolean busy(int link) {
    return (underWay & 1 << link) != 0;
  }

  /** A frame was filled. */
  void begin(int link) {
    underWay |= 1 << link;
  }

  /** It is known what became of it. */
  void end(int link) {
    underWay &= ~(1 << link);
  }

  long notBeforeNanos(int link) {
    return link < notBeforeNanos.length ? notBeforeNanos[link] : Long.MIN_VALUE;
  }

  /** So many bytes of inquiries have left. */
  void spent(int link, int bytes, Facts facts, long nowNanos) {
    if (link >= notBeforeNanos.length) {
      int before = notBeforeNanos.length;
      notBeforeNanos = Arrays.copyOf(notBeforeNanos, links.size());
      Arrays.fill(notBeforeNanos, before, notBeforeNanos.length, Long.MIN_VALUE);
    }
    notBeforeNanos[link] = nowNanos + spacingNanos(link, bytes + FRAME_BYTES, facts);
  }

  private long spacingNanos(int link, int bytes, Facts facts) {
    LinkProfile profile = links.get(link);
    int part = profile.broadcast() ? RADIO_PART : ADDRESSED_PART;
    double micros = profile.airtime().micros(bytes) * part * facts.members().active();
    return (long) (1000 * micros / profile.channelTarget());
  }

  /** How long to wait for a word before asking again: as long as one who is as slow may take. */
  long patienceNanos(int link, Facts facts) {
    LinkProfile profile = links.get(link);
    long rounds = PATIENCE_ROUNDS * profile.roundMillis() * 1_000_000;
    long spacing = spacingNanos(link, profile.mtuBytes(), facts);
    return Math.max(PATIENCE_MIN_NANOS, Math.max(rounds, spacing + spacing / 4));
  }

  /** How long one who does not ask again is remembered. */
  long lifeNanos(int link, Facts facts) {
    return Math.max(LIFE_MIN_NANOS, LIFE_TRIES * patienceNanos(link, facts));
  }

  List<LinkProfile> links() {
    return links;
  }

  /** A link's profile. */
  LinkProfile profile(int link) {
    return links.get(link);
  }
}
