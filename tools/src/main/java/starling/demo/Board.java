package starling.demo;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The newest of everything that was heard. */
final class Board {
  /** Older warnings make room. */
  static final int WARNINGS_MAX = 5;

  private final Map<String, Heard.Aggregate> aggregates = new HashMap<>();
  private final Map<String, Heard.Timing> timings = new HashMap<>();
  private final Map<String, Timekeeper.First> firsts = new HashMap<>();
  private final SortedMap<String, String> states = new TreeMap<>();
  private final Deque<String> warnings = new ArrayDeque<>();

  /** The nodes that there are; others are not taken in, so that nobody outside makes it grow. */
  Board(Site site) {
    site.zones().forEach(zone -> timings.put(zone, new Heard.Timing(zone, 0, -1, -1)));
    site.nodes().forEach(node -> states.put(node.path(), "unheard"));
  }

  /** Takes in what was heard; tells whether anything is different now. */
  boolean hear(Heard heard) {
    return switch (heard) {
      case Heard.Aggregate aggregate -> hear(aggregate);
      case Heard.Timing timing -> timings.replace(timing.zone(), timing) != null;
      case Heard.NodeState node -> {
        String before = states.replace(node.path(), node.state());
        yield before != null && !before.equals(node.state());
      }
      case Heard.Warning warning ->
          warn(warning.kind() + " " + warning.subject() + ": " + warning.text());
      case Heard.Unreadable unreadable ->
          warn("unreadable " + unreadable.topic() + ": " + unreadable.why());
      case Heard.Other _ -> false;
    };
  }

  /** The newest window's best result. */
  Optional<Heard.Aggregate> aggregate(String zone) {
    return Optional.ofNullable(aggregates.get(zone));
  }

  /** The newest known; values below 0 are not known. */
  Heard.Timing timing(String zone) {
    return timings.getOrDefault(zone, new Heard.Timing(zone, 0, -1, -1));
  }

  /** Puts up when a zone was complete for the first time. */
  void first(Timekeeper.First first) {
    firsts.put(first.zone(), first);
  }

  /** When a zone was complete for the first time, if it was. */
  Optional<Timekeeper.First> first(String zone) {
    return Optional.ofNullable(firsts.get(zone));
  }

  /** By path: {@code unheard}, {@code up}, {@code suspect}, {@code gone}. */
  SortedMap<String, String> states() {
    return Collections.unmodifiableSortedMap(states);
  }

  /** The newest last. */
  Collection<String> warnings() {
    return Collections.unmodifiableCollection(warnings);
  }

  /** Puts up a line; the oldest gives way. */
  boolean warn(String line) {
    if (warnings.size() == WARNINGS_MAX) {
      warnings.removeFirst();
    }
    warnings.addLast(line);
    return true;
  }

  private boolean hear(Heard.Aggregate next) {
    Heard.Aggregate held = aggregates.get(next.zone());
    boolean newer =
        held == null
            || next.endMillis() > held.endMillis()
            || (next.endMillis() == held.endMillis() && next.revision() > held.revision());
    if (newer && timings.containsKey(next.zone())) {
      aggregates.put(next.zone(), next);
    }
    return newer;
  }
}
