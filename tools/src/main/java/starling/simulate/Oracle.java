package starling.simulate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import starling.model.Answer;
import starling.model.Delivery;
import starling.model.Page;
import starling.query.Partial;
import starling.query.Plan;
import starling.query.Query;
import starling.query.QueryException;
import starling.simulate.SealedContributions.Contribution;
import starling.wire.MalformedException;

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
  private static final int SLOTS = 64;
  private static final int DOUBTFUL_MAX = 10;

  /** Folds over more nodes than this are left to their children's. */
  private static final int NODES_MAX = 5_000;

  private final VirtualSite site;
  private final boolean seesAll;
  private final List<Violation> violations = new ArrayList<>();
  private final Map<Asked, SortedMap<String, Double>> folded = new HashMap<>();
  private final Map<String, Plan> plans = new HashMap<>();
  private final Map<Row, List<Contribution>> inner = new HashMap<>();
  private final Map<Cover, Delivery.Result> published = new HashMap<>();
  private final Map<VirtualNode, Account> accounts = new LinkedHashMap<>();
  private final Map<Object, Object> pooled =
      new HashMap<>(); // one of equals, as many tell the same
  private int checked;

  private record Cover(Key window, List<Contribution> contributions) {}

  /** A zone's window of one version of a query, by its text: a name may ask other things later. */
  private record Key(int zone, String text, long startMillis, long endMillis) {}

  /** An inner zone's row as it travels: how many are expected each reader knows for itself. */
  private record Row(Key key, SortedMap<String, Double> values, int reported, long oldestMillis) {}

  private record Asked(String text, List<Contribution> contributions) {}

  /** What one life told of windows that may still change. */
  private static final class Account {
    final Map<Key, Delivery.Result> last = new HashMap<>();
    final Map<Key, List<Contribution>> known = new HashMap<>();
    final List<Delivery.Result> waiting = new ArrayList<>();
    int read;
  }

  /** One that sees what everybody tells. */
  Oracle(VirtualSite site) {
    this(site, true);
  }

  /**
   * An oracle.
   *
   * @param seesAll whether it hears all nodes; if not, it can't judge rows of inner zones that only
   *     nodes which it does not hear have folded
   */
  Oracle(VirtualSite site, boolean seesAll) {
    this.site = site;
    this.seesAll = seesAll;
  }

  /** How many results were looked at. */
  int checked() {
    return checked;
  }

  /** Looks at what was told since it looked last; answers what is wrong with it. */
  List<Violation> check() {
    violations.clear();
    for (VirtualNode life : site.lives()) {
      Account account = accounts.computeIfAbsent(life, _ -> new Account());
      List<Delivery> told = life.told();
      for (Delivery delivery : told.subList(account.read, told.size())) {
        if (delivery instanceof Delivery.Result result) {
          if (version(result).isPresent()) {
            account.waiting.add(result);
          } else {
            broken(life, "told columns that no version of the query has together: " + result);
          }
        }
      }
      account.read = told.size();
    }
    boolean some = true;
    while (some) {
      int before = inner.size();
      some = false;
      for (VirtualNode life : site.lives()) {
        Account account = accounts.getOrDefault(life, new Account());
        some |= understand(life, account);
      }
      some &= inner.size() > before;
    }
    accounts.forEach((life, account) -> {
      if (!account.waiting.isEmpty()) {
        broken(life, "told what nobody folded: " + account.waiting.getFirst());
        account.waiting.clear();
      }
    });
    return List.copyOf(violations);
  }

  /** Drops what was told and sealed of windows that ended before; nothing can come of them. */
  void forget(long beforeMillis) {
    folded.clear();
    inner.keySet().removeIf(row -> row.key().endMillis() < beforeMillis);
    published.keySet().removeIf(cover -> cover.window().endMillis() < beforeMillis);
    pooled.clear();
    accounts.forEach((life, account) -> {
      account.last.keySet().removeIf(key -> key.endMillis() < beforeMillis);
      account.known.keySet().removeIf(key -> key.endMillis() < beforeMillis);
      life.told().clear();
      account.read = 0;
    });
    site.cells().forEach(cell -> cell.sealed.forget(beforeMillis));
  }

  @SuppressWarnings("unchecked") // equals are of one type
  private <T> T pooled(T one) {
    return (T) pooled.computeIfAbsent(one, _ -> one);
  }

  private void broken(VirtualNode life, String what) {
    violations.add(new Violation(site.nowNanos(), life.path(), what));
  }

  private void expect(boolean holds, VirtualNode life, String rule, Object what) {
    if (!holds) {
      broken(life, rule + ": " + what);
    }
  }

  private Row row(Delivery.Result of) {
    return new Row(key(of), of.values(), of.reported(), of.oldestMillis());
  }

  private Key key(Delivery.Result of) {
    return key(site.zone(of.zone()), of);
  }

  private Key key(int zone, Delivery.Result of) {
    return new Key(zone, text(of), of.startMillis(), of.endMillis());
  }

  private String text(Delivery.Result of) {
    return version(of).orElseThrow();
  }

  /** Which of the texts of its name a result answers: the newest that has all its columns. */
  private Optional<String> version(Delivery.Result of) {
    return site.charters.texts(of.query()).stream()
        .filter(text -> {
          Set<String> columns = plan(text).units().keySet();
          return columns.containsAll(of.values().keySet())
              && columns.containsAll(of.others().keySet());
        })
        .findFirst();
  }

  /** In the order in which it told them, up to one that is not understood yet. */
  private boolean understand(VirtualNode life, Account account) {
    int done = 0;
    while (done < account.waiting.size() && understood(life, account, account.waiting.get(done))) {
      done++;
    }
    account.waiting.subList(0, done).clear();
    return done > 0;
  }

  /** Answers false if it told a row of an inner zone beside its own that is not understood yet. */
  private boolean understood(VirtualNode life, Account account, Delivery.Result result) {
    Key key = key(result);
    Optional<List<Contribution>> contributions = contributions(life, result, account.known);
    if (contributions.isEmpty()) {
      return !seesAll;
    }
    Delivery.Result before = account.last.put(key, pooled(result));
    expect(
        before == null || result.reported() >= before.reported(),
        life,
        "told less after more of one window",
        result);
    expect(result.reported() == result.revision(), life, "revision is not the count", result);
    expect(
        site.charters.expected(key.zone()).contains(result.expected()),
        life,
        "no roster ever had so many",
        result);
    account.known.put(key, pooled(contributions.get()));
    compare(life, contributions.get(), result);
    return true;
  }

  private Optional<List<Contribution>> contributions(
      VirtualNode life, Delivery.Result result, Map<Key, List<Contribution>> known) {
    if (result.reported() == 0) {
      expect(
          result.values().isEmpty() && result.contributors() == 0,
          life,
          "told values of nobody",
          result);
      return Optional.of(List.of());
    }
    if (result.contributors() != 0) {
      return Optional.of(ofCell(life, result));
    }
    int zone = site.zone(result.zone());
    int cell = life.cell.page().zone();
    Optional<List<Contribution>> heard = Optional.ofNullable(inner.get(row(result)));
    if (!site.charters.isAbove(zone, cell)) {
      return heard;
    }
    if (result.reported() > NODES_MAX) {
      return Optional.empty();
    }
    List<List<Contribution>> certain = new ArrayList<>();
    List<List<Contribution>> doubtful = new ArrayList<>();
    for (int child : site.charters.children(zone)) {
      boolean same = known.containsKey(key(child, result));
      List<Contribution> last = lastWithin(child, result, known);
      boolean doubted =
          !last.isEmpty()
              && doubtful.size() < DOUBTFUL_MAX
              && (!same || site.charters.isDoubtful(child));
      (doubted ? doubtful : certain).add(last);
    }
    // A faster child's rows may be gone before a slow one is first heard of; of zones that came or
    // went the charter decides for each window.
    List<Contribution> union = union(certain, doubtful, 0);
    for (int some = 1; union.size() > result.reported() && some < 1 << doubtful.size(); some++) {
      List<Contribution> fewer = union(certain, doubtful, some);
      if (fewer.size() == result.reported() && state(text(result), fewer).equals(result.values())) {
        union = fewer;
      }
    }
    boolean matches =
        union.size() == result.reported() && state(text(result), union).equals(result.values());
    if (!matches && (site.charters.moved(cell) || site.charters.isTold(zone, cell))) {
      return heard; // it did not fold the zone, or in another place
    }
    if (!seesAll && union.size() < result.reported()) {
      return Optional.empty(); // what its children are is known by nodes that are not heard
    }
    List<Contribution> all = union.size() < result.reported() ? completed(union, result) : union;
    inner.put(row(result), all);
    return Optional.of(all);
  }

  /** Of the doubtful ones, those are left out that have a bit set. */
  private static List<Contribution> union(
      List<List<Contribution>> certain, List<List<Contribution>> doubtful, int without) {
    Set<Contribution> union = new LinkedHashSet<>();
    certain.forEach(union::addAll);
    for (int i = 0; i < doubtful.size(); i++) {
      if ((without & 1 << i) == 0) {
        union.addAll(doubtful.get(i));
      }
    }
    return List.copyOf(union);
  }

  /**
   * A member of a cell may go by a row of its own branch that a mate folded, without telling it:
   * then the missing part is what somebody else told of a child.
   */
  private List<Contribution> completed(List<Contribution> union, Delivery.Result result) {
    for (int child : site.charters.children(site.zone(result.zone()))) {
      Key window = key(child, result);
      for (Map.Entry<Row, List<Contribution>> row : inner.entrySet()) {
        if (row.getKey().key().equals(window)) {
          List<Contribution> more = union(List.of(union, row.getValue()), List.of(), 0);
          if (more.size() == result.reported()
              && state(text(result), more).equals(result.values())) {
            return more;
          }
        }
      }
    }
    return union;
  }

  private SortedMap<String, Double> state(String text, List<Contribution> contributions) {
    Partial state = plan(text).empty();
    for (Contribution one : contributions) {
      NaiveFold.Read read = read(one);
      state = state.add(VirtualSite.SCHEMA, read.steps(), read.present());
    }
    return state.results();
  }

  /** What a child amounts to: of one that goes faster, in its last window within the zone's. */
  private List<Contribution> lastWithin(
      int child, Delivery.Result result, Map<Key, List<Contribution>> known) {
    Key window = key(child, result);
    List<Contribution> same = known.get(window);
    if (same != null && !same.isEmpty()) {
      return same;
    }
    return known.entrySet().stream()
        .filter(entry -> entry.getKey().endMillis() == window.endMillis())
        .filter(entry -> entry.getKey().zone() == child)
        .filter(entry -> entry.getKey().text().equals(window.text()))
        .filter(entry -> entry.getKey().startMillis() >= window.startMillis())
        .filter(entry -> !entry.getValue().isEmpty())
        .min(Comparator.comparingLong(entry -> entry.getKey().startMillis()))
        .map(Map.Entry::getValue)
        .orElse(List.of());
  }

  /** The contributions behind a cell's result; where a slot had two nodes, those that it shows. */
  private List<Contribution> ofCell(VirtualNode life, Delivery.Result result) {
    expect(
        Long.bitCount(result.contributors()) == result.reported(),
        life,
        "its contributors are not its count",
        result);
    List<List<Contribution>> choices = new ArrayList<>(List.of(new ArrayList<>()));
    SealedContributions sealed = site.cell(result.zone()).sealed;
    for (int slot = 0; slot < SLOTS; slot++) {
      if ((result.contributors() & 1L << slot) != 0) {
        List<Contribution> there =
            sealed.at(slot, result.startMillis(), result.endMillis()).stream()
                .map(this::pooled)
                .toList();
        expect(!there.isEmpty(), life, "slot " + slot + " never sealed that window", result);
        choices = there.isEmpty() ? choices : with(choices, there);
      }
    }
    return choices.stream()
        .filter(choice -> fold(life, text(result), choice).equals(result.values()))
        .findFirst()
        .map(List::copyOf)
        .orElse(List.copyOf(choices.getFirst()));
  }

  private static List<List<Contribution>> with(
      List<List<Contribution>> choices, List<Contribution> one) {
    if (one.size() == 1) {
      choices.forEach(choice -> choice.add(one.getFirst()));
      return choices;
    }
    List<List<Contribution>> more = new ArrayList<>();
    for (List<Contribution> choice : choices) {
      for (Contribution next : one) {
        List<Contribution> longer = new ArrayList<>(choice);
        longer.add(next);
        more.add(longer);
      }
    }
    return more;
  }

  private void compare(VirtualNode life, List<Contribution> contributions, Delivery.Result result) {
    checked++;
    expect(
        contributions.size() == result.reported(),
        life,
        "counts other than the " + contributions.size() + " that it knows of",
        result);
    Set<Long> nodes = new HashSet<>();
    contributions.forEach(
        one -> expect(nodes.add(one.node()), life, "counts one node twice", result));
    if (contributions.isEmpty()) {
      return;
    }
    SortedMap<String, Double> exact = fold(life, text(result), contributions);
    expect(exact.equals(result.values()), life, "is not the fold " + exact, result);
    long oldest = contributions.stream().mapToLong(one -> read(one).ageMillis()).max().orElse(0);
    expect(oldest == result.oldestMillis(), life, "is not " + oldest + " ms old", result);
    Delivery.Result same = published.putIfAbsent(new Cover(key(result), contributions), result);
    expect(
        same == null
            || same.equals(result)
            || named(same).equals(named(result))
            || site.charters.expected(site.zone(result.zone())).size() > 1,
        life,
        "another told the same contributions differently, " + same,
        result);
  }

  /**
   * As one tells it who holds all pages: others call a node elsewhere by its slot, and a zone by
   * its former name.
   */
  private Delivery.Result named(Delivery.Result of) {
    SortedMap<String, Answer> others = new TreeMap<>(of.others());
    others.replaceAll((_, answer) ->
        answer instanceof Answer.Ranking(var nodes)
            ? new Answer.Ranking(
                nodes.stream()
                    .map(one -> new Answer.Ranked(site.named(one.node()), one.value()))
                    .toList())
            : answer);
    return new Delivery.Result(
        String.valueOf(site.zone(of.zone())),
        of.query(),
        of.startMillis(),
        of.endMillis(),
        of.values(),
        others,
        of.units(),
        of.reported(),
        of.expected(),
        of.oldestMillis(),
        of.revision(),
        of.contributors());
  }

  private static NaiveFold.Read read(Contribution one) {
    try {
      return NaiveFold.read(one.row(), VirtualSite.SCHEMA);
    } catch (MalformedException e) {
      return new NaiveFold.Read(new long[VirtualSite.SCHEMA.channels().size()], 0, -1);
    }
  }

  private SortedMap<String, Double> fold(
      VirtualNode life, String text, List<Contribution> contributions) {
    Asked asked = new Asked(text, contributions);
    SortedMap<String, Double> known = folded.get(asked);
    if (known == null) {
      known = foldTwice(life, asked);
      folded.put(asked, known);
    }
    return known;
  }

  private SortedMap<String, Double> foldTwice(VirtualNode life, Asked asked) {
    List<NaiveFold.Read> reads = asked.contributions().stream().map(Oracle::read).toList();
    SortedMap<String, Double> exact = state(asked.text(), asked.contributions());
    if (asked.text().equals(site.query)) {
      SortedMap<String, Double> naive = NaiveFold.fold(reads, VirtualSite.SCHEMA);
      expect(naive.keySet().equals(exact.keySet()), life, "other columns than " + naive, exact);
      naive.forEach((column, value) -> {
        // Deviations go through a square root in binary: the last of their digits may differ. A
        // quantile of more nodes than a site has bins is one of a bin's.
        boolean binned = column.startsWith("p95") && reads.size() > BINS;
        double within = column.startsWith("stddev") ? 1.1e-5 : binned ? 2 : 0;
        double told = exact.getOrDefault(column, Double.NaN);
        expect(Math.abs(told - value) <= within, life, column + " is " + value + ", not", told);
      });
    }
    return exact;
  }

  private Plan plan(String text) {
    return plans.computeIfAbsent(text, this::planned);
  }

  private Plan planned(String text) {
    Page.Site page = site.charter().site().orElseThrow();
    try {
      return Plan.of(Query.parse(text), page.schemas(), page.binsMax());
    } catch (QueryException e) {
      throw new IllegalStateException("the charter's own query does not run", e);
    }
  }
}
