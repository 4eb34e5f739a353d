package starling.inquiry;

import starling.engine.LinkView;
import starling.link.Address;

/** Somebody on a link: whom to ask, or who asks. */
record Peer(int link, Address address) {
  /** Whether what is said to a neighbour reaches this one. */
  boolean hears(LinkView view) {
    return view.link() == link && (view.profile().broadcast() || view.to().equals(address));
  }
}
