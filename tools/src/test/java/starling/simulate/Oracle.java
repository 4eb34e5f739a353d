package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import starling.model.Delivery;
import starling.model.Page;
import starling.query.Partial;
import starling.query.Plan;
import starling.query.Query;
import starling.query.QueryException;
import starling.simulate.SealedContributions.Contribution;

/**
 * Outside the nodes: checks every result that any node told, against what nodes had made durable.
 *
 * <p>A cell's result names its contributing slots: it must equal the fold over just their sealed
 * contributions, in decimal arithmetic and, bit for bit, by the library in slot order. An inner
 * zone's must equal the fold over the union of its children's results as the same node told them
 * before. Nothing counts twice, nothing falls within a window, {@code expected} is a roster's
 * count, and results over the same contributions are the same everywhere.
 */
final class Oracle {
  private static final int BINS = 24;

  private final VirtualSite site;
  private final Map<Answer, SortedMap<String, Double>> folded = new HashMap<>();
  private final Map<String, Plan> plans = new HashMap<>();
  private final Map<Delivery.Result, Set<Contribution>> inner = new HashMap<>();
  private final Map<Cover, Delivery.Result> published = new HashMap<>();
  private int checked;

  private record Cover(Key window, Set<Contribution> contributions) {}

  private record Key(String zone, String query, long startMillis, long endMillis) {
    static Key of(String zone, Delivery.Result of) {
      return new Key(zone, of.query(), of.startMillis(), of.endMillis());
    }
  }

  private record Answer(String query, Set<Contribution> contributions) {}

  private Oracle(VirtualSite site) {
    this.site = site;
  }

  /** Checks everything that was told so far; answers how many results that were. */
  static int check(VirtualSite site) {
    Oracle oracle = new Oracle(site);
    List<VirtualNode> left = new ArrayList<>(site.lives);
    while (!left.isEmpty()) {
      int before = oracle.inner.size();
      boolean some = left.removeIf(oracle::check);
      assertTrue(some || oracle.inner.size() > before, "results of inner zones nobody folded");
    }
    assertEquals(List.of(), site.broken);
    return oracle.checked;
  }

  /** Answers false if it told a row of an inner zone beside its own that is not understood yet. */
  private boolean check(VirtualNode life) {
    Map<Key, Delivery.Result> last = new HashMap<>();
    Map<Key, Set<Contribution>> known = new HashMap<>();
    for (Delivery.Result result : life.told(Delivery.Result.class)) {
      Key key = Key.of(result.zone(), result);
      Delivery.Result before = last.put(key, result);
      String what = life.path + " told " + result + " after " + before;
      assertTrue(before == null || result.reported() >= before.reported(), what);
      assertEquals(result.reported(), result.revision(), what);
      assertTrue(site.everExpected(result.zone()).contains(result.expected()), what);
      Optional<Set<Contribution>> contributions = contributions(life, result, known);
      if (contributions.isEmpty()) {
        return false;
      }
      known.put(key, contributions.get());
      compare(contributions.get(), result, what);
    }
    return true;
  }

  private Optional<Set<Contribution>> contributions(
      VirtualNode life, Delivery.Result result, Map<Key, Set<Contribution>> known) {
    if (result.reported() == 0) {
      assertTrue(result.values().isEmpty() && result.contributors() == 0, result.toString());
      return Optional.of(Set.of());
    }
    if (result.contributors() != 0) {
      return Optional.of(ofCell(result));
    }
    if (!site.charter.path(life.cell.zone()).orElseThrow().startsWith(result.zone() + "/")) {
      return Optional.ofNullable(inner.get(result));
    }
    Set<Contribution> union = new LinkedHashSet<>();
    List<Set<Contribution>> faster = new ArrayList<>();
    for (String child : site.children(result.zone())) {
      boolean same = known.containsKey(Key.of(child, result));
      Set<Contribution> last = lastWithin(child, result, known);
      union.addAll(last);
      if (!same && !last.isEmpty()) {
        faster.add(last);
      }
    }
    // A faster child's rows may be gone before a slow one is first heard of.
    for (int i = 0; union.size() > result.reported() && i < faster.size(); i++) {
      union.removeAll(faster.get(i));
    }
    inner.put(result, union);
    return Optional.of(union);
  }

  /** What a child amounts to: of one that goes faster, in its last window within the zone's. */
  private static Set<Contribution> lastWithin(
      String child, Delivery.Result result, Map<Key, Set<Contribution>> known) {
    return known.entrySet().stream()
        .filter(entry -> entry.getKey().zone().equals(child))
        .filter(entry -> entry.getKey().query().equals(result.query()))
        .filter(entry -> entry.getKey().endMillis() == result.endMillis())
        .filter(entry -> entry.getKey().startMillis() >= result.startMillis())
        .filter(entry -> !entry.getValue().isEmpty())
        .min(Comparator.comparingLong(entry -> entry.getKey().startMillis()))
        .map(Map.Entry::getValue)
        .orElse(Set.of());
  }

