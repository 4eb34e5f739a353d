package starling.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import starling.link.Address;
import starling.link.LinkProfile;
import starling.model.Charter;
import starling.model.Counterparts;
import starling.model.Facts;
import starling.model.Hash;
import starling.model.Member;
import starling.model.Page;
import starling.model.Ring;
import starling.model.Self;

/**
 * Who may be spoken to on a link, by the charter and by who was found to speak for others:
 * everybody at once on a broadcast medium; on an addressed one the mates of an addressed cell, and
 * for those with an uplink the contacts of the zones beside their own, level by level. At most
 * {@value #A_LEVEL} contacts on each of at most {@link Charter#DEPTH_MAX} levels, and a cell's
 * {@link Member#SLOTS_MAX} mates: what a node keeps does not grow with the site.
 */
final class Neighbourhood {
  private static final int A_LEVEL = 8;
  private static final int LIKELY = 3;

  private Neighbourhood() {}

  static Neighbours of(int link, LinkProfile profile, Facts facts) {
    Self self = facts.self();
    Charter charter = facts.charter();
    if (profile.broadcast()) {
      return Neighbours.all(new LinkView(link, profile, Address.ALL, true, 0, self.cell()));
    }
    Optional<Page.Cell> cell = charter.cell(self.cell());
    if (cell.isEmpty()) {
      return Neighbours.NONE;
    }
    List<LinkView> members = new ArrayList<>();
    List<LinkView> contacts = new ArrayList<>();
    int place = -1;
    boolean addressed = cell.get().medium() == Page.Medium.ADDRESSED;
    boolean uplink = cell.get().member(self.slot()).map(Member::uplink).orElse(false);
    for (Member mate : cell.get().members()) {
      if (addressed || uplink && mate.uplink()) {
        place = mate.slot() == self.slot() ? members.size() : place;
        Address to = new Address(self.cell(), mate.slot());
        members.add(new LinkView(link, profile, to, true, mate.slot(), self.cell()));
      }
    }
    if (uplink) {
      contacts(link, profile, facts, contacts);
    }
    return new Neighbours(members, place < 0 ? members.size() : place, contacts);
  }

  private static void contacts(int link, LinkProfile profile, Facts facts, List<LinkView> views) {
    Self self = facts.self();
    Charter charter = facts.charter();
    int below = self.cell();
    int bit = 0;
    List<Page.Inner> above = new ArrayList<>(charter.ancestors(self.cell()));
    if (above.isEmpty()) { // the cell moved; those below the root know where to
      charter.inner(Page.ROOT).ifPresent(above::add);
    }
    for (Page.Inner zone : above) {
      for (Address to : contacts(zone, below, self, facts.counterparts())) {
        views.add(new LinkView(link, profile, to, false, bit++, zone.zone()));
      }
      below = zone.zone();
    }
    List<Address> known = views.stream().map(LinkView::to).toList();
    for (Page.Inner zone : above) { // behind all others, as these come and go
      for (Address to : also(zone, facts.counterparts())) {
        if (bit < Long.SIZE && !known.contains(to)) {
          views.add(new LinkView(link, profile, to, false, bit++, zone.zone()));
        }
      }
    }
  }

  private static List<Address> also(Page.Inner zone, Counterparts counterparts) {
    List<Address> also = new ArrayList<>();
    for (Page.Child child : zone.children()) {
      Address one = counterparts.also().get(child.zone());
      if (one != null && child.enteredBy(one.cell())) {
        also.add(one);
      }
    }
    return also;
  }

  /**
   * Contacts of the zones beside one's own on a level, for those whose cell is an entrance of their
   * zone there: of the zones that are its neighbours in a {@link Ring}. Rows go along it.
   */
  private static List<Address> contacts(
      Page.Inner zone, int below, Self self, Counterparts counterparts) {
    List<Page.Child> ring = zone.reachable();
    Optional<Page.Child> own = ring.stream().filter(child -> child.zone() == below).findFirst();
    List<Address> contacts = new ArrayList<>();
    if (own.filter(child -> child.enteredBy(self.cell())).isPresent()) {
      List<Integer> beside = Ring.neighbours(ring.size(), ring.indexOf(own.get()));
      for (int place : beside) {
        Page.Child other = ring.get(place);
        List<Address> some = contacts(own.get(), other, self, A_LEVEL / beside.size());
        contacts.addAll(found(some, other, counterparts));
      }
    }
    if (own.isEmpty()) { // a cell that moved
      ring.stream()
          .sorted(Comparator.comparingLong(child -> Hash.of(self.id().bits(), child.zone())))
          .limit(A_LEVEL)
          .forEach(child ->
              contacts.addAll(some(child, self, A_LEVEL / Math.min(A_LEVEL, ring.size()))));
    }
    return contacts;
  }

  /** The same with one of them replaced by who was found to speak for that zone. */
  private static List<Address> found(
      List<Address> some, Page.Child other, Counterparts counterparts) {
    Address found = counterparts.byZone().get(other.zone());
    if (found == null || !other.enteredBy(found.cell()) || some.contains(found)) {
      return some;
    }
    return Stream.concat(Stream.of(found), some.stream().skip(1)).toList();
  }

  private static List<Address> some(Page.Child child, Self self, int some) {
    List<Address> all = child.addresses();
    int likely = LIKELY * child.entrances().size();
    return some >= all.size() ? all : List.copyOf(draw(all, some, likely, self, child.zone()));
  }

  /**
   * Some of a zone's contacts: if only one, the one in our own place, so that we are its contact
   * too.
   */
  private static List<Address> contacts(Page.Child own, Page.Child other, Self self, int some) {
    return some == 1 ? List.of(counterpart(own, other, self)) : some(other, self, some);
  }

  private static Address counterpart(Page.Child own, Page.Child other, Self self) {
    int door = 0;
    int place = -1;
    for (int i = 0; i < own.entrances().size(); i++) {
      if (own.entrances().get(i).cell() == self.cell()) {
        door = i;
        place = own.entrances().get(i).slots().indexOf(self.slot());
      }
    }
    long drawn = place < 0 ? Hash.of(self.id().bits(), other.zone()) : place;
    Page.Entrance entrance = other.entrances().get(door % other.entrances().size());
    int likely = Math.min(LIKELY, entrance.slots().size());
    return new Address(entrance.cell(), entrance.slots().get(Math.floorMod(drawn, likely)));
  }

  /** Mostly of the likeliest representatives, at times of all to whom they may have left it. */
  private static Set<Address> draw(
      List<Address> contacts, int some, int likely, Self self, int zone) {
    long draw = Hash.of(self.id().bits(), zone);
    boolean any = (draw & 3) == 0;
    int among = Math.max(some, any ? contacts.size() : Math.min(likely, contacts.size()));
    Set<Address> drawn = new LinkedHashSet<>();
    for (int i = 0; drawn.size() < some; i++) {
      drawn.add(contacts.get(Math.floorMod((draw >>> 8) + i, among)));
    }
    return drawn;
  }
}
