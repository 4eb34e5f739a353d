package starling.zone;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import starling.model.Charter;
import starling.model.Facts;
import starling.model.Member;
import starling.model.Page;
import starling.wire.MalformedException;

/**
 * Where the charter has this node: its cell, the zones above it, what these consist of, and the
 * queries that all of them answer.
 *
 * @param above the cell's ancestors, its parent first
 * @param beside the children of all these, by zone id; the own path's are among them
 */
record Place(
    Charter charter,
    Page.Cell cell,
    Member self,
    List<Page.Inner> above,
    SortedMap<Integer, Page.Child> beside,
    Standing.All queries,
    long windowMillis) {

  /** Empty if it has no place, or not this one any more: then it neither speaks nor counts. */
  static Optional<Place> of(Facts facts) {
    Charter charter = facts.charter();
    Optional<Page.Site> site = charter.site();
    Optional<Page.Cell> cell = charter.cell(facts.self().cell());
    Optional<Member> self =
        cell.flatMap(page -> page.member(facts.self().slot()))
            .filter(member -> member.id().equals(facts.self().id()));
    if (site.isEmpty() || cell.isEmpty() || self.isEmpty()) {
      return Optional.empty();
    }
    List<Page.Inner> above = charter.ancestors(cell.get().zone());
    TreeMap<Integer, Page.Child> beside = new TreeMap<>();
    above.forEach(zone -> zone.children().forEach(child -> beside.put(child.zone(), child)));
    int leaves = above.isEmpty() ? cell.get().sensing() : above.getLast().expected();
    return Optional.of(
        new Place(
            charter,
            cell.get(),
            self.get(),
            List.copyOf(above),
            beside,
            Standing.All.of(site.get(), leaves),
            site.get().windowMillis()));
  }

  boolean broadcast() {
    return cell.medium() == Page.Medium.BROADCAST;
  }

  boolean isOwn(int zone) {
    return zone == cell.zone();
  }

  boolean isAbove(int zone) {
    return above.stream().anyMatch(inner -> inner.zone() == zone);
  }

  /** Whether a zone is a sibling of this node's cell or of a zone above it. */
  boolean isBeside(int zone) {
    return beside.containsKey(zone) && !isAbove(zone) && !isOwn(zone);
  }

  /** How many nodes of a zone that this node knows of contribute, by the charter. */
  int expected(int zone) {
    if (isOwn(zone)) {
      return cell.sensing();
    }
    for (Page.Inner inner : above) {
      if (inner.zone() == zone) {
        return inner.expected();
      }
    }
    Page.Child child = beside.get(zone);
    return child == null ? 0 : child.expected();
  }

  /** Whether a sibling zone is a cell: its results say which slots contributed. */
  boolean isCell(int zone) {
    Page.Child child = beside.get(zone);
    return child != null && child.contactCell() == zone;
  }

  String path(int zone) {
    return charter.path(zone).orElse("zone " + zone);
  }

  /** Why a row can't be true, by the charter: else one liar could make counts of a whole site. */
  Optional<String> fault(ZoneRow row, int expected) {
    if (row.reported() > expected) {
      return Optional.of(row.reported() + " reported, the charter has " + expected);
    }
    if ((row.contributors() != 0) != (isBeside(row.zone()) && isCell(row.zone()))) {
      return Optional.of("a cell says which slots contributed, an inner zone can't");
    }
    try {
      Optional<Standing> query = queries.numbered(row.query());
      if (query.isPresent()) {
        row.decode(query.get().plan());
      }
      return Optional.empty();
    } catch (MalformedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
