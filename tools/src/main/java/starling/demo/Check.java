package starling.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges all that the gateway published: each result by {@link Comparison}, and what was published
 * at all. From a zone's first complete window on, one must follow the other without a gap, and each
 * must become complete if it had time to and nobody was away.
 */
final class Check {
  /** Time that a window is given beyond twice what was predicted for it. */
  private static final long GRACE_MS = 5_000;

  /** Time to complete where nobody predicted one yet. */
  private static final long UNPREDICTED_MS = 10_000;

  private final Site site;
  private final Comparison comparison;
  private final Map<String, TreeMap<Span, Heard.Aggregate>> best = new TreeMap<>();
  private final Map<String, Long> predictedMillis = new HashMap<>();
  private final List<Absence> absences = new ArrayList<>();
  private final List<String> contradictions = new ArrayList<>();

  Check(Site site, Recorded recorded) {
    this.site = site;
    comparison = new Comparison(site, recorded);
    site.zones().forEach(zone -> best.put(zone, new TreeMap<>()));
  }

  /** Takes a published result; a better one for the same window replaces it. */
  void heard(Heard.Aggregate next) {
    TreeMap<Span, Heard.Aggregate> windows = best.get(next.zone());
    if (windows == null) {
      contradicts(next.zone() + " is no zone of this site");
      return;
    }
    Span span = new Span(next.endMillis(), next.startMillis());
    Heard.Aggregate held = windows.get(span);
    if (held == null || held.revision() < next.revision()) {
      windows.put(span, next);
    } else if (held.revision() > next.revision()) {
      contradicts(next.topic() + " fell from revision " + held.revision() + " " + next.payload());
    } else if (!held.values().equals(next.values())) {
      contradicts(next.topic() + " has two answers for one revision: " + next.payload());
    }
  }

  /** Takes what is predicted for a zone; the longest counts. */
  void heard(Heard.Timing timing) {
    predictedMillis.merge(timing.zone(), timing.predictedMillis(), Math::max);
  }

  /** Something that breaks the contract, whatever the values. */
  void contradicts(String line) {
    if (contradictions.size() < Verdict.PROBLEMS_MAX) {
      contradictions.add(line);
    }
  }

  /** A node was away, so that windows in which it was may stay incomplete. */
  void absent(String node, long fromMillis, long toMillis) {
    absences.add(new Absence(node, fromMillis, toMillis));
  }

  /** Judges all that was published until now. */
  Verdict verdict(long nowMillis) {
    Findings findings = new Findings();
    contradictions.forEach(findings::problem);
    for (String zone : site.zones()) {
      Collection<Heard.Aggregate> windows = best.getOrDefault(zone, new TreeMap<>()).values();
      windows.forEach(window -> comparison.compare(window, findings));
      List<Heard.Aggregate> settled =
          windows.stream().dropWhile(window -> !window.isComplete()).toList();
      if (settled.isEmpty()) {
        findings.problem(zone + ": no window became complete");
      } else {
        follow(settled, nowMillis - allowedMillis(zone), findings);
      }
    }
    return findings.verdict();
  }

  /**
   * @param dueMillis windows that ended by then had the time to become complete
   */
  private void follow(List<Heard.Aggregate> settled, long dueMillis, Findings findings) {
    long followedMillis = settled.getFirst().startMillis();
    for (Heard.Aggregate window : settled) {
      if (window.startMillis() > followedMillis) {
        findings.problem(window, "the windows before it are missing");
      }
      if (window.endMillis() <= dueMillis && !window.isComplete() && !excused(window)) {
        findings.problem(
            window,
            "only %d of %d after twice the time predicted"
                .formatted(window.reported(), window.expected()));
      }
      followedMillis = Math.max(followedMillis, window.endMillis());
    }
    Heard.Aggregate last = settled.getLast();
    if (followedMillis + last.endMillis() - last.startMillis() < dueMillis) {
      findings.problem(last, "nothing was published after it");
    }
  }

  private boolean excused(Heard.Aggregate window) {
    long settleMillis = allowedMillis(window.zone());
    return absences.stream()
        .filter(absence -> absence.node().startsWith(window.zone() + "/"))
        .anyMatch(absence ->
            absence.fromMillis() < window.endMillis() + settleMillis
                && absence.toMillis() + settleMillis > window.startMillis());
  }

  private long allowedMillis(String zone) {
    return GRACE_MS + 2 * predictedMillis.getOrDefault(zone, UNPREDICTED_MS);
  }

  private record Absence(String node, long fromMillis, long toMillis) {}

  /** Windows by their end; paces may differ, so several may end together. */
  private record Span(long endMillis, long startMillis) implements Comparable<Span> {
    private static final Comparator<Span> ORDER =
        Comparator.comparingLong(Span::endMillis).thenComparingLong(Span::startMillis);

    @Override
    public int compareTo(Span other) {
      return ORDER.compare(this, other);
    }
  }
}
