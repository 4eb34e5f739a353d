package starling.query;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Guesses which word was meant. */
public final class Nearest {
  private Nearest() {}

  /**
   * {@code "; did you mean avg?"}, or nothing if no candidate is within a third of the word's
   * letters.
   */
  public static String hint(String word, Collection<String> candidates) {
    int near = 1 + word.length() / 3;
    return candidates.stream()
        .filter(candidate -> edits(word, candidate) <= near)
        .min(
            Comparator.<String>comparingInt(candidate -> edits(word, candidate))
                .thenComparing(c -> c))
        .map(candidate -> "; did you mean " + candidate + "?")
        .orElse("");
  }

  /** Levenshtein's distance, letter case aside. */
  public static int edits(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
