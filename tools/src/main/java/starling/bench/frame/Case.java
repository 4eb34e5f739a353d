package starling.bench.frame;

import java.util.function.IntConsumer;
import java.util.function.IntToLongFunction;

/**
 * Something that is done over and over, to learn what it costs.
 *
 * @param name what it is called in results
 * @param what one operation is, in a few words
 * @param prepare makes what so many operations need; not measured
 * @param run does so many, and answers how many bytes of frames came or went, so that none can be
 *     left out
 */
record Case(String name, String what, IntConsumer prepare, IntToLongFunction run) {
  /** One that needs nothing. */
  Case(String name, String what, IntToLongFunction run) {
    this(name, what, _ -> {}, run);
  }
}
