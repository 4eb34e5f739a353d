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

  /**
   * A part of a page, for whom, and when to say it.
   *
   * @param before the version from which it leads to the page, {@link Shelf#NOTHING} for a part of
   *     the page itself
   */
  record Answer(int neighbour, int zone, long before, int offset, long dueNanos) {
    /** The part that begins there. */
    Answer from(int nextOffset, long nextNanos) {
      return new Answer(neighbour, zone, before, nextOffset, nextNanos);
    }
  }

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
  Answers heard(int neighbour, int zone, long before, int offset) {
    Answer mine = find(neighbour);
    return mine != null && mine.equals(new Answer(neighbour, zone, before, offset, mine.dueNanos()))
        ? without(mine)
        : this;
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

  /** Without those for a page of which another version is here: who asked for it asks again. */
  Answers withoutPage(int zone) {
    List<Answer> others = promised.stream().filter(answer -> answer.zone() != zone).toList();
    return others.isEmpty() ? NONE : new Answers(others);
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
