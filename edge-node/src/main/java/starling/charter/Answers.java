package starling.charter;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parts of pages that neighbours asked this node for, one a neighbour (on a broadcast medium,
 * one for all), {@value #PROMISED_MAX} at most: who is forgotten asks again.
 */
final class Answers {
  private static final int PROMISED_MAX = 8;

  private final Map<Integer, Answer> promised = new LinkedHashMap<>();

  /** A part of a page, and when to say it. */
  record Answer(int zone, int offset, long dueNanos) {}

  void promise(int neighbour, Answer answer) {
    if (promised.size() < PROMISED_MAX) {
      promised.putIfAbsent(neighbour, answer);
    }
  }

  /** How many wait for a part. */
  int size() {
    return promised.size();
  }

  /** Somebody else said a part. */
  void heard(int neighbour, int zone, int offset) {
    Answer mine = promised.get(neighbour);
    if (mine != null && mine.zone() == zone && mine.offset() == offset) {
      promised.remove(neighbour);
    }
  }

  /** It has left. */
  void said(int neighbour, Answer answer) {
    promised.remove(neighbour, answer);
  }

  @Nullable Answer due(int neighbour, long nowNanos) {
    if (promised.isEmpty()) {
      return null; // nearly always, and asked for each neighbour
    }
    Answer answer = promised.get(neighbour);
    return answer != null && nowNanos >= answer.dueNanos() ? answer : null;
  }

  long nextNanos(long nowNanos) {
    long next = Long.MAX_VALUE;
    if (!promised.isEmpty()) { // asked after each frame heard, mostly in vain
      for (Answer answer : promised.values()) {
        next = answer.dueNanos() > nowNanos ? Math.min(next, answer.dueNanos()) : next;
      }
    }
    return next;
  }
}
