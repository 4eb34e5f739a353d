package starling.keys;

import java.util.Optional;
import starling.model.Charter;
import starling.model.Member;
import starling.model.Page;
import starling.query.Plan;
import starling.query.Query;
import starling.query.QueryException;

/** What a charter must be besides well-formed, before it is signed: nodes can't ask back. */
final class CharterCheck {
  /** The largest state that a row between zones can carry. */
  private static final int STATE_MAX_BYTES = 400;

  private CharterCheck() {}

  /**
   * Refuses queries that don't parse, don't fit the schemas, or whose results would not fit a row,
   * and nodes whose readings have no schema.
   *
   * @throws IllegalArgumentException says what, why, and what to do
   */
  static void check(Charter charter) {
    Page.Site site = charter.site().orElseThrow();
    int leaves = 0;
    for (Page page : charter.pages().values()) {
      if (page instanceof Page.Cell cell) {
        leaves += cell.sensing();
        cell.members().forEach(member -> check(member, charter.path(cell.zone()), site));
      }
    }
    for (Page.StandingQuery query : site.queries()) {
      check(query, site, Math.max(leaves, Member.SLOTS_MAX)); // a cell may fill up
    }
  }

  private static void check(Member member, Optional<String> cell, Page.Site site) {
    if (member.senses() && site.schema(member.schema()).isEmpty()) {
      throw new IllegalArgumentException(
          "node "
              + cell.orElse("")
              + "/"
              + member.name()
              + ": there is no schema "
              + member.schema()
              + "; add it first: starling keys schema");
    }
  }

  private static void check(Page.StandingQuery query, Page.Site site, int leaves) {
    String name = "query " + query.name() + ": ";
    try {
      Query parsed = Query.parse(query.text());
      int bytes = Plan.of(parsed, site.schemas(), site.binsMax()).stateBytesMax(leaves);
      if (bytes > STATE_MAX_BYTES) {
        throw new IllegalArgumentException(
            name
                + "its result may take "
                + bytes
                + " bytes, a row carries "
                + STATE_MAX_BYTES
                + "; ask for fewer columns");
      }
      long everyMillis = parsed.everyMillis().orElse(site.windowMillis());
      if (everyMillis != site.windowMillis()) {
        throw new IllegalArgumentException(
            name
                + "EVERY must be the site's window, "
                + site.windowMillis()
                + " ms, not "
                + everyMillis
                + " ms; leave it out");
      }
    } catch (QueryException e) {
      throw new IllegalArgumentException(name + e.render(), e);
    }
  }
}
