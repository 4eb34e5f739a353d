package starling.gateway.web;

import com.sun.net.httpserver.HttpHandler;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends answers that are read too slowly: a write that is interrupted closes its connection. The
 * JDK's server has such a limit itself, but one for all pages, also for those that have no end.
 */
final class Deadlines implements AutoCloseable {
  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("web deadlines").daemon().factory());

  Deadlines() {
    clock.setRemoveOnCancelPolicy(true);
  }

  /** The same page, which has so much time. */
  HttpHandler on(HttpHandler page, int seconds) {
    return exchange -> {
      Thread reader = Thread.currentThread();
      ScheduledFuture<?> end = clock.schedule(reader::interrupt, seconds, TimeUnit.SECONDS);
      try {
        page.handle(exchange);
      } finally {
        end.cancel(false);
      }
    };
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
