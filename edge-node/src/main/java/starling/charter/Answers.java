package starling.charter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of pages that neighbours asked this node for, one a neighbour (on a broadcast medium,
 * one for all), {@value #PROMISED_MAX} at most: who is forgotten asks again.
 */
final class Answers {
  private static final int PROMISED_MAX = 8;

  private List<Answer> promised = List.of();

  /** A part of a page, for whom, and when to say it. */
  record Answer(int neighbour, int zone, int offset, long dueNanos) {}

  void promise(Answer answer) {
    if (promised.size() < PROMISED_MAX && find(answer.neighbour()) == null) {
      List<Answer> more = new ArrayList<>(promised);
      more.add(answer);
      promised = List.copyOf(more);
    }
  }

  private @Nullable Answer find(int neighbour) {
    for (Answer answer : promised) {
      if (answer.neighbour() == neighbour) {
        return answer;
      }
    }
    return null;
  }

  /** How many wait for a part. */
  int size() {
    return promised.size();
  }

  /** Somebody else said a part. */
  void heard(int neighbour, int zone, int offset) {
    Answer mine = find(neighbour);
    if (mine != null && mine.zone() == zone && mine.offset() == offset) {
      said(mine);
    }
  }

  /** It has left. */
  void said(Answer answer) {
    promised = promised.stream().filter(other -> !other.equals(answer)).toList();
  }

  @Nullable Answer due(int neighbour, long nowNanos) {
    Answer answer = find(neighbour);
    return answer != null && nowNanos >= answer.dueNanos() ? answer : null;
  }

  long nextNanos(long nowNanos) {
    long next = Long.MAX_VALUE;
    for (Answer answer : promised) {
      next = answer.dueNanos() > nowNanos ? Math.min(next, answer.dueNanos()) : next;
    }
    return next;
  }
}
