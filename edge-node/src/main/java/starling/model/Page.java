package starling.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import starling.link.Address;

/**
 * One signed page of the charter. Pages are replaced whole, by a larger version; a node keeps the
 * site page, its cell's and those of the zones above it.
 */
public sealed interface Page {
  /** Grows with every signing of this page, 1 and up. */
  long version();

  /** Zone ids are 1 to 65535; {@value} names the site page. */
  int SITE = 0;

  /** The root zone's id. */
  int ROOT = 1;

  /** The largest id of a zone. */
  int ZONE_MAX = 0xFFFF;

  /** The most zones in a zone. */
  int CHILDREN_MAX = 64;

  /** The largest number of a zone's shape. */
  int SHAPE_MAX = 15;

  /** Through how many cells a zone is reached, so that losing one does not cut it off. */
  int ENTRANCES_MAX = 2;

  /** The most nodes that may be spoken to on a zone's behalf. */
  int CONTACTS_MAX = 8;

  /** The most contributing nodes of a site, so that sums of squares stay within 63 bits. */
  int LEAVES_MAX = (1 << 21) - 1;

  /** The most standing queries. */
  int QUERIES_MAX = 32;

  /** The largest number of a query. */
  int QUERY_NUMBER_MAX = 255;

  /** The zone that it describes, or {@link #SITE}. */
  int zone();

  /**
   * What all of the site share.
   *
   * @param rootVersion the version of the root zone's page: who holds this page knows from the top
   *     down which others there are
   * @param site the root zone's name
   * @param keyEpoch which site key seals frames now, 0 to 15
   * @param windowMillis the shortest window, 1 s to 1 h
   * @param binsMax the most bins of a quantile's state, 4 to 64
   * @param schemas up to 16
   * @param lastZone the id that was given to a zone last, at least 1: a retired zone's is not given
   *     again while its frames may be about
   * @param lastQuery the number that was given to a query last, 0 to 255: the next one gets the
   *     next that is free, so that no number has two meanings while rows of both are about
   * @param queries up to 32
   */
  record Site(
      long version,
      long rootVersion,
      String site,
      int keyEpoch,
      long windowMillis,
      int binsMax,
      List<Schema> schemas,
      int lastZone,
      int lastQuery,
      List<StandingQuery> queries)
      implements Page {
    public Site {
      schemas = List.copyOf(schemas);
      queries = List.copyOf(queries);
      Names.check(site);
      if (windowMillis < 1000 || windowMillis > 3_600_000) {
        throw new IllegalArgumentException("windows last 1 s to 1 h, not " + windowMillis + " ms");
      }
      within(keyEpoch, 0, 15, "key epoch");
      within(binsMax, 4, 64, "bins");
      within(schemas.size(), 0, 16, "schemas");
      within(queries.size(), 0, QUERIES_MAX, "queries");
      within(lastZone, ROOT, ZONE_MAX, "last zone id");
      within(lastQuery, 0, QUERY_NUMBER_MAX, "last query number");
      distinct(schemas.stream().map(Schema::number).toList(), "schema numbers");
      distinct(queries.stream().map(StandingQuery::number).toList(), "query numbers");
      distinct(queries.stream().map(StandingQuery::name).toList(), "query names");
    }

    @Override
    public int zone() {
      return SITE;
    }

    /** The schema with this number. */
    public Optional<Schema> schema(int number) {
      return schemas.stream().filter(s -> s.number() == number).findFirst();
    }
  }

  /**
   * A zone of zones.
   *
   * @param parent the zone above, 0 for the root zone
   * @param name the path segment; the root zone's is the site's
   * @param shape changes whenever a cell comes from elsewhere or goes elsewhere: answers over other
   *     shapes may share cells with those of other zones, and are not merged; 0 to {@link
   *     #SHAPE_MAX}, round again
   * @param children up to 64, by ascending zone id
   */
  record Inner(long version, int zone, int parent, String name, int shape, List<Child> children)
      implements Page {
    /** The child with this id. */
    public Optional<Child> child(int zone) {
      int index = indexOf(zone);
      return index < 0 ? Optional.empty() : Optional.of(children.get(index));
    }

    /** Which of the children has this id; negative if none. */
    public int indexOf(int zone) {
      int low = 0;
      int high = children.size() - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        int found = children.get(middle).zone();
        if (found == zone) {
          return middle;
        }
        low = found < zone ? middle + 1 : low;
        high = found < zone ? high : middle - 1;
      }
      return -1;
    }

    /** The children that somebody can be spoken to of. */
    public List<Child> reachable() {
      return children.stream().filter(c -> c.contacts() > 0).toList();
    }

    /** How many nodes below it contribute. */
    public int expected() {
      return children.stream().mapToInt(Child::expected).sum();
    }

