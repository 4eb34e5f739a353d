package starling.charter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.model.Charter;
import starling.model.Member;
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
  private static final int CONTACTS_MAX = 8;

  private final Charter before;
  private final TreeMap<String, Zone> zones = new TreeMap<>();
  private final Map<NodeId, String> paths = new HashMap<>();
  private final List<Schema> schemas = new ArrayList<>();
  private final List<Page.StandingQuery> queries = new ArrayList<>();
  private final String site;
  private final long windowMillis;
  private int keyEpoch;
  private int binsMax = 24;
  private int lastQuery;

  private static final class Zone {
    final int id;
    final LinkProfile medium;
    final boolean cell;
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
    draft.lastQuery = page.lastQuery();
    for (Page held : charter.pages().values()) {
      String path = charter.path(held.zone()).orElse("");
      switch (held) {
        case Page.Inner inner ->
            draft.zones.put(path, new Zone(inner.zone(), false, Presets.MQTT.profile()));
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
    inner(parent(path));
    if (zones.putIfAbsent(path, new Zone(nextId(), true, medium)) != null) {
      throw new IllegalArgumentException(path + " is already a zone");
    }
    return this;
  }

  private void inner(String path) {
    Zone zone = zones.get(path);
    if (zone == null) {
      if (path.lastIndexOf('/') <= 0) {
        throw new IllegalArgumentException(
            "paths of this site begin with /" + site + ", not " + path);
      }
      inner(parent(path));
      zones.put(path, new Zone(nextId(), false, Presets.MQTT.profile()));
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
    Zone cell = zones.get(parent(path));
    if (cell == null || !cell.cell) {
      throw new IllegalArgumentException(parent(path) + " is not a cell; add it first");
    }
    refuseTwice(publicKey, path);
    int slot = 0;
    while (slot < Member.SLOTS_MAX && taken(cell, slot, publicKey)) {
      slot++;
    }
    if (slot >= Member.SLOTS_MAX) {
      throw new IllegalArgumentException(parent(path) + " has no free slot: 64 nodes at most");
    }
    Member member =
        new Member(
            slot,
            publicKey,
            name(path),
            schema,
            duties.contains(Duty.SENSES),
            duties.contains(Duty.UPLINK),
            duties.contains(Duty.MAINS),
            duties.contains(Duty.GATEWAY));
    if (cell.members.putIfAbsent(member.name(), member) != null) {
      throw new IllegalArgumentException(path + " is in the roster already; retire it first");
    }
    paths.put(member.id(), path);
    return this;
  }

  /** A slot that was another key's until now may still be heard of as such: it rests once. */
  private boolean taken(Zone cell, int slot, byte[] publicKey) {
    NodeId id = NodeId.of(publicKey);
    boolean rests =
        before.cell(cell.id).flatMap(page -> page.member(slot)).stream()
            .anyMatch(member -> !member.id().equals(id));
    return rests || cell.members.values().stream().anyMatch(member -> member.slot() == slot);
  }

  private void refuseTwice(byte[] publicKey, String path) {
    String other = paths.get(NodeId.of(publicKey));
    if (other != null) {
      throw new IllegalArgumentException(
          path + " has the key of " + other + "; retire that one first");
    }
  }

  /** Takes a node out of its cell's roster. */
  public Draft retire(String path) {
    Zone cell = zones.get(parent(path));
    Member member = cell == null ? null : cell.members.remove(name(path));
    if (member == null) {
      throw new IllegalArgumentException(path + " is not in the roster");
    }
    paths.remove(member.id());
    return this;
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
    zones
        .descendingMap()
        .forEach((path, zone) -> {
          long version = before.version(zone.id);
          Page same = page(path, zone, version, pages);
          boolean changed = !same.equals(before.pages().get(zone.id));
          pages.put(zone.id, changed ? page(path, zone, version + 1, pages) : same);
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
    long root = versionOf(Page.ROOT, below);
    return new Page.Site(
        version, root, site, keyEpoch, windowMillis, binsMax, schemas, lastQuery, queries);
  }

  private static long versionOf(int zone, Map<Integer, Page> pages) {
    Page page = pages.get(zone);
    return page == null ? 0 : page.version();
  }

  private Page page(String path, Zone zone, long version, Map<Integer, Page> below) {
    int parent = path.lastIndexOf('/') == 0 ? 0 : idOf(parent(path));
    if (zone.cell) {
      List<Member> members = List.copyOf(zone.members.values());
      Page.Medium medium = zone.medium.broadcast() ? Page.Medium.BROADCAST : Page.Medium.ADDRESSED;
      return new Page.Cell(
          version, zone.id, parent, name(path), medium, zone.medium.name(), members);
    }
    List<Page.Child> children = new ArrayList<>();
    zones.forEach((childPath, child) -> {
      if (childPath.lastIndexOf('/') > 0 && parent(childPath).equals(path)) {
        children.add(child(childPath, child, versionOf(child.id, below)));
      }
    });
    return new Page.Inner(version, zone.id, parent, name(path), children);
  }

  private Page.Child child(String path, Zone zone, long version) {
    int expected = 0;
    Zone contactCell = null;
    for (Map.Entry<String, Zone> entry : zones.entrySet()) {
      boolean below = entry.getKey().equals(path) || entry.getKey().startsWith(path + "/");
      if (below && entry.getValue().cell) {
        contactCell = contactCell == null ? entry.getValue() : contactCell;
        expected += (int) entry.getValue().members.values().stream().filter(Member::senses).count();
      }
    }
    if (contactCell == null) {
      return new Page.Child(zone.id, version, name(path), expected, 0, List.of());
    }
    List<Integer> contacts =
        contactCell.members.values().stream()
            .filter(Member::uplink)
            .sorted(Member.BY_STANDING)
            .map(Member::slot)
            .limit(CONTACTS_MAX)
            .toList();
    return new Page.Child(zone.id, version, name(path), expected, contactCell.id, contacts);
  }

  private int idOf(String path) {
    Zone zone = zones.get(path);
    if (zone == null) {
      throw new IllegalStateException("no zone " + path);
    }
    return zone.id;
  }

  private int nextId() {
    return zones.values().stream().mapToInt(zone -> zone.id).max().orElse(0) + 1;
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
