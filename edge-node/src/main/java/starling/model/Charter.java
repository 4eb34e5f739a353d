package starling.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pages that a node holds: what makes frames short. Immutable; a new page makes a new charter.
 * What each frame and each neighbour asks of it, it has at hand.
 */
public final class Charter implements Fact {
  /** No pages at all. */
  public static final Charter EMPTY = new Charter(new TreeMap<>());

  /** The deepest zone tree. */
  public static final int DEPTH_MAX = 8;

  private final SortedMap<Integer, Page> pages;
  private final Optional<Page.Site> site;
  private final int hash;

  private Charter(SortedMap<Integer, Page> pages) {
    this.pages = Collections.unmodifiableSortedMap(pages);
    this.site =
        pages.get(Page.SITE) instanceof Page.Site page ? Optional.of(page) : Optional.empty();
    int versions = 0;
    for (Page page : pages.values()) {
      versions = 31 * versions + Objects.hash(page.zone(), page.version());
    }
    this.hash = versions;
  }

  /** By zone id, the site page under {@link Page#SITE}. */
  public SortedMap<Integer, Page> pages() {
    return pages;
  }

  /** A charter of these pages. */
  public static Charter of(Collection<? extends Page> pages) {
    TreeMap<Integer, Page> byZone = new TreeMap<>();
    pages.forEach(page -> byZone.put(page.zone(), page));
    return new Charter(byZone);
  }

  /** This charter with one page added, or replaced if the new one's version is larger. */
  public Charter with(Page page) {
    Page held = pages.get(page.zone());
    if (held != null && held.version() >= page.version()) {
      return this;
    }
    TreeMap<Integer, Page> next = new TreeMap<>(pages);
    next.put(page.zone(), page);
    return new Charter(next);
  }

  /** The version of the page of a zone, 0 if not held. */
  public long version(int zone) {
    if (zone == Page.SITE) {
      return site.isPresent() ? site.get().version() : 0;
    }
    Page page = pages.get(zone);
    return page == null ? 0 : page.version();
  }

  /**
   * The newest version of a zone's page that the pages above it name, 0 if none does: larger than
   * {@link #version} if the page held is outdated.
   */
  public long newest(int zone) {
    long newest = zone == Page.ROOT ? site().map(Page.Site::rootVersion).orElse(0L) : 0;
    for (Page page : pages.values()) {
      if (page instanceof Page.Inner inner) {
        for (Page.Child child : inner.children()) {
          newest = child.zone() == zone ? Math.max(newest, child.version()) : newest;
        }
      }
    }
    return newest;
  }

  /**
   * A page that is outdated or missing.
   *
   * @param version it, or any later one
   */
  public record Lack(int zone, long version) {}

  /**
   * What a node of a cell lacks next: of its branch from the top down, then of all other pages that
   * it holds.
   */
  public Optional<Lack> lack(int cell) {
    Optional<Lack> own = lackOfBranch(cell);
    return own.isPresent() ? own : outdated(pages.keySet());
  }

  /** Whether all pages of a cell's branch are held, and are of one charter. */
  public boolean isWhole(int cell) {
    return lackOfBranch(cell).isEmpty();
  }

  private Optional<Lack> lackOfBranch(int cell) {
    List<Integer> branch = new ArrayList<>(List.of(Page.ROOT));
    ancestors(cell).reversed().forEach(above -> branch.add(above.zone()));
    branch.add(parent(cell));
    branch.add(cell);
    Optional<Lack> outdated = outdated(branch);
    return outdated.isPresent() ? outdated : branch.stream().flatMap(this::astray).findFirst();
  }

  private Optional<Lack> outdated(Collection<Integer> zones) {
    return zones.stream()
        .filter(zone -> newest(zone) > version(zone))
        .map(zone -> new Lack(zone, newest(zone)))
        .findFirst();
  }

  /** A zone above which is not held, or does not list it: then its own page says where it went. */
  private Stream<Lack> astray(int zone) {
    int parent = parent(zone);
    if (parent == 0) {
      return Stream.empty();
    }
    return inner(parent)
        .map(above ->
            above.child(zone).isPresent()
                ? Stream.<Lack>empty()
                : Stream.of(new Lack(zone, version(zone) + 1)))
        .orElseGet(() -> Stream.of(new Lack(parent, 1)));
  }

