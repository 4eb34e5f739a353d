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

  /**
   * Windows nest at any pace, and so must a query's: else a cell that goes faster than the zone
   * above it would have no answer at the end of that one's window.
   */
  private static void checkEvery(String name, Query query, Page.Site site) {
    long windowMillis = site.windowMillis();
    long everyMillis = query.everyMillis().orElse(windowMillis);
    long below = windowMillis;
    while (2 * below <= everyMillis) {
      below *= 2;
    }
    if (everyMillis != below) {
      throw new IllegalArgumentException(
          name
              + "EVERY is the site's window of "
              + windowMillis
              + " ms or that doubled again and again, so that windows nest, not "
              + everyMillis
              + " ms; take "
              + (everyMillis < below ? below + " ms" : below + " or " + 2 * below + " ms")
              + ", or leave it out for every window");
    }
  }
}
