package starling.bench.gateway;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import starling.gateway.upstream.Upstream;
import starling.model.Delivery;

/** A gateway's upstream: each answer is on disk before it is sent, until it is acknowledged. */
final class OutboxPublisher implements Publisher {
  private static final long ROOM_BYTES = 256 << 20;
  private static final int LATE_PER_SECOND = 100_000;
  private static final long UP_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Upstream upstream;
  private final long before;

  OutboxPublisher(URI broker, String site, Path directory) throws IOException {
    upstream =
        new Upstream(
            new Upstream.Settings(
                broker,
                Optional.empty(),
                site,
                "gate",
                "bench",
                new Upstream.Keeping(Optional.of(directory), ROOM_BYTES, LATE_PER_SECOND),
                Optional.empty()),
            InstantSource.system());
    upstream.open();
    long since = System.nanoTime();
    while (upstream.counts().published() < 2) { // its status and info
      if (System.nanoTime() - since > UP_NANOS) {
        throw new IOException("the upstream did not reach " + broker);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    before = upstream.counts().published();
  }

  @Override
  public void take(Delivery.Result answer) {
    accept(answer);
  }

  /** Takes anything that a node tells. */
  void accept(Delivery delivery) {
    upstream.accept(delivery);
  }

  @Override
  public long acknowledged() {
    return upstream.counts().published() - before;
  }

  @Override
  public void close() {
    upstream.close();
  }
}
