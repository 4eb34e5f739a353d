package starling.zone;

import java.util.List;
import java.util.Optional;
import starling.link.LinkProfile;
import starling.model.Page;
import starling.model.Window;
import starling.predict.AddressedCell;
import starling.predict.Gossip;
import starling.predict.RadioCell;
import starling.query.ChannelUse;
import starling.query.Plan;

/**
 * What this node's media afford: how fast windows may follow each other, and how long they take.
 */
record Pacing(List<LinkProfile> links) {
  private Optional<LinkProfile> medium(boolean broadcast) {
    return links.stream().filter(link -> link.broadcast() == broadcast).findFirst();
  }

  /**
   * How far the cell slows down so that its contributions, their repair and its queries' rows stay
   * inside the channel's target. A function of the charter and the medium alone, so all agree.
   */
  int exponent(Place place) {
    Optional<Page.Site> site = place.charter().site();
    Optional<LinkProfile> radio = medium(true);
    if (radio.isEmpty() || site.isEmpty() || !place.broadcast()) {
      return 0;
    }
    List<Plan> plans = place.queries().queries().stream().map(Standing::plan).toList();
    return ChannelUse.of(radio.get(), place.cell(), place.above(), site.get(), plans)
        .exponent(place.windowMillis())
        .orElse(Window.PACE_MAX);
  }

  /** From a window's end until the cell's contributions should be in. */
  long predictMillis(Window window, Moment at) {
    Place place = at.place();
    if (place.broadcast()) {
      return cell(place, at.facts().members().lossPermille() / 1000.0)
          .map(cell -> cell.completeMillis(window.lengthMillis()))
          .orElse(0L);
    }
    return rumourMillis(place.cell().members().size());
  }

  /** How much longer until an inner zone's children should be in. */
  long predictMillis(Page.Inner zone) {
    return rumourMillis(zone.children().stream().mapToInt(Page.Child::contacts).sum());
  }

  private long rumourMillis(int talkers) {
    return medium(false).map(link -> AddressedCell.rumourMillis(link, talkers, 0)).orElse(0L);
  }

  private Optional<RadioCell> cell(Place place, double loss) {
    int channels =
        place.charter().site().stream()
            .flatMap(site -> site.schemas().stream())
            .mapToInt(schema -> schema.channels().size())
            .max()
            .orElse(0);
    int members = Math.max(1, place.cell().members().size());
    return medium(true)
        .filter(_ -> place.broadcast())
        .map(air -> new RadioCell(air, members, channels, Math.min(loss, Gossip.LOSS_MAX)));
  }
}
