package starling.query;

import java.util.List;
import java.util.OptionalLong;

/**
 * A standing query: {@code SELECT AVG(temperature), P95(temperature) AS hot, COUNT(*) FROM readings
 * EVERY 60 s}.
 *
 * <pre>
 * query    = SELECT output {, output} FROM readings [EVERY whole-number (ms | s | min | h)]
 * output   = function [AS name]
 * function = COUNT(*) | (COUNT | SUM | AVG | MIN | MAX | STDDEV | P0 .. P100) ( channel )
 * </pre>
 *
 * Keywords, functions and units in upper or lower case; channels and names in lower case.
 *
 * @param text as it was written
 * @param outputs 1 to {@link #OUTPUTS_MAX}, with different names
 * @param everyMillis the window's length, {@link #EVERY_MIN_MS} to {@link #EVERY_MAX_MS}; empty
 *     where the query leaves it to the site
 */
public record Query(String text, List<Output> outputs, OptionalLong everyMillis) {
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
   * @throws QueryException it is none, or asks for what this version does not have; says where, and
   *     what is possible
   */
  public static Query parse(String text) throws QueryException {
    return new Parser(text).query();
  }

  /**
   * One column of the answer.
   *
   * @param name lower-case letters, digits and underscores
   */
  public record Output(Expression expression, String name) {}
}
