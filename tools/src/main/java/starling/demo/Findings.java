package starling.demo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What adds up to a {@link Verdict}. */
final class Findings {
  private final List<String> problems = new ArrayList<>();
  private int further;
  private int windows;
  private int complete;
  private int values;
  private double largestError;

  void window(Heard.Aggregate aggregate) {
    windows++;
    complete += aggregate.isComplete() ? 1 : 0;
  }

  void value(double error) {
    values++;
    largestError = Math.max(largestError, error);
  }

  void problem(Heard.Aggregate aggregate, String what) {
    Instant end = Instant.ofEpochMilli(aggregate.endMillis());
    problem(aggregate.zone() + ", window to " + end + ": " + what);
  }

  void problem(String line) {
    if (problems.size() < Verdict.PROBLEMS_MAX) {
      problems.add(line);
    } else {
      further++;
    }
  }

  Verdict verdict() {
    List<String> lines = new ArrayList<>(problems);
    if (further > 0) {
      lines.add("and " + further + " more");
    }
    return new Verdict(windows, complete, values, largestError, lines);
  }
}
