package starling.gateway.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import starling.gateway.inquiry.Inquirer;
import starling.gateway.inquiry.Rows;
import starling.gateway.upstream.Payloads;
import starling.gateway.upstream.Upstream;
import starling.model.Delivery;

/** Does what admitted commands ask for, and says what came of each. Safe from any thread. */
final class Execution {
  /**
   * A result; of more rows than fit, fewer must be asked for. The embedded broker takes twice it.
   */
  static final int RESULT_MAX_BYTES = 128 << 10;

  private static final long ANNOUNCE_EVERY_NANOS = 10_000_000_000L;

  private final Commands.Settings settings;
  private final Upstream upstream;
  private final Inquirer inquirer;
  private final Results results;
  private long announcedNanos = System.nanoTime() - ANNOUNCE_EVERY_NANOS;
  private volatile Optional<Delivery.Health> health = Optional.empty();

  Execution(Commands.Settings settings, Upstream upstream, Inquirer inquirer, Results results) {
    this.settings = settings;
    this.upstream = upstream;
    this.inquirer = inquirer;
    this.results = results;
  }

  /** How the gateway's own node is by now. */
  void know(Delivery.Health own) {
    health = Optional.of(own);
  }

  /**
   * Acts on a command; returns at once.
   *
   * @param say is given the result, perhaps later
   */
  void act(Command command, Consumer<byte[]> say) {
    switch (command.verb()) {
      case Verb.Rows rows -> rows(command.id(), rows, say);
      case Verb.Announce() -> say.accept(announce(command.id()));
      case Verb.Status() -> say.accept(status(command.id()));
    }
  }

  private void rows(String id, Verb.Rows asked, Consumer<byte[]> say) {
    CompletableFuture<Void> _ =
        inquirer
            .ask(asked.zone(), asked.query(), asked.timeoutSeconds())
            .thenAcceptAsync(answer -> say.accept(rows(id, answer)), Thread::startVirtualThread);
  }

  private byte[] rows(String id, Delivery.Inquired answer) {
    return switch (answer.outcome()) {
      case ROWS -> {
        byte[] result = results.done(id, json -> Rows.write(json, answer));
        yield result.length <= RESULT_MAX_BYTES
            ? result
            : results.failed(
                id,
                Reason.OVERSIZED,
                "all rows take " + result.length + " bytes: name a query, or ask over HTTP");
      }
      case UNKNOWN -> results.failed(id, Reason.UNKNOWN, answer.fault());
      case UNANSWERED -> results.failed(id, Reason.UNANSWERED, answer.fault());
      case BUSY -> results.failed(id, Reason.BUSY, answer.fault());
      case UNREADY -> results.failed(id, Reason.UNREADY, answer.fault());
    };
  }

  private byte[] announce(String id) {
    synchronized (this) {
      long now = System.nanoTime();
      long waitNanos = announcedNanos + ANNOUNCE_EVERY_NANOS - now;
      if (waitNanos > 0) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(waitNanos) + 1;
        return results.failed(
            id, Reason.BUSY, "all was announced a moment ago: again in " + seconds + " s");
      }
      announcedNanos = now;
    }
    int count = upstream.announce();
    return results.done(id, json -> json.name("announced").value(count));
  }

  private byte[] status(String id) {
    return results.done(
        id,
        json -> {
          json.name("site").value(settings.site());
          json.name("version").value(settings.version());
          json.name("started").value(Instant.ofEpochMilli(settings.startedMillis()).toString());
          json.name("first").value(upstream.isFirst());
          json.name("broker").value(upstream.isUp() ? "online" : "offline");
          if (health.isPresent()) {
            int waiting = (int) upstream.stock().messages();
            byte[] own = Payloads.health(health.get(), waiting, upstream.stock());
            json.name("health").jsonValue(new String(own, UTF_8));
          }
        });
  }
}
