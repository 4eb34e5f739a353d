package starling.simulate;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import starling.link.air.Loss;
import starling.model.Delivery;
import starling.model.Hash;

/** Runs a scenario: the site, its faults, and the checkers that watch it. */
public final class Simulation {
  /** Up to this size everybody's results are checked; above, a sample's and the gateways'. */
  private static final int COMPACTING_COLLECTIONS = 4;

  private static final int ALL_WITNESSES = 2_000;

  private static final int WITNESSES = 200;

  /** So many nodes' tables are looked at a sample, others each time. */
  private static final int LOOKED_INTO = 12;

  /** Results older than this many windows can't change any more. */
  private static final int WINDOWS_KEPT = 12;

  private static final int SETTLED_WINDOWS = 3;

  /** How often in a window the gateways are looked at. */
  private static final int LOOKS = 4;

  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final Set<String> HARMLESS = Set.of("replay", "clock");

  private final Scenario scenario;
  private final VirtualSite site;
  private final Oracle oracle;
  private final Publications publications;
  private final Minutes minutes;
  private final Regards regards;
  private final List<Violation> violations = new ArrayList<>();
  private final List<Outcome.Sample> samples = new ArrayList<>();
  private long statesBefore;
  private long started;
  private boolean weighs;
  private long firstMinuteNanos;

  /** How far a run is. */
  public record Progress(
      double done, double simulatedSeconds, double wallSeconds, double nodeRounds) {}

  /**
   * A run to be.
   *
   * @param threads how many run it; the history is the same
   * @param trace where each event is written in a line, if anywhere; only with one thread
   */
  public Simulation(Scenario scenario, int threads, @Nullable PrintWriter trace) {
    if (trace != null && threads > 1) {
      throw new IllegalArgumentException("a trace is written by one thread");
    }
    this.scenario = scenario;
    this.site =
        new VirtualSite(
                scenario.seed(),
                scenario.radio(),
                scenario.network(),
                Loss.NONE,
                scenario.windowMillis(),
                threads)
            .topology(scenario.topology());
    this.publications = new Publications(site);
    this.minutes = new Minutes(site);
    this.regards = new Regards(site);
    site.log = trace == null ? null : new TraceLog(trace);
    int nodes = scenario.topology().nodes();
    int gateways = scenario.topology().gateways();
    long salt = Hash.of(scenario.seed());
    site.witnesses =
        index ->
            nodes <= ALL_WITNESSES
                || index < gateways
                || Math.floorMod(Hash.of(salt, index), nodes) < WITNESSES;
    this.oracle = new Oracle(site, nodes <= ALL_WITNESSES);
  }

  VirtualSite site() {
    return site;
  }

  /** Also weighs the heap at the end: collects all garbage. */
  public Simulation weighing() {
    weighs = true;
    return this;
  }

  /** How members regarded each other, in a run that is over. */
  public Regard regard() {
    return regards.all();
  }

  /** Minutes are counted from then on, not from the start. */
  public Simulation minutesFrom(long nanos) {
    firstMinuteNanos = nanos;
    return this;
  }

  /** Runs it; progress is told now and then. */
  public Outcome run(Consumer<Progress> progress) {
    started = System.nanoTime();
    site.startAll();
    long sampleNanos = scenario.windowMillis() * 1_000_000;
    long end = scenario.durationNanos();
    long now = 0;
    long lookNanos = sampleNanos / LOOKS;
    long nextLook = lookNanos;
    long nextMinute = firstMinuteNanos == 0 ? MINUTE_NANOS : firstMinuteNanos;
    int nextEvent = 0;
    List<Scenario.Event> events = scenario.events();
    while (now < end) {
      long event = nextEvent < events.size() ? events.get(nextEvent).atNanos() : Long.MAX_VALUE;
      now = Math.min(Math.min(event, end), Math.min(nextLook, nextMinute));
      site.runUntil(VirtualSite.START_NANOS + now);
      if (now == nextLook) {
        publications.read();
        regards.look();
        nextLook += lookNanos;
      }
      if (now > 0 && now % sampleNanos == 0 || now == end) {
        sample(now / 1e9);
      }
      if (now == nextMinute) {
        if (now == firstMinuteNanos) {
          minutes.begin();
        } else {
          minutes.end(now / 1e9);
        }
        nextMinute += MINUTE_NANOS;
      }
      while (nextEvent < events.size() && events.get(nextEvent).atNanos() <= now) {
        Scenario.Event due = events.get(nextEvent);
        if (site.log != null) {
          site.note(site.nodeAt(0), "---- " + due.what());
        }
        due.fault().strike(site, new SplittableRandom(Hash.of(scenario.seed(), 5, nextEvent++)));
      }
      progress.accept(new Progress((double) now / end, now / 1e9, wallSeconds(), nodeRounds(now)));
    }
    return outcome(now);
  }

