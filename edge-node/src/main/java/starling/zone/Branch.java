package starling.zone;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import starling.engine.Effects;
import starling.model.Charter;
import starling.model.Hash;
import starling.model.Members;
import starling.model.Page;

/**
 * The branch of the zone tree that a cell sits on, by the charter: the zones above it, what these
 * consist of, and the queries that all of them answer. The same for all members of the cell.
 */
final class Branch {
  final Charter charter;
  final Page.Cell cell;

  /** The cell's ancestors, its parent first. */
  final List<Page.Inner> above;

  /** The same as levels of exchange. */
  final List<Level> levels;

  private final Page.Child[] beside; // the children of all these, by ascending zone

  /** The slots of the cell that contribute, as a bitmap. */
  final long sensing;

  final Standing.All queries;
  final long windowMillis;

  private @Nullable Ranks ranks; // as they were asked for last

  private Branch(Charter charter, Page.Site site, Page.Cell cell, Effects out) {
    this.charter = charter;
    this.cell = cell;
    this.sensing = cell.sensingBits();
    this.above = List.copyOf(charter.ancestors(cell.zone()));
    this.levels = Level.of(cell.zone(), above);
    TreeMap<Integer, Page.Child> children = new TreeMap<>();
    above.forEach(zone -> zone.children().forEach(child -> children.put(child.zone(), child)));
    this.beside = children.values().toArray(Page.Child[]::new);
    int leaves = above.isEmpty() ? cell.sensing() : above.getLast().expected();
    this.queries = out.shared(Standing.All.of(site, leaves)); // most cells ask the same
    this.windowMillis = site.windowMillis();
  }

  /** Empty while the charter lacks the site page or the cell's. */
  static Optional<Branch> of(Charter charter, int cell, Effects out) {
    return charter
        .site()
        .flatMap(site -> charter.cell(cell).map(page -> new Branch(charter, site, page, out)));
  }

  /** A child of a zone above; the own path's are among them. */
  Page.@Nullable Child beside(int zone) {
    int low = 0;
    int high = beside.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (beside[middle].zone() == zone) {
        return beside[middle];
      }
      low = beside[middle].zone() < zone ? middle + 1 : low;
      high = beside[middle].zone() < zone ? high : middle - 1;
    }
    return null;
  }

  /** Who does what in the cell while its members are these. */
  Ranks ranks(Members members, List<Integer> contacts) {
    Ranks same = ranks;
    if (same == null || !same.members().equals(members)) {
      same = Ranks.of(cell, contacts, members);
      ranks = same;
    }
    return same;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Branch b && cell.zone() == b.cell.zone() && charter.equals(b.charter);
  }

  @Override
  public int hashCode() {
    return (int) Hash.of(cell.zone(), cell.version(), charter.version(Page.SITE));
  }
}
