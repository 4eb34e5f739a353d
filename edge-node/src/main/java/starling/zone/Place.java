package starling.zone;

import java.util.List;
import java.util.Optional;
import starling.engine.Effects;
import starling.model.Charter;
import starling.model.Facts;
import starling.model.Member;
import starling.model.Members;
import starling.model.Page;
import starling.query.Labels;
import starling.wire.MalformedException;

/** Where the charter has this node: which branch of the zone tree, and who it is there. */
record Place(Branch branch, Member self) {

  /** Empty if it has no place, or not this one any more: then it neither speaks nor counts. */
  static Optional<Place> of(Facts facts, Effects out) {
    Charter charter = facts.charter();
    return charter
        .cell(facts.self().cell())
        .flatMap(page -> page.member(facts.self().slot()))
        .filter(member -> member.id().equals(facts.self().id()))
        .flatMap(self ->
            Branch.of(charter, facts.self().cell(), out)
                .map(branch -> new Place(out.shared(branch), self)));
  }

  Charter charter() {
    return branch.charter;
  }

  Page.Cell cell() {
    return branch.cell;
  }

  /** The cell's ancestors, its parent first. */
  List<Page.Inner> above() {
    return branch.above;
  }

  /** The zone of the whole site, as far as its pages are held. */
  int topZone() {
    return above().isEmpty() ? cell().zone() : above().getLast().zone();
  }

  Standing.All queries() {
    return branch.queries;
  }

  long windowMillis() {
    return branch.windowMillis;
  }

  /** The slots of the cell that contribute, as a bitmap. */
  long sensing() {
    return branch.sensing;
  }

  /** The slots at which other zones' representatives reach the cell. */
  List<Integer> contacts() {
    return above().stream()
        .limit(1)
        .flatMap(parent -> parent.child(cell().zone()).stream())
        .flatMap(child -> child.entrances().stream())
        .findFirst()
        .map(Page.Entrance::slots)
        .orElse(List.of());
  }

  /** Who does what in the cell while its members are these. */
  Ranks ranks(Members members) {
    return branch.ranks(members, contacts());
  }

  boolean broadcast() {
    return cell().medium() == Page.Medium.BROADCAST;
  }

  boolean isOwn(int zone) {
    return zone == cell().zone();
  }

  boolean isAbove(int zone) {
    for (Page.Inner inner : above()) {
      if (inner.zone() == zone) {
        return true;
      }
    }
    return false;
  }

  /** Whether a zone is a sibling of this node's cell or of a zone above it. */
  boolean isBeside(int zone) {
    return branch.beside(zone) != null && !isAbove(zone) && !isOwn(zone);
  }

  /** Whether a row is over the shape that its zone has here: others may share cells. */
  boolean fits(ZoneRow row) {
    for (Page.Inner inner : above()) {
      if (inner.zone() == row.zone()) {
        return inner.shape() == row.shape();
      }
    }
    Page.Child child = branch.beside(row.zone());
    return child == null || child.shape() == row.shape();
  }

  List<Level> levels() {
    return branch.levels;
  }

  /** Whether rows go the same ways as in another place. */
  boolean sameWays(Place other) {
    List<List<Integer>> ways = levels().stream().map(Level::ways).toList();
    return ways.equals(other.levels().stream().map(Level::ways).toList());
  }

  /** The level of exchange below a zone above; empty if it is none of these. */
  Optional<Level> level(int zone) {
    return branch.levels.stream().filter(level -> level.zone().zone() == zone).findFirst();
  }

  /** Whether this node's cell exchanges rows below a zone above, and folds it. */
  boolean serves(int zone) {
    return level(zone).filter(Level::served).isPresent();
  }

  /**
   * Where a row comes from on a level: from the child that it is of; if it is of a zone further up,
   * from one that has an entrance there, in turn with the others. -1 if it is of neither.
   *
   * @param silent the places of the level from which nothing comes, as a bitmap
   */
  int origin(ZoneRow row, Level level, long silent) {
    int place = level.place(row.zone());
    int at = branch.levels.indexOf(level);
    boolean further =
        branch.levels.stream().skip(at + 1).anyMatch(next -> next.zone().zone() == row.zone());
    if (place >= 0 || !further) {
      return place;
    }
    Level next = branch.levels.get(at + 1);
    if (next.own() < 0) {
      return -1;
    }
    List<Integer> entrances =
        next.ring().get(next.own()).entrances().stream()
            .map(entrance -> level.enteredBy(entrance.cell()))
            .filter(entrance -> entrance >= 0 && (silent & 1L << entrance) == 0)
            .toList();
    return entrances.isEmpty()
        ? -1
        : entrances.get((int) Math.floorMod(row.window().index(), (long) entrances.size()));
  }

  /** Whether a zone is a sibling on a level that this node's cell serves. */
  boolean isBesideServed(int zone) {
    return isBeside(zone)
        && branch.levels.stream().anyMatch(level -> level.served() && level.place(zone) >= 0);
  }

  /** How many nodes of a zone that this node knows of contribute, by the charter. */
  int expected(int zone) {
    if (isOwn(zone)) {
      return cell().sensing();
    }
    for (Page.Inner inner : above()) {
      if (inner.zone() == zone) {
        return inner.expected();
      }
    }
    Page.Child child = branch.beside(zone);
    return child == null ? 0 : child.expected();
  }

  /** Whether a sibling zone is a cell: its results say which slots contributed. */
  boolean isCell(int zone) {
    Page.Child child = branch.beside(zone);
    return child != null && child.isCell();
  }

  String path(int zone) {
    return charter().path(zone).orElse("zone " + zone);
  }

  /** What people call cells and nodes; by number where their page is not held here. */
  Labels labels() {
    return new Labels() {
      @Override
      public String cell(int zone) {
        return charter().path(zone).orElseGet(() -> NUMBERS.cell(zone));
      }

      @Override
      public String node(int zone, int slot) {
        String name =
            charter()
                .cell(zone)
                .flatMap(page -> page.member(slot))
                .map(Member::name)
                .orElse("slot-" + slot);
        return cell(zone) + "/" + name;
      }
    };
  }

  /**
   * Why a row can't be true, by the charter: else one liar could make counts of a whole site.
   *
   * @param then the place when its window began
   */
  Optional<String> fault(ZoneRow row, int expected, Place then) {
    if (row.reported() > expected) {
      return Optional.of(row.reported() + " reported, the charter has " + expected);
    }
    if ((row.contributors() != 0) != (then.isBeside(row.zone()) && then.isCell(row.zone()))) {
      return Optional.of("a cell says which slots contributed, an inner zone can't");
    }
    try {
      Optional<Standing> query = queries().numbered(row.query());
      if (query.isPresent()) {
        row.decode(query.get().plan());
      }
      return Optional.empty();
    } catch (MalformedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