  private double wallSeconds() {
    return (System.nanoTime() - started) / 1e9;
  }

  private double nodeRounds(long nanos) {
    long roundNanos = site.broker.profile().roundMillis() * 1_000_000;
    return (double) nanos / roundNanos * scenario.topology().nodes();
  }

  /** Reads what gateways told since the last time, and has everything checked. */
  private void sample(double seconds) {
    publications.read();
    falseAlarms();
    violations.addAll(oracle.check());
    lookInto();
    if (site.nodes().size() > ALL_WITNESSES) {
      oracle.forget(site.nowMillis() - WINDOWS_KEPT * scenario.windowMillis());
      publications.forgotten();
    }
    int alive = (int) site.nodes().stream().filter(VirtualNode::alive).count();
    long states = site.statesTold();
    samples.add(new Outcome.Sample(seconds, alive, coverage(), staleness(), states - statesBefore));
    statesBefore = states;
  }

  /** No memory grows with the site or with what a stranger sends. */
  private void lookInto() {
    List<VirtualNode> nodes = site.nodes();
    for (int i = 0; i < Math.min(LOOKED_INTO, nodes.size()); i++) {
      VirtualNode node = nodes.get(Math.floorMod(samples.size() * LOOKED_INTO + i, nodes.size()));
      for (String what : Tables.of(node.engine).tooLarge()) {
        violations.add(new Violation(site.nowNanos(), node.path(), what));
      }
    }
  }

  /** Nobody here lies or holds a wrong key; who is warned of that is warned in error. */
  private void falseAlarms() {
    if (scenario.text().contains("clone") || scenario.text().contains("corrupt")) {
      return;
    }
    for (VirtualNode life : site.lives()) {
      for (Delivery.Warning warning : life.warnings()) {
        if (!HARMLESS.contains(warning.kind())) {
          violations.add(new Violation(site.nowNanos(), life.path(), "cried wolf: " + warning));
        }
      }
    }
  }

  private double coverage() {
    Delivery.Result settled =
        publications.settled(site.nodeAt(0), publications.root(), SETTLED_WINDOWS);
    return settled == null ? -1 : (double) settled.reported() / Math.max(1, settled.expected());
  }

  private double staleness() {
    Long newest = publications.newestRoot(site.nodeAt(0));
    return newest == null ? -1 : (site.nowMillis() - newest) / 1e3;
  }

  private List<String> unmet() {
    List<String> unmet = new ArrayList<>();
    for (Scenario.Expectation expected : scenario.expectations()) {
      String zone = expected.zone().equals("root") ? publications.root() : expected.zone();
      Set<String> answers = new TreeSet<>();
      for (VirtualNode gateway : publications.gateways()) {
        if (site.nodeAt(gateway.index) != gateway || !gateway.alive()) {
          continue;
        }
        Delivery.Result result = publications.settled(gateway, zone, expected.windows());
        if (result == null) {
          unmet.add(expected + ": " + gateway.path() + " has no result of " + zone);
        } else if (result.reported() < expected.coverage() * result.expected()) {
          unmet.add(
              "%s: %s has %d of %d"
                  .formatted(expected, gateway.path(), result.reported(), result.expected()));
        }
        answers.add(String.valueOf(result));
      }
      if (answers.isEmpty()) {
        unmet.add(expected + ": no gateway runs");
      } else if (expected.coverage() >= 1 && answers.size() > 1) {
        unmet.add(expected + ": gateways differ: " + answers);
      }
    }
    return unmet;
  }

  /** The serial collector leaves gaps where it may, but in every fourth full collection. */
  private long heapBytesPerNode() {
    if (!weighs) {
      return 0;
    }
    for (int i = 0; i < COMPACTING_COLLECTIONS; i++) {
      System.gc();
    }
    Runtime heap = Runtime.getRuntime();
    return (heap.totalMemory() - heap.freeMemory()) / Math.max(1, site.nodes().size());
  }

  private Outcome outcome(long now) {
    violations.addAll(site.violations());
    if (!scenario.text().contains("clone")) {
      for (String twice : site.sealedTwice()) {
        violations.add(new Violation(site.nowNanos(), "site", "sealed twice: " + twice));
      }
    }
    return new Outcome(
        scenario,
        site.trace(),
        now / 1e9,
        wallSeconds(),
        nodeRounds(now),
        site.events(),
        oracle.checked(),
        site.statesTold(),
        heapBytesPerNode(),
        site.busiestMinute(),
        violations.stream().sorted().distinct().toList(),
        unmet(),
        List.copyOf(samples),
        minutes.all(),
        publications.arrivals(),
        publications.convergence());
  }
}
