package starling.gateway.upstream;

import java.io.IOException;
import java.time.InstantSource;
import starling.gateway.outbox.Outbox;

/**
 * What the two sides of an {@link Upstream} share: {@link Intake} fills it, {@link Dispatch}
 * empties it. All but the outbox is under the upstream's lock.
 *
 * @param outbox what the broker has not acknowledged
 * @param shelf what the broker should be retaining
 * @param remembered where this gateway has published, also in earlier lives
 * @param rivals who goes before it in which zone
 */
record Holdings(Topics topics, Outbox outbox, Shelf shelf, Published remembered, Rivals rivals) {

  /**
   * What a gateway begins with.
   *
   * @throws IOException when its outbox can't be used
   */
  static Holdings open(Upstream.Settings settings, InstantSource clock) throws IOException {
    Topics topics = new Topics(settings.site());
    Upstream.Keeping keeping = settings.keeping();
    Published remembered = new Published(keeping.directory().map(d -> d.resolve("published")));
    Outbox outbox =
        Outbox.open(
            new Outbox.Settings(
                keeping.directory().map(d -> d.resolve("outbox.db")), keeping.bytesMax()),
            clock);
    return new Holdings(topics, outbox, new Shelf(), remembered, new Rivals(settings.gateway()));
  }

  /** How many other gateways go before this one where a topic belongs. */
  int before(String topic) {
    return rivals.none() ? 0 : topics.path(topic).map(rivals::before).orElse(0);
  }

  /** Whether no other gateway goes before this one in a zone, or in a node's. */
  boolean publishes(String path) {
    return rivals.before(path) == 0 && rivals.before(path.substring(0, path.lastIndexOf('/'))) == 0;
  }
}
