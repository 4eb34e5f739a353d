package starling.query;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import starling.model.Schema;
import starling.query.Expression.OfChannel;
import starling.query.Query.Output;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * What a plan keeps of a set of contributions: a pure function of that set, whatever the order and
 * grouping in which they were added and merged (commutative, associative, with {@link Plan#empty}
 * as identity). All arithmetic is in integers; see {@link Tally} why none overflows, and {@link
 * Bins} why quantiles fit in. Adding a contribution twice counts it twice: who is in is for the
 * caller to know. Immutable.
 *
 * <pre>
 * leaves, varint | one tally a channel, in the order in which the query first names them
 * </pre>
 */
public final class Partial {
  private final Plan plan;
  private final int leaves;
  private final Tally[] tallies;

  private Partial(Plan plan, int leaves, Tally[] tallies) {
    this.plan = plan;
    this.leaves = leaves;
    this.tallies = tallies;
  }

  static Partial empty(Plan plan) {
    Tally[] tallies = new Tally[plan.needs().size()];
    Arrays.fill(tallies, Tally.EMPTY);
    return new Partial(plan, 0, tallies);
  }

  /** How many contributions are in, with or without values. */
  public int leaves() {
    return leaves;
  }

  /**
   * This state and one contribution.
   *
   * @param schema one of the plan's
   * @param steps by the schema's channels, in steps of each one's resolution; one that no schema of
   *     the plan allows for its channel counts as not measured
   * @param presentBits bit i says that channel i was measured
   */
  public Partial add(Schema schema, long[] steps, long presentBits) {
    int[] places = plan.places(schema);
    Tally[] one = new Tally[tallies.length];
    for (int i = 0; i < one.length; i++) {
      Need need = plan.needs().get(i);
      int place = places[i];
      boolean measured = place >= 0 && (presentBits >>> place & 1) == 1;
      one[i] = measured && need.accepts(steps[place]) ? Tally.of(need, steps[place]) : Tally.EMPTY;
    }
    return merge(new Partial(plan, 1, one));
  }

  /**
   * This state and another one of the same plan over other contributions.
   *
   * @throws IllegalArgumentException the plans differ, or there would be more than {@link
   *     Plan#LEAVES_MAX} leaves; to rule that out, decode with a limit
   */
  public Partial merge(Partial other) {
    if (!plan.equals(other.plan)) {
      throw new IllegalArgumentException(
          "states of different plans don't merge: " + plan + " and " + other.plan);
    }
    if (other.leaves > Plan.LEAVES_MAX - leaves) {
      throw new IllegalArgumentException("more than " + Plan.LEAVES_MAX + " leaves in one state");
    }
    Tally[] merged = new Tally[tallies.length];
    for (int i = 0; i < merged.length; i++) {
      merged[i] = tallies[i].merge(plan.needs().get(i), other.tallies[i]);
    }
    return new Partial(plan, leaves + other.leaves, merged);
  }

  /**
   * Writes the state, at most {@link Plan#stateBytesMax} bytes; or, where it does not fit, nothing,
   * and leaves the writer as it was.
   *
   * @return whether it fitted
   */
  public boolean encode(WireWriter to) {
    if (to.overflowed()) {
      return false;
    }
    int mark = to.mark();
    to.varint(leaves);
    for (int i = 0; i < tallies.length; i++) {
      tallies[i].encode(to, plan.needs().get(i), leaves);
    }
    if (to.overflowed()) {
      to.reset(mark);
      return false;
    }
    return true;
  }

  /** Reads a state of up to {@link Plan#LEAVES_MAX} leaves. */
  public static Partial decode(Plan plan, WireReader from) throws MalformedException {
    return decode(plan, from, Plan.LEAVES_MAX);
  }

  /**
   * Reads a state. A state has one encoding: what this accepts, {@link #encode} writes again byte
   * by byte.
   *
   * @param leavesMax as many as the roster allows there, so that sums of states stay within {@link
   *     Plan#LEAVES_MAX}
   * @throws MalformedException no contributions can lead to such a state
   */
  public static Partial decode(Plan plan, WireReader from, int leavesMax)
      throws MalformedException {
    int leaves = from.varint(Math.min(leavesMax, Plan.LEAVES_MAX));
    Tally[] tallies = new Tally[plan.needs().size()];
    for (int i = 0; i < tallies.length; i++) {
      tallies[i] = Tally.decode(from, plan.needs().get(i), leaves);
    }
    return new Partial(plan, leaves, tallies);
  }

  /**
   * The answers by output name. What nobody measured is absent, but counts are there.
   *
   * <p>Values, sums and extremes have the channel's decimals, averages and deviations three more,
   * quantiles one more (a bin's middle may be half a step); each is the double nearest to that
   * decimal number, so it prints as that number, everywhere the same.
   */
  public SortedMap<String, Double> results() {
    SortedMap<String, Double> results = new TreeMap<>();
    for (Output output : plan.query().outputs()) {
      answer(output.expression()).ifPresent(v -> results.put(output.name(), v.doubleValue()));
    }
    return Collections.unmodifiableSortedMap(results);
  }

  private Optional<BigDecimal> answer(Expression expression) {
    return switch (expression) {
      case Expression.CountAll() -> Optional.of(BigDecimal.valueOf(leaves));
      case OfChannel of -> {
        int i = indexOf(of.channel());
        yield tallies[i].answer(of, plan.needs().get(i).decimals());
      }
    };
  }

  private int indexOf(String channel) {
    List<Need> needs = plan.needs();
    int i = 0;
    while (!needs.get(i).channel().equals(channel)) {
      i++;
    }
    return i;
  }

  /**
   * A hash of the encoded state, equal on every machine: FNV-1a with a final avalanche. It tells
   * states apart and orders them; it proves nothing against someone who wants a collision.
   */
  public long contentHash() {
    WireWriter bytes = WireWriter.ofSize(plan.stateBytesMax(leaves));
    encode(bytes);
    long hash = 0xcbf29ce484222325L;
    for (byte next : bytes.toBytes()) {
      hash = (hash ^ (next & 0xFF)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    return hash ^ (hash >>> 33);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Partial partial
        && leaves == partial.leaves
        && Arrays.equals(tallies, partial.tallies)
        && plan.equals(partial.plan);
  }

  @Override
  public int hashCode() {
    return 31 * leaves + Arrays.hashCode(tallies);
  }

  @Override
  public String toString() {
    return leaves + " leaves " + Arrays.toString(tallies);
  }
}
