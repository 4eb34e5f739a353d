package starling.gateway.upstream;

import java.util.Optional;
import starling.gateway.outbox.Entry;
import starling.link.mqtt.Message;

/**
 * A message on its way to the broker.
 *
 * @param lane where it came from
 * @param kept what is on disk of it
 */
record Parcel(Lane lane, Message message, Optional<Entry> kept) {
  /** In the order in which they go. */
  enum Lane {
    /** Events as they happen. */
    ALERT,
    /** What the broker should be retaining. */
    SHELF,
    /** What has become late. */
    LATE
  }

  static Parcel event(Lane lane, Entry event) {
    return new Parcel(
        lane, new Message(event.topic(), event.payload(), 1, false), Optional.of(event));
  }
}
