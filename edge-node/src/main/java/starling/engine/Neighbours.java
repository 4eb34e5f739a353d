package starling.engine;

import java.util.AbstractList;
import java.util.List;

/**
 * A node's neighbours on an addressed link: the members of its cell but itself, whom all of them
 * keep as one list, then the contacts of other zones. Each begins with the member after it: in one
 * and the same order all would speak to one of them at a time.
 */
final class Neighbours extends AbstractList<LinkView> {
  static final Neighbours NONE = new Neighbours(List.of(), 0, List.of());

  private final List<LinkView> members;
  private final int self; // its place among the members, or the last one there could be
  private final LinkView[] contacts;

  Neighbours(List<LinkView> members, int self, List<LinkView> contacts) {
    this.members = members;
    this.self = self;
    this.contacts = contacts.toArray(LinkView[]::new);
  }

  /** All of a broadcast medium, who are spoken to at once. */
  static Neighbours all(LinkView view) {
    return new Neighbours(List.of(view), 1, List.of());
  }

  private int mates() {
    return self < members.size() ? members.size() - 1 : members.size();
  }

  @Override
  public LinkView get(int place) {
    int contact = place - mates();
    return contact >= 0 ? contacts[contact] : members.get((self + 1 + place) % members.size());
  }

  @Override
  public int size() {
    return mates() + contacts.length;
  }

  /** The same with one of each of what mates keep as well, which does not change with contacts. */
  Neighbours shared(Neighbours before, Host host) {
    List<LinkView> mates =
        members.equals(before.members) ? before.members : host.shared(shared(members, host));
    return new Neighbours(mates, self, shared(List.of(contacts), host));
  }

  private static List<LinkView> shared(List<LinkView> views, Host host) {
    return views.stream().map(view -> host.shared(view.at(host.shared(view.to())))).toList();
  }
}
