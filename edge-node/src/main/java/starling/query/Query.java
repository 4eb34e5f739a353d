package starling.query;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;

/**
 * A standing query: {@code SELECT AVG(temperature), P95(temperature) AS hot, COUNT(*) FROM readings
 * WHERE battery > 3.3 EVERY 60 s}.
 *
 * <pre>
 * query     = SELECT output {, output} FROM readings [WHERE condition] [GROUP BY (mains | uplink | schema)]
 *             [EVERY whole-number (ms | s | min | h)]
 * output    = number [AS name] | other [AS name]
 * number    = sums, differences, products and quotients, in parentheses or not, of numbers and
 *             COUNT(*) | (COUNT | SUM | AVG | MIN | MAX | STDDEV) ( value ) | (P0 .. P100) ( value [, bins] )
 * other     = HISTOGRAM ( value, low, high, bins ) | (ANY | ALL) ( condition )
 *           | (TOP | FIRST) nodes BY value | DISTINCT ( value | attribute [, most] )
 * value     = the same of channels and numbers; ROUND ( value, decimals )
 * condition = value (= | != | &lt; | &lt;= | &gt; | &gt;=) value | mains | uplink | (node | cell) (= | !=) 'text'
 *           | schema (= | !=) number | (node | cell | schema) [NOT] IN ( text or number, ... )
 *           | NOT condition | condition AND condition | condition OR condition | ( condition )
 * </pre>
 *
 * Keywords, functions and units in upper or lower case; channels and names in lower case. NOT binds
 * tighter than AND, that tighter than OR. Whatever is said of a value that a node did not measure
 * is unknown; WHERE takes those for whom its condition is known to hold.
 *
 * <p>A window's answer rests on what nodes say at its end. With EVERY there is one for each window
 * in which a multiple of that time falls; without, for each window of the site: the live state.
 *
 * @param text as it was written
 * @param outputs 1 to {@link #OUTPUTS_MAX}, with different names
 * @param where which nodes it is about; empty for all
 * @param groupBy by what each output is told apart
 * @param everyMillis {@link #EVERY_MIN_MS} to {@link #EVERY_MAX_MS}; empty where the query leaves
 *     it to the site
 */
public record Query(
    String text,
    List<Output> outputs,
    Optional<Condition> where,
    Optional<Attribute> groupBy,
    OptionalLong everyMillis) {
  /** The longest query, in characters. */
  public static final int TEXT_MAX = 1000;

  /** The most outputs of a query. */
  public static final int OUTPUTS_MAX = 32;

  /** The longest output name, in characters. */
  public static final int NAME_MAX = 40;

  /** The shortest window. */
  public static final long EVERY_MIN_MS = 100;

  /** The longest window: a day. */
  public static final long EVERY_MAX_MS = 86_400_000;

  public Query {
    outputs = List.copyOf(outputs);
  }

  /**
   * Reads a query.
   *
   * @throws QueryException it is none; says where, and what is possible
   */
  public static Query parse(String text) throws QueryException {
    return new Parser(text).query();
  }

  /** The same with other outputs. */
  Query with(List<Output> others) {
    return new Query(text, others, where, groupBy, everyMillis);
  }

  /** The names of its columns, in order. */
  public List<String> columns() {
    return outputs.stream().map(Output::name).toList();
  }

  /** The channels that it reads, by name. */
  public SortedSet<String> channels() {
    return Reads.of(this);
  }

  /**
   * Whether there is an answer for a window.
   *
   * @param startMillis its first millisecond, network time
   * @param endMillis the first millisecond after it
   */
  public boolean isDue(long startMillis, long endMillis) {
    return everyMillis.isEmpty()
        || endMillis / everyMillis.getAsLong() > startMillis / everyMillis.getAsLong();
  }

  /**
   * One column of the answer.
   *
   * @param name lower-case letters, digits and underscores
   */
  record Output(Expression expression, String name) {}
}
