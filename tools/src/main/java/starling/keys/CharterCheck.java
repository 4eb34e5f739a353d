package starling.keys;

import java.util.Optional;
import starling.model.Charter;
import starling.model.Member;
import starling.model.Page;

/** What a charter must be besides well-formed, before it is signed: nodes can't ask back. */
final class CharterCheck {
  private CharterCheck() {}

  /**
   * Refuses nodes whose readings have no schema; queries were checked when the charter was drafted.
   *
   * @throws IllegalArgumentException says what, why, and what to do
   */
  static void check(Charter charter) {
    Page.Site site = charter.site().orElseThrow();
    for (Page page : charter.pages().values()) {
      if (page instanceof Page.Cell cell) {
        cell.members().forEach(member -> check(member, charter.path(cell.zone()), site));
      }
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
}
