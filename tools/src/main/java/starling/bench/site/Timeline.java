package starling.bench.site;

import java.util.List;
import java.util.stream.Stream;

/**
 * Through what a site goes, one after the other, and which minutes belong to what. Minutes end
 * shortly before windows do, when all that is to be said of a window should have been said.
 *
 * @param events in this order, after a steady time by which they are judged: windows of a large
 *     site take minutes to be complete
 * @param roundSeconds how long a round is between inboxes
 */
record Timeline(List<Trouble> events, int roundSeconds) {
  static final int CELL_NODES = 25;
  static final int BRANCHING = 25;
  static final int WINDOW_SECONDS = 60;

  /** The first minute begins then: windows end five seconds later. */
  static final int FIRST_SECONDS = 35;

  /** Windows of the last minutes may come so late and still be in time. */
  private static final int LAST_MINUTES = 2;

  /** Minutes at the start in which clocks and rows come to be known. */
  private static final int SETTLE_MINUTES = 6;

  Timeline {
    events =
        Stream.concat(
                Stream.of(Trouble.STEADY), events.stream().filter(event -> event != Trouble.STEADY))
            .toList();
  }

  /** The first minute by which others are judged: nothing has happened yet. */
  static int usualFrom() {
    return SETTLE_MINUTES - 2;
  }

  /** The first minute that is none of these. */
  static int usualTo() {
    return SETTLE_MINUTES + Trouble.STEADY.watchedMinutes - 1;
  }

  /** The minute with which an event begins, from 0. */
  int from(Trouble event) {
    int minute = SETTLE_MINUTES;
    for (Trouble before : events.subList(0, events.indexOf(event))) {
      minute += before.minutes + before.watchedMinutes;
    }
    return minute;
  }

  /** The first minute after it. */
  int over(Trouble event) {
    return from(event) + event.minutes;
  }

  /** The first minute that is not watched for it any more. */
  int to(Trouble event) {
    return over(event) + event.watchedMinutes;
  }

  /** Until when nothing else happens after an event, since the start. */
  int undisturbedSeconds(Trouble event) {
    boolean last = event == events.getLast();
    return seconds(to(event) + (last ? LAST_MINUTES : 0));
  }

  /** When a minute begins, since the start. */
  static int seconds(int minute) {
    return FIRST_SECONDS + 60 * minute;
  }

  /** A site's history, as a scenario. */
  String scenario(String link, int nodes) {
    String medium = link.equals("addressed") ? link : "all broadcast, 3 uplinks";
    StringBuilder text = new StringBuilder();
    text.append(
        "site %d nodes, cells of %d, branching %d, %s, 2 gateways\n"
            .formatted(nodes, CELL_NODES, BRANCHING, medium));
    text.append("network rounds of %d s\nwindow %d s\n".formatted(roundSeconds, WINDOW_SECONDS));
    for (Trouble event : events) {
      if (!event.fault.isEmpty()) {
        text.append("at %d s %s\n".formatted(seconds(from(event)), event.fault));
      }
    }
    int end = undisturbedSeconds(events.getLast());
    return text.append("for %d s\n".formatted(end)).toString();
  }
}
