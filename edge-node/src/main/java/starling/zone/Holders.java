package starling.zone;

import starling.engine.ByNeighbour;
import starling.engine.LinkView;
import starling.engine.SmallNumbers;

/**
 * Who has which row of a {@link ResultTable}, as far as one knows who tells others: by a row's
 * place, which neighbours need nothing of us, since they have it or others see to it, and which
 * said that they lack it.
 */
final class Holders {
  private final SmallNumbers mates = new SmallNumbers();
  private final SmallNumbers contacts = new SmallNumbers();
  private final SmallNumbers lackingMates = new SmallNumbers();
  private final SmallNumbers lackingContacts = new SmallNumbers();
  private final SmallNumbers aired = new SmallNumbers();
  private final SmallNumbers since = new SmallNumbers(); // when rows came lately, in ticks

  private SmallNumbers settled(LinkView link) {
    return link.mate() ? mates : contacts;
  }

  private SmallNumbers lacking(LinkView link) {
    return link.mate() ? lackingMates : lackingContacts;
  }

  private static boolean has(SmallNumbers marks, int place, LinkView link) {
    return (marks.at(place) & 1L << link.bit()) != 0;
  }

  /** Whether a neighbour needs nothing of us. */
  boolean isSettled(int place, LinkView link) {
    return has(settled(link), place, link);
  }

  /** Whether a neighbour said that it lacks the row. */
  boolean isLacking(int place, LinkView link) {
    return has(lacking(link), place, link);
  }

  /** A neighbour needs nothing of us, or it said that it lacks the row, or neither is so. */
  void mark(int place, LinkView link, boolean settled, boolean lacks) {
    mark(settled(link), place, link, settled);
    mark(lacking(link), place, link, lacks);
  }

  private static void mark(SmallNumbers marks, int place, LinkView link, boolean set) {
    long bit = 1L << link.bit();
    long before = marks.at(place);
    marks.put(place, set ? before | bit : before & ~bit);
  }

  /** Whether the row was said on the cell's broadcast medium. */
  boolean isAired(int place) {
    return aired.at(place) != 0;
  }

  void air(int place) {
    aired.put(place, 1);
  }

  /** For how long a row has been there; long, if that is forgotten. */
  long heldNanos(int place, long nowNanos) {
    int ticks = (int) since.at(place);
    return ticks == 0 ? Long.MAX_VALUE : ByNeighbour.sinceNanos(ticks, nowNanos);
  }

  /** A row has been there for long. */
  void forgetTime(int place) {
    since.put(place, 0);
  }

  // ---- as the table changes

  /** There is another row in a place. */
  void renew(int place, long nowNanos) {
    for (SmallNumbers marks : marks()) {
      marks.put(place, 0);
    }
    since.put(place, ByNeighbour.ticks(nowNanos));
  }

  /** There is one more row, in a place. */
  void insert(int place) {
    for (SmallNumbers marks : marks()) {
      marks.insert(place, 1);
    }
    since.insert(place, 1);
  }

  /** Only rows in some places are left, ascending. */
  void keep(int[] places) {
    for (SmallNumbers marks : marks()) {
      marks.keep(places);
    }
    since.keep(places);
  }

  /** Nobody is known to have anything any more. */
  void forget() {
    mates.clear();
    contacts.clear();
    lackingMates.clear();
    lackingContacts.clear();
  }

  private SmallNumbers[] marks() {
    return new SmallNumbers[] {mates, contacts, lackingMates, lackingContacts, aired};
  }
}
