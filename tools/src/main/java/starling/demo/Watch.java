package starling.demo;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Looks at everything that is heard, and passes it on to whom it concerns. */
final class Watch {
  private static final long TICK_MS = 1_000;

  private final Reader reader;
  private final Board board;
  private final View view;
  private final Check check;
  private final Processes processes;
  private final Timekeeper timekeeper;
  private final Map<String, Long> awaySinceMillis = new HashMap<>();

  Watch(
      Site site, Board board, View view, Check check, Processes processes, Timekeeper timekeeper) {
    reader = new Reader(site.name());
    this.board = board;
    this.view = view;
    this.check = check;
    this.processes = processes;
    this.timekeeper = timekeeper;
    for (String zone : site.zones()) {
      check.heard(new Heard.Timing(zone, 0, timekeeper.prediction().millis(zone), -1));
    }
  }

  /** Runs until that time, Unix milliseconds. */
  void until(Subscriber subscriber, long endMillis) throws InterruptedException {
    long nextTickMillis = 0;
    for (long now = now(); now < endMillis; now = now()) {
      if (now >= nextTickMillis) {
        nextTickMillis = now + TICK_MS;
        bury(now);
        view.tick(now);
      }
      Optional<Subscriber.Message> message =
          subscriber.next(Math.min(nextTickMillis, endMillis) - now);
      message.ifPresent(m -> hear(reader.read(m.topic(), m.payload()), now()));
    }
    awaySinceMillis.forEach((node, since) -> check.absent(node, since, endMillis));
    if (subscriber.dropped() > 0) {
      check.contradicts(subscriber.dropped() + " messages came faster than they were looked at");
    }
  }

  private void hear(Heard heard, long nowMillis) {
    // A gateway knows the media of its own zones only: what is shown is what is observed here.
    boolean news = !(heard instanceof Heard.Timing) && board.hear(heard);
    switch (heard) {
      case Heard.Aggregate aggregate -> {
        check.heard(aggregate);
        view.heard(aggregate);
        timekeeper.timing(aggregate, nowMillis).ifPresent(board::hear);
        timekeeper.first(aggregate, nowMillis).ifPresent(view::first);
      }
      case Heard.Timing timing -> {
        check.heard(timing);
        view.heard(timing);
      }
      case Heard.NodeState node -> {
        if (news) {
          view.heard(node);
        }
        returned(node, nowMillis);
      }
      case Heard.Unreadable unreadable -> {
        check.contradicts("unreadable " + unreadable.topic() + ": " + unreadable.why());
        view.heard(unreadable);
      }
      case Heard.Warning warning -> view.heard(warning);
      case Heard.Other _ -> {}
    }
  }

  /** Nodes whose process is no more; somebody may start it again. */
  private void bury(long nowMillis) {
    for (Processes.Ended ended : processes.ended()) {
      awaySinceMillis.put(ended.name(), nowMillis - TICK_MS);
      Heard.Warning warning =
          new Heard.Warning(
              "ended",
              ended.name(),
              "exit status " + ended.status() + ", log " + processes.log(ended.name()));
      board.hear(warning);
      view.heard(warning);
    }
  }

  private void returned(Heard.NodeState node, long nowMillis) {
    if (node.state().equals("up")) {
      Long since = awaySinceMillis.remove(node.path());
      if (since != null) {
        check.absent(node.path(), since, nowMillis);
      }
    }
  }

  private static long now() {
    return System.currentTimeMillis();
  }
}
