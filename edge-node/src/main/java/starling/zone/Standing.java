package starling.zone;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import starling.model.Page;
import starling.model.Window;
import starling.query.Cost;
import starling.query.Plan;
import starling.query.Query;
import starling.query.QueryException;

/**
 * A standing query of the charter, ready to run.
 *
 * @param page as the charter has it
 * @param plan how it is computed
 */
record Standing(Page.StandingQuery page, Plan plan) {
  int number() {
    return page.number();
  }

  String name() {
    return page.name();
  }

  /** Whether a window has an answer. */
  boolean isDue(Window window) {
    return page.runs(window.endMillis())
        && plan.query().isDue(window.startMillis(), window.endMillis());
  }

  /**
   * All standing queries that this node understands.
   *
   * @param faults why it does not run others, or how they may outgrow a row, by their names
   */
  record All(List<Standing> queries, SortedMap<String, String> faults) {

    static All of(Page.Site site, int leaves) {
      List<Standing> queries = new ArrayList<>();
      SortedMap<String, String> faults = new TreeMap<>();
      for (Page.StandingQuery query : site.queries()) {
        try {
          Plan plan = Plan.of(Query.parse(query.text()), site.schemas(), site.binsMax());
          queries.add(new Standing(query, plan));
          checkSize(query, plan, leaves, faults);
        } catch (QueryException e) {
          faults.put(query.name(), "the query does not run: " + e.getMessage());
        }
      }
      return new All(List.copyOf(queries), Collections.unmodifiableSortedMap(faults));
    }

    private static void checkSize(
        Page.StandingQuery query, Plan plan, int leaves, SortedMap<String, String> faults) {
      int bytes = plan.stateBytesMax(leaves);
      if (bytes > Cost.STATE_MAX_BYTES) {
        faults.put(
            query.name(),
            "an answer may take "
                + bytes
                + " bytes for "
                + leaves
                + " nodes, and a row holds "
                + Cost.STATE_MAX_BYTES
                + ": a zone whose answer does not fit stays silent; ask for fewer quantiles, or use"
                + " fewer bins");
      }
    }

    /** Those that have an answer for a window. */
    List<Standing> due(Window window) {
      return queries.stream().filter(query -> query.isDue(window)).toList();
    }

    /** Whether another version of this query is among them. */
    boolean asksOtherwise(Standing query) {
      return queries.stream()
          .anyMatch(q -> q.name().equals(query.name()) && q.number() != query.number());
    }

    Optional<Standing> numbered(int number) {
      return queries.stream().filter(q -> q.number() == number).findFirst();
    }
  }
}