  /** The contributions behind a cell's result; where a slot had two nodes, those that it shows. */
  private Set<Contribution> ofCell(Delivery.Result result) {
    assertEquals(Long.bitCount(result.contributors()), result.reported(), result.toString());
    List<Set<Contribution>> choices = new ArrayList<>(List.of(new LinkedHashSet<>()));
    int cell = site.zone(result.zone());
    for (int slot = 0; slot < 64; slot++) {
      if ((result.contributors() & 1L << slot) != 0) {
        List<Contribution> sealed =
            site.sealed.at(cell, slot, result.startMillis(), result.endMillis());
        assertFalse(sealed.isEmpty(), "slot " + slot + " never sealed what " + result + " counts");
        List<Set<Contribution>> more = new ArrayList<>();
        for (Set<Contribution> choice : choices) {
          for (Contribution one : sealed) {
            Set<Contribution> next = new LinkedHashSet<>(choice);
            next.add(one);
            more.add(next);
          }
        }
        choices = more;
      }
    }
    return choices.stream()
        .filter(choice -> fold(result.query(), choice).equals(result.values()))
        .findFirst()
        .orElse(choices.getFirst());
  }

  private void compare(Set<Contribution> contributions, Delivery.Result result, String what) {
    checked++;
    assertEquals(contributions.size(), result.reported(), what);
    Set<String> nodes = new HashSet<>();
    contributions.forEach(one -> assertTrue(nodes.add(one.node()), one.node() + " twice: " + what));
    if (contributions.isEmpty()) {
      return;
    }
    assertEquals(fold(result.query(), contributions), result.values(), what);
    long oldest =
        contributions.stream()
            .mapToLong(one -> NaiveFold.read(one.row(), VirtualSite.SCHEMA).ageMillis())
            .max()
            .orElseThrow();
    assertEquals(oldest, result.oldestMillis(), what);
    Delivery.Result same =
        published.putIfAbsent(new Cover(Key.of(result.zone(), result), contributions), result);
    if (same != null && site.everExpected(result.zone()).size() == 1) {
      assertEquals(same, result, "two tell the same contributions differently");
    }
  }

  private SortedMap<String, Double> fold(String query, Set<Contribution> contributions) {
    return folded.computeIfAbsent(new Answer(query, contributions), this::foldTwice);
  }

  private SortedMap<String, Double> foldTwice(Answer asked) {
    List<NaiveFold.Read> reads =
        asked.contributions().stream()
            .map(one -> NaiveFold.read(one.row(), VirtualSite.SCHEMA))
            .toList();
    Partial state = plans.computeIfAbsent(asked.query(), this::plan).empty();
    for (NaiveFold.Read read : reads) {
      state = state.add(VirtualSite.SCHEMA, read.steps(), read.present());
    }
    SortedMap<String, Double> exact = state.results();
    if (asked.query().equals(VirtualSite.QUERY_NAME)) {
      TreeMap<String, Double> naive = NaiveFold.fold(reads, VirtualSite.SCHEMA);
      assertEquals(naive.keySet(), exact.keySet());
      naive.forEach((column, value) -> {
        // Deviations go through a square root in binary: the last of their digits may differ. A
        // quantile of more nodes than a site has bins is one of a bin's.
        boolean binned = column.startsWith("p95") && reads.size() > BINS;
        double within = column.startsWith("stddev") ? 1.1e-5 : binned ? 2 : 0;
        assertEquals(value, exact.get(column), within, column);
      });
    }
    return exact;
  }

  private Plan plan(String name) {
    Page.Site page = site.charter.site().orElseThrow();
    String text =
        page.queries().stream().filter(q -> q.name().equals(name)).findFirst().orElseThrow().text();
    try {
      return Plan.of(Query.parse(text), page.schemas(), page.binsMax());
    } catch (QueryException e) {
      throw new AssertionError(e);
    }
  }

  /** Rosters' counts of the sensing members below a zone, for charters of all times. */
  static int expected(starling.model.Charter charter, String zone) {
    return charter.pages().values().stream()
        .filter(Page.Cell.class::isInstance)
        .map(Page.Cell.class::cast)
        .filter(cell -> (charter.path(cell.zone()).orElse("") + "/").startsWith(zone + "/"))
        .mapToInt(Page.Cell::sensing)
        .sum();
  }
}