  /** The site page. */
  public Optional<Page.Site> site() {
    return site;
  }

  /** A cell's page. */
  public Optional<Page.Cell> cell(int zone) {
    return pages.get(zone) instanceof Page.Cell cell ? Optional.of(cell) : Optional.empty();
  }

  /** An inner zone's page. */
  public Optional<Page.Inner> inner(int zone) {
    return pages.get(zone) instanceof Page.Inner inner ? Optional.of(inner) : Optional.empty();
  }

  /** The zones above a zone, its parent first, the root last; ends where a page is missing. */
  public List<Page.Inner> ancestors(int zone) {
    List<Page.Inner> above = new ArrayList<>();
    int next = parent(zone);
    while (next != 0 && above.size() < DEPTH_MAX) {
      Optional<Page.Inner> page = inner(next);
      if (page.isEmpty()) {
        break;
      }
      above.add(page.get());
      next = page.get().parent();
    }
    return above;
  }

  /** What a node of a cell needs: the site's page, the cell's and those of the zones above it. */
  public Charter branch(int cell) {
    List<Page> needed = new ArrayList<>(ancestors(cell));
    cell(cell).ifPresent(needed::add);
    site().ifPresent(needed::add);
    return of(needed);
  }

  /**
   * The path of a zone whose page is held, or that a held page lists as its child: {@code
   * /orchard/north}.
   */
  public Optional<String> path(int zone) {
    StringBuilder path = new StringBuilder();
    int next = zone;
    for (int depth = 0; next != 0 && depth <= DEPTH_MAX; depth++) {
      Optional<Step> step = step(next);
      if (step.isEmpty()) {
        return Optional.empty();
      }
      path.insert(0, "/" + step.get().name());
      next = step.get().parent();
    }
    return next == 0 && !path.isEmpty() ? Optional.of(path.toString()) : Optional.empty();
  }

  /**
   * Whether the pages held show that nothing has this path, no zone and no node: of what is below a
   * zone whose page is missing or outdated, they show nothing.
   */
  public boolean excludes(String path) {
    String[] segments = path.split("/", -1);
    int zone = Page.ROOT;
    for (int i = 2; i < segments.length && version(zone) >= newest(zone); i++) {
      String name = segments[i];
      switch (pages.get(zone)) {
        case Page.Inner inner -> {
          Optional<Page.Child> child =
              inner.children().stream().filter(one -> one.name().equals(name)).findFirst();
          if (child.isEmpty()) {
            return true;
          }
          zone = child.get().zone();
        }
        case Page.Cell cell -> {
          boolean last = i == segments.length - 1;
          return !last || cell.members().stream().noneMatch(one -> one.name().equals(name));
        }
        case Page.Site _ -> throw new IllegalStateException("zone 0 is none's child");
        case null -> {
          return false;
        }
      }
    }
    return false;
  }

  /** A zone's name, and the zone above it. */
  private record Step(String name, int parent) {}

  private Optional<Step> step(int zone) {
    return switch (pages.get(zone)) {
      case Page.Inner inner -> Optional.of(new Step(inner.name(), inner.parent()));
      case Page.Cell cell -> Optional.of(new Step(cell.name(), cell.parent()));
      case Page.Site _ -> Optional.empty();
      case null -> listed(zone);
    };
  }

  private Optional<Step> listed(int zone) {
    for (Page held : pages.values()) {
      if (held instanceof Page.Inner inner) {
        for (Page.Child child : inner.children()) {
          if (child.zone() == zone) {
            return Optional.of(new Step(child.name(), inner.zone()));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Low four bits that tell most changes of the site page apart at a glance. */
  public int low() {
    return (int) (version(Page.SITE) & 15);
  }

  private int parent(int zone) {
    return switch (pages.get(zone)) {
      case Page.Inner inner -> inner.parent();
      case Page.Cell cell -> cell.parent();
      case Page.Site _ -> 0;
      case null -> 0;
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || other instanceof Charter c && hash == c.hash && pages.equals(c.pages);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return "Charter" + pages.keySet();
  }
}
