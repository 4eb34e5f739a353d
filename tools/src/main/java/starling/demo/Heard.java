package starling.demo;

import com.google.gson.JsonObject;
import java.util.SortedMap;

/** What a subscriber of the gateway's topics hears, as far as the demo looks at it. */
sealed interface Heard {

  /**
   * A zone's answer for one window.
   *
   * @param zone its path
   * @param startMillis the window, Unix milliseconds, start inclusive
   * @param endMillis end exclusive
   * @param values by output column; an unknown one is absent
   * @param reported how many nodes it covers
   * @param expected how many there are
   * @param oldestSeconds the age of its oldest reading
   * @param revision grows within a window
   * @param payload the whole message
   */
  record Aggregate(
      String topic,
      String zone,
      String query,
      long startMillis,
      long endMillis,
      SortedMap<String, Double> values,
      int reported,
      int expected,
      double oldestSeconds,
      int revision,
      JsonObject payload)
      implements Heard {
    /** Whether every node is in. */
    boolean isComplete() {
      return reported == expected;
    }
  }

  /**
   * How a node is, as others see it.
   *
   * @param state {@code up}, {@code suspect} or {@code gone}
   */
  record NodeState(String path, String state) implements Heard {}

  /** How long a window took beside what was predicted; {@code observedMillis} below 0: not yet. */
  record Timing(String zone, long endMillis, long predictedMillis, long observedMillis)
      implements Heard {}

  /** Something that a person should know. */
  record Warning(String kind, String subject, String text) implements Heard {}

  /** A message that breaks the contract of its topic. */
  record Unreadable(String topic, String why) implements Heard {}

  /** A topic that the demo does not look at. */
  record Other(String topic) implements Heard {}
}
