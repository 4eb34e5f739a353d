package starling.keys;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import starling.charter.Draft;
import starling.charter.Draft.Duty;
import starling.model.Charter;
import starling.model.Member;
import starling.model.NodeId;
import starling.model.Page;
import starling.node.KeyFile;

/**
 * A node's place in the roster while its card is written. Its identity goes onto that card alone:
 * once the card is done the private half is forgotten here, so no second card can be the same node.
 *
 * @param site where the charter is signed
 * @param bundle what the node is given
 * @param joined whether it was not in the roster before
 * @param made whether its identity was made for this
 */
public record Enrolment(SiteDirectory site, Bundle bundle, boolean joined, boolean made)
    implements Admission {
  /**
   * How a node that is not in the roster yet gets there.
   *
   * @param schema of its readings
   * @param duties besides those that follow from its media
   * @param replace whether another board with this place is lost, and this one takes it
   */
  public record Terms(int schema, Set<Duty> duties, boolean replace) {}

  /**
   * Gives the node its place and its identity, signed. What would be refused later is refused
   * before anything is changed.
   *
   * @throws IllegalArgumentException the path, the media, or a node of that name that lives already
   */
  public static Enrolment of(SiteDirectory site, Bundle bundle, Terms terms) throws IOException {
    Charter charter = site.charter();
    Optional<Member> member = member(charter, bundle.path());
    if (member.isPresent() && site.holds(bundle.path())) {
      bundle.check(charter); // added before, never on a card: this is its card
      return new Enrolment(site, bundle, false, false);
    }
    Draft draft = Draft.of(charter);
    boolean made = !site.holds(bundle.path());
    KeyFile.Identity identity = site.identity(bundle.path());
    if (member.isPresent()) {
      refuseClone(bundle.path(), member.get().id(), terms.replace());
      draft.replace(bundle.path(), identity.publicKey());
    } else {
      Set<Duty> duties = duties(charter, bundle, terms.duties());
      draft.node(bundle.path(), identity.publicKey(), terms.schema(), duties);
    }
    bundle.check(draft.charter());
    site.save(draft, bundle.path(), identity);
    return new Enrolment(site, bundle, member.isEmpty(), made);
  }

  private static void refuseClone(String path, NodeId id, boolean replace) {
    if (!replace) {
      throw new IllegalArgumentException(
          path
              + " is in the roster as node "
              + id
              + ", and its identity is on a board already (or was made elsewhere). A second card of"
              + " it would be a clone. Name another node; or, if that board is lost, say --replace:"
              + " the same place with a new identity");
    }
  }

  private static Set<Duty> duties(Charter charter, Bundle bundle, Collection<Duty> asked) {
    Set<Duty> duties = EnumSet.of(Duty.SENSES);
    duties.addAll(asked);
    String cell = bundle.path().substring(0, Math.max(0, bundle.path().lastIndexOf('/')));
    boolean onAir =
        charter.pages().values().stream()
            .anyMatch(page ->
                page instanceof Page.Cell one
                    && one.medium() == Page.Medium.BROADCAST
                    && charter.path(one.zone()).orElse("").equals(cell));
    if (onAir && bundle.broker().isPresent() || !onAir) {
      duties.add(Duty.UPLINK);
    }
    return duties;
  }

  private static Optional<Member> member(Charter charter, String path) {
    for (Page page : charter.pages().values()) {
      if (page instanceof Page.Cell cell) {
        String zone = charter.path(cell.zone()).orElse("");
        for (Member member : cell.members()) {
          if (path.equals(zone + "/" + member.name())) {
            return Optional.of(member);
          }
        }
      }
    }
    return Optional.empty();
  }

  /** The node's id. */
  public NodeId id() throws IOException {
    return member(site.charter(), bundle.path()).orElseThrow().id();
  }

  @Override
  public String label() throws IOException {
    return id().toString();
  }

  @Override
  public void write(Path directory, String state) throws IOException {
    bundle.write(site, directory, state);
  }

  /** The card is done. */
  @Override
  public void done() throws IOException {
    site.forget(bundle.path());
  }

  /** The card could not be written: a node that was added for it leaves the roster again. */
  @Override
  public void undo() throws IOException {
    if (joined) {
      site.save(Draft.of(site.charter()).retire(bundle.path()));
    }
    if (joined && made) {
      site.forget(bundle.path());
    }
  }
}
