package starling.engine;

import java.util.Map;

/** What a node's owner tells it. */
public sealed interface Local {
  /**
   * The readings of one window, as {@link starling.model.Delivery.SampleDue} asked.
   *
   * @param windowEndMillis which window
   * @param values by channel name, in the channel's unit
   * @param oldestAgeMillis the age of the oldest of them at the window's end
   */
  record Readings(long windowEndMillis, Map<String, Double> values, long oldestAgeMillis)
      implements Local {}

  /**
   * This machine's own clock, for those whose clock may be a root of network time.
   *
   * @param unixMicros Unix time now
   * @param uncertaintyMicros how far off it may be
   */
  record SystemTime(long unixMicros, long uncertaintyMicros) implements Local {}

  /**
   * A question for the rows inside any zone of the site; {@link starling.model.Delivery.Inquired}
   * answers it, whatever comes of it.
   *
   * @param id names the answer
   * @param zone the zone's path, such as {@code /orchard/north}
   * @param query the name of a standing query, empty for all of them
   * @param patienceMillis when to give up, 1 s to 1 h
   */
  record Inquiry(long id, String zone, String query, long patienceMillis) implements Local {}

  /**
   * From now on this node is silent for a while: its last frame to each neighbour promises to speak
   * again only then, and they do not miss it before. The promise is in powers of two and so may be
   * twice as long; whoever is to be missed sooner sleeps several times.
   *
   * @param millis how long, 1 s to {@value #MILLIS_MAX}
   */
  record Sleep(long millis) implements Local {
    /** What a frame can promise. */
    public static final long MILLIS_MAX = 1000L << 15;

    public Sleep {
      if (millis < 1000 || millis > MILLIS_MAX) {
        throw new IllegalArgumentException(
            "a node sleeps 1000 to " + MILLIS_MAX + " ms, not " + millis);
      }
    }
  }

  /** Sleep is over before its time. */
  record Awake() implements Local {}

  /** A signed page of the charter, from the owner's file. */
  record SignedPage(byte[] bytes) implements Local {}
}