    public Inner {
      children = children.stream().sorted(Comparator.comparingInt(Child::zone)).toList();
      Names.check(name);
      within(zone, 1, ZONE_MAX, "zone id");
      within(shape, 0, SHAPE_MAX, "shape");
      within(children.size(), 0, CHILDREN_MAX, "children");
      long leaves = children.stream().mapToLong(Child::expected).sum();
      within(leaves, 0, LEAVES_MAX, "contributing nodes of a site");
      distinct(children.stream().map(Child::zone).toList(), "child zone ids");
      distinct(children.stream().map(Child::name).toList(), "child names");
    }
  }

  /**
   * A cell and its roster.
   *
   * @param medium the cell's own medium
   * @param preset which one that is, by the preset's name ({@code sik-64k}): what its frames hold
   *     and cost, for whoever drafts the charter; how fast to go a node learns from its own link
   * @param members up to 64, by ascending slot
   */
  record Cell(
      long version,
      int zone,
      int parent,
      String name,
      Medium medium,
      String preset,
      List<Member> members)
      implements Page {
    public Cell {
      members = members.stream().sorted(Comparator.comparingInt(Member::slot)).toList();
      Names.check(name);
      Names.check(preset);
      within(zone, 1, ZONE_MAX, "zone id");
      distinct(members.stream().map(Member::slot).toList(), "slots");
      distinct(members.stream().map(Member::name).toList(), "node names");
      distinct(members.stream().map(Member::id).toList(), "node keys");
    }

    /** The member at this slot. */
    public Optional<Member> member(int slot) {
      return members.stream().filter(m -> m.slot() == slot).findFirst();
    }

    /** How many contribute readings: what {@code expected} says. */
    public int sensing() {
      return (int) members.stream().filter(Member::senses).count();
    }

    /** The slots of those who contribute, as a bitmap. */
    public long sensingBits() {
      long bits = 0;
      for (Member member : members) {
        bits |= member.senses() ? 1L << member.slot() : 0;
      }
      return bits;
    }
  }

  /**
   * A zone below an inner zone, as its parent lists it.
   *
   * @param zone its id
   * @param version its page's version
   * @param name its path segment
   * @param expected how many nodes below it contribute
   * @param shape an inner zone's, as its page has it; 0 for a cell
   * @param entrances where it can be reached on the parent's medium: a cell itself; an inner zone
   *     through cells below it, in different zones where it has several; none if it has no cell
   */
  record Child(
      int zone, long version, String name, int expected, int shape, List<Entrance> entrances) {
    public Child {
      entrances = List.copyOf(entrances);
      Names.check(name);
      within(expected, 0, LEAVES_MAX, "contributing nodes of a zone");
      within(shape, 0, SHAPE_MAX, "shape");
      within(entrances.size(), 0, ENTRANCES_MAX, "entrances");
      within(entrances.stream().mapToInt(e -> e.slots().size()).sum(), 0, CONTACTS_MAX, "contacts");
      distinct(entrances.stream().map(Entrance::cell).toList(), "entrances");
    }

    /** Whether it is a cell. */
    public boolean isCell() {
      return entrances.size() == 1 && entrances.getFirst().cell() == zone;
    }

    /** Whether it is reached through that cell. */
    public boolean enteredBy(int cell) {
      return entrances.stream().anyMatch(entrance -> entrance.cell() == cell);
    }

    /**
     * Who may be spoken to on its behalf: the likeliest of each entrance, then the next of each.
     */
    public List<Address> addresses() {
      List<Address> contacts = new ArrayList<>();
      for (int place = 0; place < CONTACTS_MAX; place++) {
        for (Entrance entrance : entrances) {
          if (place < entrance.slots().size()) {
            contacts.add(new Address(entrance.cell(), entrance.slots().get(place)));
          }
        }
      }
      return contacts;
    }

    /** How many nodes may be spoken to on its behalf. */
    public int contacts() {
      return entrances.stream().mapToInt(entrance -> entrance.slots().size()).sum();
    }
  }

  /**
   * A cell through which a zone is reached.
   *
   * @param cell its id
   * @param slots of its members with an uplink, the likeliest representatives first
   */
  record Entrance(int cell, List<Integer> slots) {
    public Entrance {
      slots = List.copyOf(slots);
      within(cell, 1, ZONE_MAX, "zone id");
      slots.forEach(slot -> within(slot, 0, Member.SLOTS_MAX - 1, "a contact's slot"));
    }
  }

  /**
   * A query that runs all the time.
   *
   * @param number what rows carry instead of its text, 0 to 255
   * @param name the topic level
   * @param text in the query language
   * @param expiresMillis windows that end later have no answer, in Unix milliseconds; {@link
   *     #FOREVER} for none such
   */
  record StandingQuery(int number, String name, String text, long expiresMillis) {
    /** No end. */
    public static final long FOREVER = 0;

    public StandingQuery {
      Names.check(name);
      within(number, 0, QUERY_NUMBER_MAX, "query number");
      within(expiresMillis, 0, Long.MAX_VALUE, "a query's end");
    }

    /** Whether windows that end then still have an answer. */
    public boolean runs(long endMillis) {
      return expiresMillis == FOREVER || endMillis <= expiresMillis;
    }
  }

  /** What a cell's members talk over. */
  enum Medium {
    /** A shared radio channel. */
    BROADCAST,
    /** Inboxes at a broker. */
    ADDRESSED
  }

  private static void within(long value, long low, long high, String what) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(what + ": " + low + " to " + high + ", not " + value);
    }
  }

  private static void distinct(List<?> values, String what) {
    if (new java.util.HashSet<>(values).size() != values.size()) {
      throw new IllegalArgumentException(what + " must differ: " + values);
    }
  }
}
