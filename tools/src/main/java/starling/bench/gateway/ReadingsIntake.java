package starling.bench.gateway;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import starling.gateway.history.History;
import starling.model.Delivery;

/**
 * What a gateway does with its nodes' readings: into the history, and the newest of each node to
 * the broker.
 */
final class ReadingsIntake implements Publisher {
  /** As many as a gateway has topics for, and some to spare. */
  static final int NODES = 4_000;

  private static final long ROOM_BYTES = 1L << 30;
  private static final int FULL_DAYS = 30;
  private static final int QUARTER_DAYS = 365;

  private final OutboxPublisher upstream;
  private final History history;

  ReadingsIntake(URI broker, String site, Path directory) throws IOException {
    upstream = new OutboxPublisher(broker, site, directory);
    history =
        History.open(
            new History.Settings(
                directory.resolve("history.db"), ROOM_BYTES, FULL_DAYS, QUARTER_DAYS),
            warning -> {
              throw new IllegalStateException(warning.toString());
            });
  }

  /** Takes it for a node's. */
  @Override
  public void take(Delivery.Result answer) {
    var latest =
        new Delivery.Latest(answer.zone(), answer.endMillis(), answer.values(), answer.units());
    history.accept(latest);
    upstream.accept(latest);
  }

  /** How many are in the history. */
  @Override
  public long acknowledged() {
    return history.written();
  }

  @Override
  public void close() {
    history.close();
    upstream.close();
  }
}
