package starling.zone;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import starling.model.Charter;
import starling.model.Page;
import starling.model.Schema;
import starling.query.Plan;
import starling.query.Query;
import starling.query.QueryException;

/**
 * A standing query of the charter, ready to run.
 *
 * @param number what rows carry
 * @param name the topic level
 * @param plan how it is computed
 */
record Standing(int number, String name, Plan plan) {

  /** All standing queries that this node understands, and why not the others. */
  record All(List<Standing> queries, List<String> refused) {
    Optional<Standing> numbered(int number) {
      return queries.stream().filter(q -> q.number() == number).findFirst();
    }
  }

  static final All NONE = new All(List.of(), List.of());

  static All of(Charter charter) {
    Optional<Page.Site> site = charter.site();
    if (site.isEmpty()) {
      return NONE;
    }
    List<Standing> queries = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (Page.StandingQuery query : site.get().queries()) {
      try {
        queries.add(new Standing(query.number(), query.name(), plan(query, site.get())));
      } catch (QueryException e) {
        refused.add("query " + query.name() + ": " + e.getMessage());
      }
    }
    return new All(List.copyOf(queries), List.copyOf(refused));
  }

  /** The plan of one standing query, checked against the site's schemas. */
  static Plan plan(Page.StandingQuery query, Page.Site site) throws QueryException {
    List<Schema> schemas = site.schemas();
    return Plan.of(Query.parse(query.text()), schemas, site.binsMax());
  }
}
