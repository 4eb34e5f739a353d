package starling.charter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import starling.model.Charter;
import starling.model.Page;
import starling.model.Window;
import starling.query.ChannelUse;
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
    List<Plan> plans = new ArrayList<>();
    for (Page.StandingQuery query : site.queries()) {
      String name = "query " + query.name() + ": ";
      try {
        Query parsed = Query.parse(query.text());
        checkEvery(name, parsed, site);
        Plan plan = Plan.of(parsed, site.schemas(), site.binsMax());
        Cost.fault(plan, charter).ifPresent(fault -> refuse(name + fault));
        plans.add(plan);
        checkChannels(name, site, plans, charter);
      } catch (QueryException e) {
        throw new IllegalArgumentException(name + e.render(), e);
      }
    }
  }

  private static void refuse(String fault) {
    throw new IllegalArgumentException(fault);
  }

  /** A cell slows down for its queries; refused is what it can't slow down enough for. */
  private static void checkChannels(
      String name, Page.Site site, List<Plan> plans, Charter charter) {
    for (Page page : charter.pages().values()) {
      if (page instanceof Page.Cell cell && cell.medium() == Page.Medium.BROADCAST) {
        List<Page.Inner> above = charter.ancestors(cell.zone());
        ChannelUse use = ChannelUse.of(Cost.medium(cell), cell, above, site, plans);
        ChannelUse without = new ChannelUse(use.medium(), use.contributionsMicros(), List.of());
        boolean heldWithout = without.exponent(site.windowMillis()).isPresent();
        if (heldWithout && use.exponent(site.windowMillis()).isEmpty()) {
          refuse(name + tooMuch(use, cell, charter, site.windowMillis() << Window.PACE_MAX));
        }
      }
    }
  }

  private static String tooMuch(
      ChannelUse use, Page.Cell cell, Charter charter, long longestMillis) {
    return String.format(
        Locale.ROOT,
        "on %s the channel of %s would be used %.1f %% of the time, and may be %.0f %%: in the"
            + " slowest windows, of %d s, %d nodes' contributions take %.1f s and the queries' rows"
            + " %.1f s; ask with a longer EVERY, for fewer columns, or choose a longer window",
        charter.path(cell.zone()).orElse(cell.name()),
        use.medium().name(),
        100 * use.share(longestMillis),
        100 * use.medium().channelTarget(),
        longestMillis / 1000,
        cell.members().size(),
        use.contributionsMicros() / 1e6,
        use.rowsMicros(longestMillis) / 1e6);
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
