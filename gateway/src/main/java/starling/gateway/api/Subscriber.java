package starling.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who follows the stream, on the thread that made it. It has no queue of its own: what is new it
 * takes from {@link Present}, and when it reads so slowly that this has forgotten what comes next,
 * it is let go, and comes back with the id of what it had last.
 */
final class Subscriber {
  /** So that a dead connection is noticed, and none is taken for dead. */
  private static final long HEARTBEAT_MILLIS = 15_000;

  private static final long RETRY_MILLIS = 1000;

  private final Thread thread = Thread.currentThread();
  private final Present present;
  private final String path;
  private final Set<Told.Kind> kinds;
  private long taken; // the last message's number; under the lock of present

  /**
   * @param path tells what is about this zone or node, and what is below it; empty for all
   * @param kinds tells these
   */
  Subscriber(Present present, String path, Set<Told.Kind> kinds) {
    this.present = present;
    this.path = path;
    this.kinds = kinds;
  }

  /** Has all up to this message in its hands. */
  void takes(long number) {
    taken = number;
  }

  long taken() {
    return taken;
  }

  void letGo() {
    thread.interrupt();
  }

  /**
   * Writes for as long as somebody reads.
   *
   * @param last the id of the last message that the client has, or empty
   */
  void serve(OutputStream to, String last) throws IOException, InterruptedException {
    List<Told> first = present.follow(this, last);
    write(to, "retry: " + RETRY_MILLIS + "\n\n" + messages(first));
    write(to, "id: " + present.id(taken) + "\nevent: live\ndata: {}\n\n");
    while (true) {
      List<Told> news = present.await(this, HEARTBEAT_MILLIS);
      write(to, news.isEmpty() ? ":\n\n" : messages(news));
    }
  }

  private String messages(List<Told> all) {
    StringBuilder text = new StringBuilder();
    for (Told told : all) {
      if (kinds.contains(told.kind()) && Present.isWithin(told.path(), path)) {
        if (told.number() > 0) {
          text.append("id: ").append(present.id(told.number())).append('\n');
        }
        text.append("event: ").append(told.kind().name().toLowerCase(Locale.ROOT));
        text.append("\ndata: ").append(told.json()).append("\n\n");
      }
    }
    return text.toString();
  }

  private static void write(OutputStream to, String text) throws IOException {
    to.write(text.getBytes(UTF_8));
    to.flush();
  }
}
