package starling.charter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.model.Charter;
import starling.model.Member;
import starling.model.Names;
import starling.model.NodeId;
import starling.model.Page;
import starling.model.Schema;
import starling.query.Cost;

/**
 * A charter being written: zones and nodes by path, to which it gives zone ids and slots. Started
 * from an existing charter it keeps every id and slot, and a page that did not change keeps its
 * version; the site page is always signed anew when anything changed, since its version is what
 * frames carry.
 */
public final class Draft {
  private final Charter before;
  private final TreeMap<String, Zone> zones = new TreeMap<>();
  private final Map<NodeId, String> paths = new HashMap<>();
  private final List<Schema> schemas = new ArrayList<>();
  private final List<Page.StandingQuery> queries = new ArrayList<>();
  private final String site;
  private final long windowMillis;
  private int keyEpoch;
  private int binsMax = 24;
  private int lastZone = Page.ROOT;
  private int lastQuery;

  private static final class Zone {
    final int id;
    final LinkProfile medium;
    final boolean cell;
    int shape;
    final Map<String, Member> members = new LinkedHashMap<>();

    Zone(int id, boolean cell, LinkProfile medium) {
      this.id = id;
      this.cell = cell;
      this.medium = medium;
    }
  }

  /** A new site with only its root zone. */
  public Draft(String site, long windowMillis) {
    this(site, windowMillis, Charter.EMPTY);
    zones.put("/" + site, new Zone(Page.ROOT, false, Presets.MQTT.profile()));
  }

  private Draft(String site, long windowMillis, Charter before) {
    this.site = site;
    this.windowMillis = windowMillis;
    this.before = before;
  }

  /** The draft that changes nothing yet: all pages of a site must be at hand. */
  public static Draft of(Charter charter) {
    Page.Site page =
        charter.site().orElseThrow(() -> new IllegalArgumentException("the site page is missing"));
    Draft draft = new Draft(page.site(), page.windowMillis(), charter);
    draft.schemas.addAll(page.schemas());
    draft.queries.addAll(page.queries());
    draft.keyEpoch = page.keyEpoch();
    draft.binsMax = page.binsMax();
    draft.lastZone = Math.max(page.lastZone(), charter.pages().lastKey());
    draft.lastQuery = page.lastQuery();
    for (Page held : charter.pages().values()) {
      String path = charter.path(held.zone()).orElse("");
      switch (held) {
        case Page.Inner inner -> {
          Zone zone = new Zone(inner.zone(), false, Presets.MQTT.profile());
          zone.shape = inner.shape();
          draft.zones.put(path, zone);
        }
        case Page.Cell cell -> {
          Zone zone = new Zone(cell.zone(), true, Cost.medium(cell));
          for (Member member : cell.members()) {
            zone.members.put(member.name(), member);
            draft.paths.put(member.id(), path + "/" + member.name());
          }
          draft.zones.put(path, zone);
        }
        case Page.Site _ -> {}
      }
    }
    return draft;
  }

  /** Adds a schema. */
  public Draft schema(Schema schema) {
    schemas.add(schema);
    return this;
  }

  /** Seals frames with the site key of another epoch from now on: every node must have it. */
  public Draft keyEpoch(int epoch) {
    keyEpoch = epoch;
    return this;
  }

  /** Adds a standing query without an end. */
  public Draft query(String name, String text) {
    return query(name, text, Page.StandingQuery.FOREVER);
  }

  /**
   * Adds a standing query under the next free number, or puts it in the place of the one of this
   * name: that is another number too, so that the answers of both never mix.
   *
   * @param expiresMillis when it ends, in Unix milliseconds, whole seconds
   */
  public Draft query(String name, String text, long expiresMillis) {
    queries.removeIf(query -> query.name().equals(name));
    do {
      lastQuery = lastQuery % Page.QUERY_NUMBER_MAX + 1;
    } while (queries.stream().anyMatch(query -> query.number() == lastQuery));
    queries.add(new Page.StandingQuery(lastQuery, name, text, expiresMillis / 1000 * 1000));
    return this;
  }

