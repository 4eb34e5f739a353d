package starling.query;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import starling.model.Answer;
import starling.model.Schema;
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
 * leaves v | without WHERE and GROUP BY: the parts' states, in the order in which the query first names them
 *          | with WHERE:    those not asked v | states of those who are
 *          | with GROUP BY: mask of groups v | for each of them, the lowest first: nodes less 1 v | states
 * </pre>
 *
 * There are states only of one or more nodes.
 */
public final class Partial {
  private final Plan plan;
  private final int leaves;
  private final List<Group> groups;

  private Partial(Plan plan, int leaves, List<Group> groups) {
    this.plan = plan;
    this.leaves = leaves;
    this.groups = groups;
  }

  static Partial empty(Plan plan) {
    return new Partial(plan, 0, Collections.nCopies(plan.groupsMax(), Group.none(plan)));
  }

  /** How many contributions are in, asked or not, with or without values. */
  public int leaves() {
    return leaves;
  }

  /**
   * This state and one contribution of a node of which nothing else is known.
   *
   * @param schema one of the plan's
   * @param steps by the schema's channels, in steps of each one's resolution; one that no schema of
   *     the plan allows for its channel counts as not measured
   * @param presentBits bit i says that channel i was measured
   */
  public Partial add(Schema schema, long[] steps, long presentBits) {
    return add(new Sample(schema, steps, presentBits, Optional.empty()));
  }

  /** This state and one contribution of a node of the roster. */
  public Partial add(Schema schema, long[] steps, long presentBits, Origin origin) {
    return add(new Sample(schema, steps, presentBits, Optional.of(origin)));
  }

  private Partial add(Sample sample) {
    OptionalInt asked = plan.group(sample);
    Group[] next = groups.toArray(Group[]::new);
    if (asked.isPresent()) {
      next[asked.getAsInt()] = next[asked.getAsInt()].merge(Group.of(plan, sample));
    }
    return new Partial(plan, sum(1), List.of(next));
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
    Group[] merged = new Group[groups.size()];
    for (int i = 0; i < merged.length; i++) {
      merged[i] = groups.get(i).merge(other.groups.get(i));
    }
    return new Partial(plan, sum(other.leaves), List.of(merged));
  }

  private int sum(int more) {
    if (more > Plan.LEAVES_MAX - leaves) {
      throw new IllegalArgumentException("more than " + Plan.LEAVES_MAX + " leaves in one state");
    }
    return leaves + more;
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
    if (plan.grouped()) {
      encodeGroups(to);
    } else {
      Group all = groups.getFirst();
      if (plan.filtered()) {
        to.varint(leaves - all.nodes());
      }
      all.encode(to);
    }
    if (to.overflowed()) {
      to.reset(mark);
      return false;
    }
    return true;
  }

  private void encodeGroups(WireWriter to) {
    int mask = 0;
    for (int i = 0; i < groups.size(); i++) {
      mask |= groups.get(i).nodes() > 0 ? 1 << i : 0;
    }
    to.varint(mask);
    for (Group group : groups) {
      if (group.nodes() > 0) {
        to.varint(group.nodes() - 1);
        group.encode(to);
      }
    }
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
    if (plan.grouped()) {
      return new Partial(plan, leaves, decodeGroups(plan, from, leaves));
    }
    int asked = plan.filtered() ? leaves - from.varint(leaves) : leaves;
    return new Partial(plan, leaves, List.of(Group.decode(plan, from, asked)));
  }

  private static List<Group> decodeGroups(Plan plan, WireReader from, int leaves)
      throws MalformedException {
    int mask = from.varint((1 << plan.groupsMax()) - 1);
    Group[] groups = empty(plan).groups.toArray(Group[]::new);
    int rest = leaves;
    for (int i = 0; i < groups.length; i++) {
      if ((mask & 1 << i) != 0) {
        if (rest == 0 || !plan.groupNumbers().contains(i)) {
          throw new MalformedException("group " + i + " can't have nodes");
        }
        int nodes = 1 + from.varint(rest - 1);
        rest -= nodes;
        groups[i] = Group.decode(plan, from, nodes);
      }
    }
    return List.of(groups);
  }

  /** The answers that are numbers: of {@link #answers} those of {@link Answer.Quantity}. */
  public SortedMap<String, Double> results() {
    SortedMap<String, Double> results = new TreeMap<>();
    answers(Labels.NUMBERS)
        .forEach((name, answer) -> {
          if (answer instanceof Answer.Quantity(double value)) {
            results.put(name, value);
          }
        });
    return Collections.unmodifiableSortedMap(results);
  }

  /**
   * The answers by output name, and by output and group where they are grouped. What nobody
   * measured is absent, but counts are there; groups without nodes are absent altogether.
   *
   * <p>Values, sums and extremes have the channel's decimals, averages and deviations three more,
   * quantiles one more (a bin's middle may be half a step), quotients three more than what is
   * divided; each is the double nearest to that decimal number, so it prints as that number,
   * everywhere the same.
   */
  public SortedMap<String, Answer> answers(Labels labels) {
    Answers of = new Answers(plan, labels);
    SortedMap<String, Answer> answers = new TreeMap<>();
    for (int i = 0; i < groups.size(); i++) {
      if (groups.get(i).nodes() > 0 || !plan.grouped()) {
        int group = i;
        of.of(groups.get(i)).forEach((name, answer) -> answers.put(plan.name(name, group), answer));
      }
    }
    return Collections.unmodifiableSortedMap(answers);
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
        && groups.equals(partial.groups)
        && plan.equals(partial.plan);
  }

  @Override
  public int hashCode() {
    return 31 * leaves + groups.hashCode();
  }

  @Override
  public String toString() {
    return leaves + " leaves " + groups;
  }
}
