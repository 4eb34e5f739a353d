package starling.predict;

import starling.link.LinkProfile;

/** A cell's members on their medium, and what the exchange of a window's contributions takes. */
public sealed interface Cell permits RadioCell, AddressedCell {
  /** The medium. */
  LinkProfile profile();

  /** How many members contribute. */
  int members();

  /** What is sent in a window. */
  Traffic traffic();

  /**
   * From a window's end until a representative has every contribution.
   *
   * @param windowMillis the window's length
   */
  long completeMillis(long windowMillis);

  /**
   * The share of the medium's time that the cell uses.
   *
   * @param windowMillis the window's length
   */
  default double use(long windowMillis) {
    return traffic().micros() / (1000.0 * windowMillis);
  }

  /**
   * A cell on this medium.
   *
   * @param members who contribute, 1 and up
   * @param channels values in a contribution
   * @param loss share of frames lost, 0 to {@link Gossip#LOSS_MAX}
   * @param above how many zones are above it
   */
  static Cell on(LinkProfile profile, int members, int channels, double loss, int above) {
    return profile.broadcast()
        ? new RadioCell(profile, members, channels, loss, above)
        : new AddressedCell(profile, members, channels, loss, above);
  }
}