  /** Takes a standing query away. */
  public Draft removeQuery(String name) {
    if (!queries.removeIf(query -> query.name().equals(name))) {
      throw new IllegalArgumentException(
          "there is no query "
              + name
              + "; there are "
              + String.join(", ", queries.stream().map(Page.StandingQuery::name).toList()));
    }
    return this;
  }

  /** Adds a cell on the first preset of a medium: {@code sik-64k} or {@code mqtt}. */
  public Draft cell(String path, Page.Medium medium) {
    return cell(path, (medium == Page.Medium.BROADCAST ? Presets.SIK_64K : Presets.MQTT).profile());
  }

  /**
   * Adds a cell below the zones that its path names, which are made if they are not there.
   *
   * @param medium one of {@link Presets}
   */
  public Draft cell(String path, LinkProfile medium) {
    inner(parent(path)); // its id comes first
    settle(path, new Zone(nextId(), true, medium));
    return this;
  }

  /** Puts a zone where there is none. */
  private void settle(String path, Zone zone) {
    if (zones.containsKey(path)) {
      throw new IllegalArgumentException(path + " is already a zone");
    }
    int above = path.split("/").length - 2;
    if (above > Charter.DEPTH_MAX - (zone.cell ? 0 : 1)) {
      throw new IllegalArgumentException(
          path + " is too deep: a cell has at most " + Charter.DEPTH_MAX + " zones above it");
    }
    if (children(parent(path)).size() >= Page.CHILDREN_MAX) {
      throw new IllegalArgumentException(
          parent(path)
              + " has "
              + Page.CHILDREN_MAX
              + " zones, the most that one can have; put a zone between: "
              + parent(path)
              + "/NAME/"
              + name(path));
    }
    zones.put(path, zone);
  }

  private void inner(String path) {
    Zone zone = zones.get(path);
    if (zone == null) {
      if (path.lastIndexOf('/') <= 0) {
        throw new IllegalArgumentException(
            "paths of this site begin with /" + site + ", not " + path);
      }
      inner(parent(path));
      settle(path, new Zone(nextId(), false, Presets.MQTT.profile()));
    } else if (zone.cell) {
      throw new IllegalArgumentException(path + " is a cell; zones can't stand below it");
    }
  }

  /** What a node is there for. */
  public enum Duty {
    /** It contributes readings. */
    SENSES,
    /** It has the uplink medium too and may represent its cell. */
    UPLINK,
    /** It has mains power. */
    MAINS,
    /** It serves its cell and the zones above it. */
    GATEWAY
  }

  /** Adds a node to a cell: it gets the lowest free slot. */
  public Draft node(String path, byte[] publicKey, int schema, Collection<Duty> duties) {
    enrol(
        path,
        new Member(
            0,
            publicKey,
            name(path),
            schema,
            duties.contains(Duty.SENSES),
            duties.contains(Duty.UPLINK),
            duties.contains(Duty.MAINS),
            duties.contains(Duty.GATEWAY)));
    return this;
  }

  private void enrol(String path, Member member) {
    Zone cell = zones.get(parent(path));
    if (cell == null || !cell.cell) {
      throw new IllegalArgumentException(parent(path) + " is not a cell; add it first");
    }
    refuseTwice(member.id(), path);
    int slot = 0;
    while (slot < Member.SLOTS_MAX && taken(cell, slot, member.id())) {
      slot++;
    }
    if (slot >= Member.SLOTS_MAX) {
      throw new IllegalArgumentException(parent(path) + " has no free slot: 64 nodes at most");
    }
    refuseTaken(path, cell);
    cell.members.put(name(path), member.at(slot, name(path)));
    paths.put(member.id(), path);
  }

  private static void refuseTaken(String path, Zone cell) {
    if (cell.members.containsKey(name(path))) {
      throw new IllegalArgumentException(path + " is in the roster already; retire it first");
    }
  }

  /** A slot that was another key's until now may still be heard of as such: it rests once. */
  private boolean taken(Zone cell, int slot, NodeId id) {
    boolean rests =
        before.cell(cell.id).flatMap(page -> page.member(slot)).stream()
            .anyMatch(member -> !member.id().equals(id));
    return rests || cell.members.values().stream().anyMatch(member -> member.slot() == slot);
  }

