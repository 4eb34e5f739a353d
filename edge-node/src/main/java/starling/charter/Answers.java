package starling.charter;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parts of pages that neighbours asked this node for, one a neighbour (on a broadcast medium,
 * one for all), {@value #PROMISED_MAX} at most: who is forgotten asks again.
 */
record Answers(List<Answer> promised) {
  /** Nobody asked. */
  static final Answers NONE = new Answers(List.of());

  private static final int PROMISED_MAX = 8;

  /** A part of a page, for whom, and when to say it. */
  record Answer(int neighbour, int zone, int offset, long dueNanos) {}

  /** With this one, unless there are too many or one is promised to that neighbour. */
  Answers with(Answer answer) {
    return promised.size() < PROMISED_MAX && find(answer.neighbour()) == null
        ? new Answers(Stream.concat(promised.stream(), Stream.of(answer)).toList())
        : this;
  }

  /** Without one that has left. */
  Answers without(Answer answer) {
    List<Answer> others = promised.stream().filter(other -> !other.equals(answer)).toList();
    return others.isEmpty() ? NONE : new Answers(others);
  }

  /** Somebody else said a part. */
  Answers heard(int neighbour, int zone, int offset) {
    Answer mine = find(neighbour);
    boolean same = mine != null && mine.zone() == zone && mine.offset() == offset;
    return mine != null && same ? without(mine) : this;
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
