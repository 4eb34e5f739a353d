package starling.query;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import starling.model.Channel;
import starling.model.Schema;
import starling.query.Query.Output;
import starling.wire.WireWriter;

/**
 * A query checked against a site's schemas: what it keeps of each contribution, and what its
 * answers mean. How states are encoded depends on the query, the number of bins and the channels'
 * decimals alone; otherwise the schemas only narrow what is accepted. Immutable.
 */
public final class Plan {
  /**
   * The most contributions in one state, so that squares of values up to {@link Channel#STEPS_MAX}
   * add up within 63 bits.
   */
  public static final int LEAVES_MAX = (1 << 21) - 1;

  /** Distinct values up to which quantiles are exact, unless said otherwise. */
  public static final int BINS_DEFAULT = 24;

  private final Query query;
  private final List<Schema> schemas;
  private final int binsMax;
  private final List<Part> parts;
  private final Map<String, Integer> places = new LinkedHashMap<>();
  private final Optional<Checker.Filter> filter;
  private final SortedMap<String, String> units;

  private Plan(
      Query query,
      List<Schema> schemas,
      int binsMax,
      List<Part> parts,
      Optional<Checker.Filter> filter,
      SortedMap<String, String> units) {
    this.query = query;
    this.schemas = schemas;
    this.binsMax = binsMax;
    this.parts = parts;
    this.filter = filter;
    this.units = grouped(units);
    parts.forEach(part -> places.put(part.text(), places.size()));
  }

  /** A plan with {@link #BINS_DEFAULT} bins for quantiles. */
  public static Plan of(Query query, List<Schema> schemas) throws QueryException {
    return of(query, schemas, BINS_DEFAULT);
  }

  /**
   * Checks a query.
   *
   * @param schemas with different numbers
   * @param binsMax distinct values up to which quantiles are exact, and bins that they have beyond,
   *     where the query does not say: 2 to 64
   * @throws QueryException a channel is in no schema, two schemas disagree on its unit or decimals,
   *     units don't fit, or a value is too fine for its range
   */
  public static Plan of(Query query, List<Schema> schemas, int binsMax) throws QueryException {
    if (binsMax < 2 || binsMax > Bins.BINS_LIMIT) {
      throw new IllegalArgumentException("bins are 2 to " + Bins.BINS_LIMIT + ", not " + binsMax);
    }
    if (schemas.stream().map(Schema::number).distinct().count() != schemas.size()) {
      throw new IllegalArgumentException("two schemas have one number");
    }
    Checker checker = new Checker(query.text(), schemas);
    Parts parts = new Parts(query.text(), checker, binsMax);
    parts.add(query.outputs());
    SortedMap<String, String> units = new TreeMap<>();
    for (Output output : query.outputs()) {
      units.put(output.name(), parts.unit(output.expression()).code());
    }
    Optional<Checker.Filter> filter = Optional.empty();
    if (query.where().isPresent()) {
      filter = Optional.of(checker.filter(query.where().get()));
    }
    return new Plan(query, List.copyOf(schemas), binsMax, parts.list(), filter, units);
  }

  /** The query that this answers. */
  public Query query() {
    return query;
  }

  /** UCUM codes by the names of answers: of outputs, or of outputs and groups. */
  public SortedMap<String, String> units() {
    return units;
  }

  private SortedMap<String, String> grouped(SortedMap<String, String> outputs) {
    SortedMap<String, String> all = new TreeMap<>();
    for (int group : groupNumbers()) {
      outputs.forEach((name, unit) -> all.put(name(name, group), unit));
    }
    return Collections.unmodifiableSortedMap(all);
  }

  /** The state of no contributions: merging it changes nothing. */
  public Partial empty() {
    return Partial.empty(this);
  }

  /** The most bytes that {@link Partial#encode} takes for a state of up to so many leaves. */
  public int stateBytesMax(int leaves) {
    return stateBytesMaxByPart(leaves).values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The same, by what the bytes are for: how many leaves there are, then each part. */
  Map<String, Integer> stateBytesMaxByPart(int leaves) {
    if (leaves < 0 || leaves > LEAVES_MAX) {
      throw new IllegalArgumentException("leaves are 0 to " + LEAVES_MAX + ", not " + leaves);
    }
    int groups = (int) groupNumbers().stream().count();
    int length = WireWriter.varintLength(leaves);
    Map<String, Integer> bytes = new LinkedHashMap<>();
    bytes.put("count", length + (filter.isPresent() && !grouped() ? length : 0));
    if (grouped()) {
      bytes.put("groups", WireWriter.varintLength((1L << groupsMax()) - 1) + groups * length);
    }
    parts.forEach(part -> bytes.put(part.text(), groups * part.bytesMax(leaves)));
    return bytes;
  }

  /** The most bins of a quantile, where the query does not say. */
  int binsMax() {
    return binsMax;
  }

  /** The same with another number of bins. */
  Plan withBins(int bins) {
    return checked(query, bins);
  }

  /** The same without one of its outputs. */
  Plan without(Output output) {
    return checked(
        query.with(query.outputs().stream().filter(o -> !o.equals(output)).toList()), binsMax);
  }

  /** A plan that asks for no more than this one, and so can't be refused. */
  private Plan checked(Query other, int bins) {
    try {
      return of(other, schemas, bins);
    } catch (QueryException e) {
      throw new IllegalStateException("less than what was accepted is refused", e);
    }
  }

  /** What to keep, in the order in which the query first names it. */
  List<Part> parts() {
    return parts;
  }

  /** Where the part of this text is among them. */
  int place(String part) {
    Integer place = places.get(part);
    if (place == null) {
      throw new IllegalStateException("the plan has no part for " + part);
    }
    return place;
  }

  // ---- who is asked

  /** Whether some contributions are not asked. */
  boolean filtered() {
    return filter.isPresent();
  }

  boolean grouped() {
    return query.groupBy().isPresent();
  }

  /** How many groups there can be: numbers of groups are below that. */
  int groupsMax() {
    return query.groupBy().map(attribute -> attribute.values).orElse(1);
  }

  /** The groups that there can be on this site. */
  List<Integer> groupNumbers() {
    return query.groupBy().filter(attribute -> attribute == Attribute.SCHEMA).isPresent()
        ? schemas.stream().map(Schema::number).sorted().toList()
        : IntStream.range(0, groupsMax()).boxed().toList();
  }

  /** What an output is called in the answer of a group. */
  String name(String output, int group) {
    return query.groupBy().map(attribute -> output + attribute.suffix(group)).orElse(output);
  }

  /**
   * The group that a contribution is asked in; empty if it is not asked.
   *
   * @throws IllegalArgumentException its schema is none of the plan's
   */
  OptionalInt group(Sample sample) {
    if (!schemas.contains(sample.schema())) {
      throw new IllegalArgumentException(
          "schema " + sample.schema().number() + " is none of those that this plan was made for");
    }
    if (filter.isPresent() && filter.get().of(sample) != Truth.YES) {
      return OptionalInt.empty();
    }
    return query.groupBy().isPresent() ? query.groupBy().get().group(sample) : OptionalInt.of(0);
  }

  /** Plans are equal if they answer the same query, as written, over the same schemas. */
  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Plan plan
            && binsMax == plan.binsMax
            && query.equals(plan.query)
            && schemas.equals(plan.schemas));
  }

  @Override
  public int hashCode() {
    return 31 * (31 * query.hashCode() + schemas.hashCode()) + binsMax;
  }

  @Override
  public String toString() {
    return query.text();
  }
}
