package starling.query;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import starling.model.Channel;
import starling.model.Schema;
import starling.query.Expression.OfChannel;
import starling.query.Query.Output;
import starling.wire.WireWriter;

/**
 * A query checked against a site's schemas: what it keeps of each contribution, and what its
 * answers mean. How states are encoded depends on the query and the number of bins alone; the
 * schemas only narrow what is accepted. Immutable.
 */
public final class Plan {
  /**
   * The most contributions in one state, so that squares of values up to {@link Channel#STEPS_MAX}
   * add up within 63 bits.
   */
  public static final int LEAVES_MAX = (1 << 21) - 1;

  /** Distinct values up to which quantiles are exact, unless said otherwise. */
  public static final int BINS_DEFAULT = 24;

  private static final int SCHEMA_NUMBERS = 16;

  private final Query query;
  private final List<Schema> schemas;
  private final int binsMax;
  private final List<Need> needs;
  private final int[][] places = new int[SCHEMA_NUMBERS][];
  private final SortedMap<String, String> units;

  private Plan(
      Query query,
      List<Schema> schemas,
      int binsMax,
      List<Need> needs,
      SortedMap<String, String> units) {
    this.query = query;
    this.schemas = schemas;
    this.binsMax = binsMax;
    this.needs = needs;
    this.units = units;
    for (Schema schema : schemas) {
      if (places[schema.number()] != null) {
        throw new IllegalArgumentException("two schemas have number " + schema.number());
      }
      places[schema.number()] =
          needs.stream().mapToInt(need -> schema.indexOf(need.channel()).orElse(-1)).toArray();
    }
  }

  /** A plan with {@link #BINS_DEFAULT} bins for quantiles. */
  public static Plan of(Query query, List<Schema> schemas) throws QueryException {
    return of(query, schemas, BINS_DEFAULT);
  }

  /**
   * Checks a query.
   *
   * @param schemas with different numbers
   * @param binsMax distinct values up to which quantiles are exact, and bins that they have beyond:
   *     2 to 64
   * @throws QueryException a channel is in no schema, or two schemas disagree on its unit or
   *     decimals
   */
  public static Plan of(Query query, List<Schema> schemas, int binsMax) throws QueryException {
    if (binsMax < 2 || binsMax > Bins.BINS_LIMIT) {
      throw new IllegalArgumentException("bins are 2 to " + Bins.BINS_LIMIT + ", not " + binsMax);
    }
    Catalogue catalogue = new Catalogue(query.text(), schemas);
    Map<String, List<OfChannel>> byChannel = new LinkedHashMap<>();
    SortedMap<String, String> units = new TreeMap<>();
    for (Output output : query.outputs()) {
      units.put(
          output.name(),
          switch (output.expression()) {
            case Expression.CountAll() -> "1";
            case OfChannel of -> {
              Channel channel = catalogue.channels(of.channel(), of.column()).getFirst();
              byChannel.computeIfAbsent(of.channel(), _ -> new ArrayList<>()).add(of);
              yield of.counts() ? "1" : channel.unit();
            }
          });
    }
    List<Need> needs = new ArrayList<>();
    for (List<OfChannel> said : byChannel.values()) {
      OfChannel first = said.getFirst();
      needs.add(Need.of(catalogue.channels(first.channel(), first.column()), said, binsMax));
    }
    return new Plan(
        query,
        List.copyOf(schemas),
        binsMax,
        List.copyOf(needs),
        Collections.unmodifiableSortedMap(units));
  }

  /** The query that this answers. */
  public Query query() {
    return query;
  }

  /** UCUM codes by output name. */
  public SortedMap<String, String> units() {
    return units;
  }

  /** The state of no contributions: merging it changes nothing. */
  public Partial empty() {
    return Partial.empty(this);
  }

  /** The most bytes that {@link Partial#encode} takes for a state of up to so many leaves. */
  public int stateBytesMax(int leaves) {
    if (leaves < 0 || leaves > LEAVES_MAX) {
      throw new IllegalArgumentException("leaves are 0 to " + LEAVES_MAX + ", not " + leaves);
    }
    return stateBytesMaxByPart(leaves).values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The same, by what the bytes are for: how many leaves there are, then each channel. */
  Map<String, Integer> stateBytesMaxByPart(int leaves) {
    Map<String, Integer> parts = new LinkedHashMap<>();
    parts.put("count", WireWriter.varintLength(leaves));
    needs.forEach(need -> parts.put(need.channel(), Tally.bytesMax(need, leaves)));
    return parts;
  }

  /** The most bins of a quantile. */
  int binsMax() {
    return binsMax;
  }

  /** The same with another number of bins. */
  Plan withBins(int bins) {
    return checked(query, bins);
  }

  /** The same without one of its outputs. */
  Plan without(Output output) {
    List<Output> fewer = query.outputs().stream().filter(o -> !o.equals(output)).toList();
    return checked(new Query(query.text(), fewer, query.everyMillis()), binsMax);
  }

  /** A plan that asks for no more than this one, and so can't be refused. */
  private Plan checked(Query other, int bins) {
    try {
      return of(other, schemas, bins);
    } catch (QueryException e) {
      throw new IllegalStateException("less than what was accepted is refused", e);
    }
  }

  /** What to keep, channel by channel, in the order in which the query first names them. */
  List<Need> needs() {
    return needs;
  }

  /** Where the needed channels stand in a schema's values; -1 for those it does not have. */
  int[] places(Schema schema) {
    int[] found = places[schema.number()];
    if (found == null) {
      throw new IllegalArgumentException(
          "schema " + schema.number() + " is none of those that this plan was made for");
    }
    return found;
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
