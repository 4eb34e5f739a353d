package starling.charter;

import starling.model.Charter;
import starling.model.Page;
import starling.query.Cost;
import starling.query.Plan;
import starling.query.Query;
import starling.query.QueryException;

/** What standing queries must be before a charter is signed: nodes can't ask back. */
final class QueryCheck {
  private QueryCheck() {}

  /**
   * Refuses queries that don't parse, don't fit the schemas or the site's window, or whose rows
   * don't fit a medium's frames.
   *
   * @throws IllegalArgumentException says what, why, and what to do
   */
  static void check(Charter charter) {
    Page.Site site = charter.site().orElseThrow();
    for (Page.StandingQuery query : site.queries()) {
      String name = "query " + query.name() + ": ";
      try {
        Query parsed = Query.parse(query.text());
        checkEvery(name, parsed, site);
        Cost.fault(Plan.of(parsed, site.schemas(), site.binsMax()), charter)
            .ifPresent(fault -> {
              throw new IllegalArgumentException(name + fault);
            });
      } catch (QueryException e) {
        throw new IllegalArgumentException(name + e.render(), e);
      }
    }
  }

  private static void checkEvery(String name, Query query, Page.Site site) {
    long everyMillis = query.everyMillis().orElse(site.windowMillis());
    if (everyMillis != site.windowMillis()) {
      throw new IllegalArgumentException(
          name
              + "EVERY must be the site's window, "
              + site.windowMillis()
              + " ms, not "
              + everyMillis
              + " ms; leave it out");
    }
  }
}
