package starling.simulate;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import starling.model.Charter;
import starling.model.Page;

/**
 * All that any charter of a site ever said, as far as answers may still go by it: nodes learn of a
 * change one after another. Zones go by their ids, since names change.
 */
final class Charters {
  private final Map<String, Integer> zones = new HashMap<>();
  private final Map<Integer, Set<Integer>> expected = new HashMap<>();
  private final Map<Integer, Set<Integer>> children = new HashMap<>();
  private final Map<Integer, Set<Integer>> parents = new HashMap<>();
  private final Map<Integer, Set<Integer>> shapes = new HashMap<>();
  private final Map<Integer, Set<List<Integer>>> branches = new HashMap<>();
  private final Map<Integer, Set<Integer>> told = new HashMap<>(); // of zones above, by cell
  private final Map<String, SequencedSet<String>> texts = new HashMap<>();

  /** From now on there is this one too. */
  void add(Charter charter) {
    for (Page.StandingQuery asked : charter.site().orElseThrow().queries()) {
      texts.computeIfAbsent(asked.name(), _ -> new LinkedHashSet<>()).addFirst(asked.text());
    }
    for (Page page : charter.pages().values()) {
      charter.path(page.zone()).ifPresent(path -> zones.put(path, page.zone()));
      switch (page) {
        case Page.Inner inner -> {
          note(expected, inner.zone(), inner.expected());
          note(shapes, inner.zone(), inner.shape());
          for (Page.Child child : inner.children()) {
            note(children, inner.zone(), child.zone());
            note(parents, child.zone(), inner.zone());
          }
        }
        case Page.Cell cell -> {
          note(expected, cell.zone(), cell.sensing());
          List<Integer> above = charter.ancestors(cell.zone()).stream().map(Page::zone).toList();
          branches.computeIfAbsent(cell.zone(), _ -> new HashSet<>()).add(above);
          noteTold(charter, cell.zone());
        }
        case Page.Site _ -> {}
      }
    }
  }

  /** The zones above a cell that it is no entrance of. */
  private void noteTold(Charter charter, int cell) {
    int below = cell;
    for (Page.Inner zone : charter.ancestors(cell)) {
      if (below != cell && zone.child(below).filter(child -> child.enteredBy(cell)).isEmpty()) {
        note(told, cell, zone.zone());
      }
      below = zone.zone();
    }
  }

  private static void note(Map<Integer, Set<Integer>> of, int zone, int value) {
    of.merge(zone, Set.of(value), Charters::union); // mostly there is one
  }

  private static Set<Integer> union(Set<Integer> some, Set<Integer> others) {
    if (some.containsAll(others)) {
      return some;
    }
    Set<Integer> all = new TreeSet<>(some);
    all.addAll(others);
    return all;
  }

  /** The zone that a path names, or named last. */
  OptionalInt zone(String path) {
    Integer zone = zones.get(path);
    return zone == null ? OptionalInt.empty() : OptionalInt.of(zone);
  }

  /** How many nodes of a zone any charter expected. */
  Set<Integer> expected(int zone) {
    return expected.getOrDefault(zone, Set.of());
  }

  /** The zones that a zone ever had. */
  Set<Integer> children(int zone) {
    return children.getOrDefault(zone, Set.of());
  }

  /** Whether a zone was elsewhere, or has other cells than it had: who counts it, and when? */
  boolean isDoubtful(int zone) {
    return shapes.getOrDefault(zone, Set.of()).size() > 1
        || parents.getOrDefault(zone, Set.of()).size() > 1;
  }

  /** Whether a cell ever was below a zone. */
  boolean isAbove(int zone, int cell) {
    return branches.getOrDefault(cell, Set.of()).stream().anyMatch(above -> above.contains(zone));
  }

  /** Whether a cell ever was elsewhere. */
  boolean moved(int cell) {
    return branches.getOrDefault(cell, Set.of()).size() > 1;
  }

  /**
   * Whether nodes of a cell ever were told what a zone above it amounts to, and did not fold it.
   */
  boolean isTold(int zone, int cell) {
    return told.getOrDefault(cell, Set.of()).contains(zone);
  }

  /** All that queries of a name ever asked, as text, the newest first. */
  SequencedSet<String> texts(String query) {
    return texts.getOrDefault(query, new LinkedHashSet<>());
  }
}
