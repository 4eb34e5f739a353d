package starling.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import starling.link.Address;
import starling.link.LinkProfile;
import starling.model.Charter;
import starling.model.Member;
import starling.model.Page;
import starling.model.Self;

/**
 * Who may be spoken to on a link, from the charter alone: everybody at once on a broadcast medium;
 * on an addressed one the mates of an addressed cell, and for those with an uplink the contacts of
 * the zones beside their own, level by level. At most {@value #CONTACTS_MAX} contacts, and a cell's
 * {@link Member#SLOTS_MAX} mates: what a node keeps does not grow with the site.
 */
final class Neighbourhood {
  static final int CONTACTS_MAX = 64;

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
    for (Page.Inner ancestor : charter.ancestors(self.cell())) {
      for (Page.Child child : ancestor.children()) {
        for (int slot : child.zone() == below ? List.<Integer>of() : child.contacts()) {
          if (bit < CONTACTS_MAX) {
            Address to = new Address(child.contactCell(), slot);
            views.add(new LinkView(link, profile, to, false, bit++, ancestor.zone()));
          }
        }
      }
      below = ancestor.zone();
    }
  }
}