  private void refuseTwice(NodeId id, String path) {
    String other = paths.get(id);
    if (other != null) {
      throw new IllegalArgumentException(
          path + " has the key of " + other + "; retire that one first");
    }
  }

  /**
   * Takes a node out of its cell's roster, or a zone with all that is in it out of the tree; its id
   * is not given again for long.
   */
  public Draft retire(String path) {
    Zone zone = zones.get(path);
    if (zone == null) {
      Member member = cellOf(path).members.remove(name(path));
      paths.remove(Objects.requireNonNull(member).id());
      return this;
    }
    refuseRoot(path);
    for (Zone gone : uproot(path).values()) {
      gone.members.values().forEach(member -> paths.remove(member.id()));
    }
    return this;
  }

  /**
   * Gives a lost board's place to another one: same name and duties, another key, and so another
   * slot. What the lost one says does not count any more.
   */
  public Draft replace(String path, byte[] publicKey) {
    Member lost = Objects.requireNonNull(cellOf(path).members.get(name(path)));
    if (Arrays.equals(lost.key(), publicKey)) {
      throw new IllegalArgumentException(path + " has that key already");
    }
    retire(path);
    enrol(
        path,
        new Member(
            0,
            publicKey,
            lost.name(),
            lost.schema(),
            lost.senses(),
            lost.uplink(),
            lost.mains(),
            lost.gateway()));
    return this;
  }

  /** Gives a zone or a node another name: ids, slots and keys stay. */
  public Draft rename(String path, String name) {
    refuseRoot(path);
    String to = parent(path) + "/" + Names.check(name);
    if (zones.containsKey(path)) {
      relocate(path, to);
      return this;
    }
    Zone cell = cellOf(path);
    refuseTaken(to, cell);
    Member member = Objects.requireNonNull(cell.members.remove(name(path)));
    cell.members.put(name, member.at(member.slot(), name));
    paths.put(member.id(), to);
    return this;
  }

  /**
   * Puts a zone, with all that is in it, below another zone, or a node into another cell, where it
   * gets a free slot.
   *
   * @param parent zones that its path names are made if they are not there
   */
  public Draft move(String path, String parent) {
    refuseRoot(path);
    String to = parent + "/" + name(path);
    if (zones.containsKey(path)) {
      if ((to + "/").startsWith(path + "/")) {
        throw new IllegalArgumentException(path + " can't be moved to " + to);
      }
      relocate(path, to);
      return this;
    }
    Zone cell = cellOf(path);
    Member member = Objects.requireNonNull(cell.members.get(name(path)));
    paths.remove(member.id());
    enrol(to, member);
    cell.members.remove(name(path));
    return this;
  }

  private void relocate(String from, String to) {
    SortedMap<String, Zone> leaving = uproot(from);
    inner(parent(to));
    reshape(from, to);
    reshape(to, from);
    leaving.forEach((path, zone) -> {
      String next = to + path.substring(from.length());
      settle(next, zone);
      zone.members.values().forEach(member -> paths.put(member.id(), next + "/" + member.name()));
    });
  }

  /** The zones above one place and not above the other are not what they were. */
  private void reshape(String place, String other) {
    String above = parent(place);
    while (!other.startsWith(above + "/")) {
      Zone zone = Objects.requireNonNull(zones.get(above));
      zone.shape = zone.shape + 1 & Page.SHAPE_MAX;
      above = parent(above);
    }
  }

  /** The paths of a node, or of all nodes in a zone, by their keys. */
  public Map<NodeId, String> nodes(String path) {
    Map<NodeId, String> some = new HashMap<>(paths);
    some.values().removeIf(node -> !(node + "/").startsWith(path + "/"));
    return some;
  }

  /** Takes a zone out, and all zones below it; answers them. */
  private SortedMap<String, Zone> uproot(String path) {
    SortedMap<String, Zone> gone = new TreeMap<>(below(path));
    below(path).clear();
    gone.put(path, Objects.requireNonNull(zones.remove(path)));
    return gone;
  }

