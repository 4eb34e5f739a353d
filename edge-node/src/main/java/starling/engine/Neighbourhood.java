package starling.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import starling.link.Address;
import starling.link.LinkProfile;
import starling.model.Charter;
import starling.model.Hash;
import starling.model.Member;
import starling.model.Page;
import starling.model.Self;

/**
 * Who may be spoken to on a link, from the charter alone: everybody at once on a broadcast medium;
 * on an addressed one the mates of an addressed cell, and for those with an uplink the contacts of
 * the zones beside their own, level by level. At most {@value #A_LEVEL} contacts on each of at most
 * {@link Charter#DEPTH_MAX} levels, and a cell's {@link Member#SLOTS_MAX} mates: what a node keeps
 * does not grow with the site.
 */
final class Neighbourhood {
  private static final int A_LEVEL = 8;
  private static final int LIKELY = 3;

  private Neighbourhood() {}

  static List<LinkView> of(int link, LinkProfile profile, Self self, Charter charter) {
    if (profile.broadcast()) {
      return List.of(new LinkView(link, profile, Address.ALL, true, 0, self.cell()));
    }
    Optional<Page.Cell> cell = charter.cell(self.cell());
    if (cell.isEmpty()) {
      return List.of();
    }
    List<LinkView> views = new ArrayList<>();
    boolean addressed = cell.get().medium() == Page.Medium.ADDRESSED;
    boolean uplink = cell.get().member(self.slot()).map(Member::uplink).orElse(false);
    for (Member mate : cell.get().members()) {
      if (mate.slot() != self.slot() && (addressed || uplink && mate.uplink())) {
        Address to = new Address(self.cell(), mate.slot());
        views.add(new LinkView(link, profile, to, true, mate.slot(), self.cell()));
      }
    }
    if (uplink) {
      contacts(link, profile, self, charter, views);
    }
    return List.copyOf(views);
  }

  private static void contacts(
      int link, LinkProfile profile, Self self, Charter charter, List<LinkView> views) {
    int below = self.cell();
    int bit = 0;
    List<Page.Inner> above = new ArrayList<>(charter.ancestors(self.cell()));
    if (above.isEmpty()) { // the cell moved; those below the root know where to
      charter.inner(Page.ROOT).ifPresent(above::add);
    }
    for (Page.Inner zone : above) {
      for (Address to : contacts(zone, below, self)) {
        views.add(new LinkView(link, profile, to, false, bit++, zone.zone()));
      }
      below = zone.zone();
    }
  }

  /**
   * Contacts of the zones beside one's own on a level: all of a few, else {@value #A_LEVEL} that
   * each node draws for itself. A row crosses each pair of neighbours once, so what a node sends
   * grows with its neighbours; eight drawn at random connect any number of zones.
   */
  private static List<Address> contacts(Page.Inner zone, int own, Self self) {
    List<Page.Child> beside = new ArrayList<>();
    for (Page.Child child : zone.children()) {
      if (child.zone() != own && child.contacts() > 0) {
        beside.add(child);
      }
    }
    if (beside.size() > A_LEVEL) {
      beside.sort(Comparator.comparingLong(child -> Hash.of(self.id().bits(), child.zone())));
      beside = beside.subList(0, A_LEVEL);
    }
    List<Address> contacts = new ArrayList<>();
    for (Page.Child child : beside) {
      List<Address> all = inTurn(child.entrances());
      int some = Math.min(all.size(), A_LEVEL / beside.size());
      int likely = LIKELY * child.entrances().size();
      contacts.addAll(some == all.size() ? all : draw(all, some, likely, self, child.zone()));
    }
    return contacts;
  }

  /** The likeliest of each entrance, then the next of each: losing one leaves every other. */
  private static List<Address> inTurn(List<Page.Entrance> entrances) {
    List<Address> contacts = new ArrayList<>();
    for (int place = 0; place < Page.CONTACTS_MAX; place++) {
      for (Page.Entrance entrance : entrances) {
        if (place < entrance.slots().size()) {
          contacts.add(new Address(entrance.cell(), entrance.slots().get(place)));
        }
      }
    }
    return contacts;
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
