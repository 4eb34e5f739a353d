package starling.engine;

import starling.link.Address;
import starling.link.LinkProfile;

/**
 * One link towards one neighbour, or towards all on a broadcast medium, as a protocol sees it.
 *
 * @param link the link's number on this node, 0 and up
 * @param profile its medium
 * @param to who will hear
 * @param mate whether that is (a member of) the own cell
 * @param bit on an addressed link, a number that tells this neighbour from others of its sort: a
 *     mate's slot, or a contact's place in the list of contacts, 0 to 63; 0 on a broadcast link; -1
 *     for a sender that is not among the neighbours
 * @param shared the lowest zone that both belong to: the own cell for mates
 */
public record LinkView(
    int link, LinkProfile profile, Address to, boolean mate, int bit, int shared) {
  private static final int LINKS_MAX = 4;

  /** Somebody on an addressed link who is not among the neighbours. */
  public static LinkView guest(int link, LinkProfile profile, Address to) {
    return new LinkView(link, profile, to, false, -1, 0);
  }

  /** The same with this address, which equals its own. */
  LinkView at(Address same) {
    return new LinkView(link, profile, same, mate, bit, shared);
  }

  /** Whether that is no neighbour. */
  public boolean stranger() {
    return bit < 0;
  }

  /** Whether that is one of those who speak for other zones, on an addressed link. */
  boolean isContact() {
    return !mate && !profile.broadcast() && bit >= 0;
  }

  /**
   * This neighbour's place among those of its sort: a broadcast link, then mates by slot; or
   * contacts in turn. -1 for a stranger.
   */
  int index() {
    if (bit < 0) {
      return -1;
    }
    return profile.broadcast() ? link : mate ? LINKS_MAX + bit : bit;
  }
}
