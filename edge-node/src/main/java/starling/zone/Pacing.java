package starling.zone;

import java.util.List;
import java.util.Optional;
import starling.link.LinkProfile;
import starling.model.Page;
import starling.model.Window;

/**
 * What this node's media afford: how fast windows may follow each other, and how long they take.
 */
final class Pacing {
  private static final double REPAIR_FACTOR = 1.6;
  private static final int OWN_FRAME_BYTES = 48;
  private static final int BYTES_A_CHANNEL = 3;

  private final Optional<LinkProfile> radio;
  private final Optional<LinkProfile> uplink;

  Pacing(List<LinkProfile> links) {
    radio = links.stream().filter(LinkProfile::broadcast).findFirst();
    uplink = links.stream().filter(link -> !link.broadcast()).findFirst();
  }

  /**
   * How far the cell slows down so that all members' own frames and their repair stay inside the
   * channel's target: the smallest p with members x airtime x repairs <= target x window x 2^p. A
   * function of the charter and the medium alone, so all agree.
   */
  int exponent(Place place) {
    if (radio.isEmpty() || !place.broadcast()) {
      return 0;
    }
    int channels =
        place.charter().site().stream()
            .flatMap(site -> site.schemas().stream())
            .mapToInt(schema -> schema.channels().size())
            .max()
            .orElse(0);
    LinkProfile air = radio.get();
    int bytes = Math.min(air.mtuBytes(), OWN_FRAME_BYTES + BYTES_A_CHANNEL * channels);
    double micros = air.airtime().micros(bytes) * REPAIR_FACTOR * place.cell().members().size();
    int exponent = 0;
    while (exponent < Window.PACE_MAX
        && micros > air.channelTarget() * 1000 * (place.windowMillis() << exponent)) {
      exponent++;
    }
    return exponent;
  }

  /** From a window's end until the cell's contributions should be in. */
  long predictMillis(Window window, Moment at) {
    int members = at.place().cell().members().size();
    if (at.place().broadcast()) {
      double loss = at.facts().members().lossPermille() / 1000.0;
      return radio
          .map(air -> Spread.broadcastMillis(air, members, loss, window.lengthMillis()))
          .orElse(0L);
    }
    return uplink.map(link -> Spread.addressedMillis(link, members, 0)).orElse(0L);
  }

  /** How much longer until an inner zone's children should be in. */
  long predictMillis(Page.Inner zone) {
    int talkers = zone.children().stream().mapToInt(child -> child.contacts().size()).sum();
    return uplink.map(link -> Spread.addressedMillis(link, talkers, 0)).orElse(0L);
  }
}