  /** The zones below a zone, as a view. */
  private SortedMap<String, Zone> below(String path) {
    return zones.subMap(path + "/", path + (char) ('/' + 1));
  }

  private Zone cellOf(String node) {
    Zone cell = zones.get(parent(node));
    if (cell == null || !cell.members.containsKey(name(node))) {
      throw new IllegalArgumentException(node + " is not in the roster, and no zone");
    }
    return cell;
  }

  private void refuseRoot(String path) {
    if (path.lastIndexOf('/') == 0) {
      throw new IllegalArgumentException(
          path + " is the site itself: its name is in all topics and stays");
    }
  }

  /**
   * All pages, ready to sign: those that changed bear the next version, and so do all above them,
   * since each page names the versions of those below it.
   *
   * @throws IllegalArgumentException a standing query can't be answered on this site: which, why,
   *     and what would help
   */
  public Charter charter() {
    Map<Integer, Page> pages = new TreeMap<>();
    Entrances entrances = new Entrances(cellsWithGateways());
    zones
        .descendingMap()
        .forEach((path, zone) -> {
          long version = before.version(zone.id);
          Page same = page(path, zone, version, pages, entrances);
          boolean changed = !same.equals(before.pages().get(zone.id));
          pages.put(zone.id, changed ? page(path, zone, version + 1, pages, entrances) : same);
        });
    long version = before.version(Page.SITE);
    Page same = site(version, pages);
    boolean changed = !same.equals(before.pages().get(Page.SITE));
    pages.put(Page.SITE, changed ? site(version + 1, pages) : same);
    Charter next = Charter.of(pages.values());
    QueryCheck.check(next);
    return next;
  }

  private Page.Site site(long version, Map<Integer, Page> below) {
    long root = Objects.requireNonNull(below.get(Page.ROOT)).version();
    return new Page.Site(
        version,
        root,
        site,
        keyEpoch,
        windowMillis,
        binsMax,
        schemas,
        lastZone,
        lastQuery,
        queries);
  }

  private Page page(
      String path, Zone zone, long version, Map<Integer, Page> below, Entrances entrances) {
    String above = path.substring(0, path.lastIndexOf('/'));
    int parent = above.isEmpty() ? 0 : Objects.requireNonNull(zones.get(above)).id;
    if (zone.cell) {
      List<Member> members = List.copyOf(zone.members.values());
      Page.Medium medium = zone.medium.broadcast() ? Page.Medium.BROADCAST : Page.Medium.ADDRESSED;
      return new Page.Cell(
          version, zone.id, parent, name(path), medium, zone.medium.name(), members);
    }
    List<Page.Child> children =
        children(path).stream()
            .map(child -> entrances.child(Objects.requireNonNull(below.get(child.id))))
            .toList();
    return new Page.Inner(version, zone.id, parent, name(path), zone.shape, children);
  }

  /** The zones right below a zone. */
  private List<Zone> children(String path) {
    return below(path).entrySet().stream()
        .filter(zone -> zone.getKey().lastIndexOf('/') == path.length())
        .map(Map.Entry::getValue)
        .toList();
  }

  private Set<Integer> cellsWithGateways() {
    Set<Integer> cells = new HashSet<>();
    for (Zone zone : zones.values()) {
      if (zone.members.values().stream().anyMatch(Member::gateway)) {
        cells.add(zone.id);
      }
    }
    return cells;
  }

  /** Ids go round: a retired zone's rests until all others were given. */
  private int nextId() {
    if (zones.size() >= Page.ZONE_MAX) {
      throw new IllegalArgumentException("a site has at most " + Page.ZONE_MAX + " zones");
    }
    do {
      lastZone = lastZone % Page.ZONE_MAX + 1;
    } while (before.pages().containsKey(lastZone)
        || zones.values().stream().anyMatch(zone -> zone.id == lastZone));
    return lastZone;
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    if (slash <= 0) {
      throw new IllegalArgumentException("'" + path + "' is not a path like /site/zone/name");
    }
    return path.substring(0, slash);
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
