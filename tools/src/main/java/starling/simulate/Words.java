package starling.simulate;

import java.util.List;
import java.util.Locale;

/**
 * A line of a scenario, word by word; whoever expects something else says so with what is there.
 */
final class Words {
  private final List<String> words;
  private int next;

  Words(String line) {
    words = List.of(line.strip().split("[\\s,]+"));
  }

  boolean isEmpty() {
    return next >= words.size();
  }

  String peek() {
    return isEmpty() ? "" : words.get(next);
  }

  String take(String what) {
    if (isEmpty()) {
      throw new IllegalArgumentException("the line ends where " + what + " should be");
    }
    return words.get(next++);
  }

  /** Takes a word if it is the next one. */
  boolean took(String word) {
    boolean is = peek().equals(word);
    next += is ? 1 : 0;
    return is;
  }

  /** Takes a word that has to be there. */
  Words skip(String word) {
    if (!took(word)) {
      throw new IllegalArgumentException("'" + word + "' should be where '" + peek() + "' is");
    }
    return this;
  }

  double number(String what) {
    String word = take(what);
    try {
      return Double.parseDouble(word);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(what + " should be a number, not '" + word + "'", e);
    }
  }

  int count(String what) {
    double number = number(what);
    if (number != Math.rint(number) || number < 0 || number > 10_000_000) {
      throw new IllegalArgumentException(what + " should be a whole number, not " + number);
    }
    return (int) number;
  }

  /** A whole number of any size. */
  long whole(String what) {
    String word = take(what);
    try {
      return Long.parseLong(word);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(what + " should be a whole number, not " + word, e);
    }
  }

  /** {@code 10 %}, as a share of 1. */
  double share(String what) {
    double percent = number(what);
    skip("%");
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException(what + " should be 0 to 100 %, not " + percent);
    }
    return percent / 100;
  }

  /** {@code 500 ms}, {@code 30 s}, {@code 10 min} or {@code 2 h}, in nanoseconds. */
  long nanos(String what) {
    double number = number(what);
    String unit = take("ms, s, min or h");
    double seconds =
        switch (unit.toLowerCase(Locale.ROOT)) {
          case "ms" -> 0.001;
          case "s" -> 1;
          case "min" -> 60;
          case "h" -> 3600;
          default ->
              throw new IllegalArgumentException(what + ": ms, s, min or h, not '" + unit + "'");
        };
    return Math.round(number * seconds * 1e9);
  }

  /** Nothing may follow. */
  void end() {
    if (!isEmpty()) {
      throw new IllegalArgumentException("'" + peek() + "' is too much");
    }
  }
}
