package starling.bench.site;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import starling.link.AirtimeLedger;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.simulate.Outcome;

/**
 * What a site of one size cost through all events.
 *
 * @param link the medium of its cells
 * @param outcome what came of its timeline
 */
record SiteCost(String link, int nodes, Timeline timeline, Outcome outcome) {
  /** How far wanted bytes may be above those of the last minutes when an event is over. */
  private static final double SETTLED = 1.05;

  /** Backlog that may remain of what a minute wants, more than in the end. */
  private static final double REMAINS = 0.01;

  private static final double DRAIN_MAX_MINUTES = 5;
  private static final int LATE_MAX_WINDOWS = 1;
  private static final int EVENT_MINUTES = 5;
  private static final int LEVEL_MINUTES = 3;
  private static final double NEVER = -1;

  /** Windows are looked at for so long. */
  private static final double NEVER_WINDOWS = 6;

  private List<Outcome.Sent> minutes(int from, int to) {
    return outcome.minutes().subList(from, to);
  }

  private static double mean(List<Outcome.Sent> minutes, ToDoubleFunction<Outcome.Sent> of) {
    return minutes.stream().mapToDouble(of).average().orElseThrow();
  }

  /** Bytes that a node wants to send in a minute, a mean over an event's minutes. */
  double wanted(Trouble event) {
    return mean(eventMinutes(event), Outcome.Sent::wantedBytes);
  }

  private List<Outcome.Sent> eventMinutes(Trouble event) {
    int from = timeline.over(event);
    return minutes(from, Math.min(timeline.to(event), from + EVENT_MINUTES));
  }

  /** A row an event. */
  List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Trouble event : timeline.events()) {
      rows.add(row(event));
    }
    return rows;
  }

  private Map<String, Object> row(Trouble event) {
    List<Outcome.Sent> all = minutes(timeline.from(event), timeline.to(event));
    List<Outcome.Sent> its = eventMinutes(event);
    long largest = all.stream().mapToLong(Outcome.Sent::mostBytes).max().orElseThrow();
    double drain = drainMinutes(event);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("bench", "cost");
    row.put("link", link);
    row.put("nodes", nodes);
    row.put("event", event.word());
    row.put("wanted_per_node_minute_mean", Math.round(wanted(event)));
    row.put("sent_per_node_minute_mean", Math.round(mean(its, Outcome.Sent::meanBytes)));
    row.put(
        "sent_per_node_minute_worst",
        Math.round(all.stream().mapToDouble(Outcome.Sent::meanBytes).max().orElseThrow()));
    row.put("sent_largest_node_minute_worst", largest);
    row.put("cap", capBytes());
    row.put("drain_minutes", drain);
    row.put("settled_per_node_minute_mean", Math.round(level(event)));
    row.put("backlog_bytes", Math.round(all.getLast().backlogBytes()));
    row.put("standing_backlog_bytes", Math.round(standingBacklogBytes(event)));
    row.put("complete_windows", rounded(usualWindows()));
    row.put("late_windows_worst", rounded(lateWindows(event)));
    boolean drained = drain >= 0 && drain <= DRAIN_MAX_MINUTES;
    row.put("ok", largest <= capBytes() && drained && outcome.violations().isEmpty());
    return row;
  }

  /** The most that is wanted in one of the last minutes that an event is watched. */
  private double level(Trouble event) {
    int to = timeline.to(event);
    return minutes(to - LEVEL_MINUTES, to).stream()
        .mapToDouble(Outcome.Sent::wantedBytes)
        .max()
        .orElseThrow();
  }

  /** Minutes from the end of an event until nothing is left of it. */
  private double drainMinutes(Trouble event) {
    double level = level(event);
    double standing = standingBacklogBytes(event);
    if (standing > timeline.roundSeconds() / 60.0 * level) {
      return NEVER;
    }
    int drained = timeline.to(event);
    for (int minute = timeline.to(event) - 1; minute >= timeline.over(event); minute--) {
      Outcome.Sent sent = outcome.minutes().get(minute);
      boolean quiet =
          sent.wantedBytes() <= SETTLED * level
              && sent.backlogBytes() <= standing + REMAINS * sent.wantedBytes()
              && inTime(sent, event);
      if (!quiet) {
        break;
      }
      drained = minute;
    }
    return drained == timeline.to(event) ? NEVER : drained - timeline.over(event);
  }

  /**
   * Whether the window that ended in a minute came in time, with all who run and are not cut off;
   * of one that may still be under way when the next event begins nothing can be said.
   */
  private boolean inTime(Outcome.Sent minute, Trouble event) {
    double lastSeconds =
        timeline.undisturbedSeconds(event)
            - (usualWindows() + LATE_MAX_WINDOWS) * Timeline.WINDOW_SECONDS;
    return windows(minute.seconds() - 60, Math.min(minute.seconds(), lastSeconds))
        .allMatch(window ->
            lateWindows(window) <= LATE_MAX_WINDOWS
                && window.due() + window.cutOff() == minute.nodes());
  }

  private Stream<Outcome.Arrival> windows(double fromSeconds, double toSeconds) {
    return outcome.arrivals().stream()
        .filter(one -> one.endSeconds() > fromSeconds && one.endSeconds() <= toSeconds);
  }

  /** How late a window was at most that ended after an event. */
  private double lateWindows(Trouble event) {
    return windows(Timeline.seconds(timeline.over(event)), Timeline.seconds(timeline.to(event) - 1))
        .mapToDouble(this::lateWindows)
        .max()
        .orElse(0);
  }

  /** How much later than any did before all trouble. */
  private double lateWindows(Outcome.Arrival window) {
    return window.completeWindows() < 0
        ? NEVER_WINDOWS
        : Math.max(0, window.completeWindows() - usualWindows());
  }

  /**
   * What is always under way: at the ends of the last minutes that an event is watched, when the
   * site has whatever the event left it with, or before all trouble, at most. It may be what is
   * wanted within a round; more is a queue.
   */
  private double standingBacklogBytes(Trouble event) {
    int to = timeline.to(event);
    return Stream.concat(
            minutes(to - LEVEL_MINUTES, to).stream(),
            minutes(Timeline.usualTo() - LEVEL_MINUTES, Timeline.usualTo()).stream())
        .mapToDouble(Outcome.Sent::backlogBytes)
        .max()
        .orElseThrow();
  }

  /** How many windows after its end a window is complete when nothing happens, at most. */
  private double usualWindows() {
    return windows(Timeline.seconds(Timeline.usualFrom()), Timeline.seconds(Timeline.usualTo()))
        .mapToDouble(Outcome.Arrival::completeWindows)
        .max()
        .orElse(0);
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /** What rounds and ledger leave a node that is on all media of its cell. */
  long capBytes() {
    LinkProfile network = Presets.MQTT.profile().withRound(1000L * timeline.roundSeconds());
    long cap = capBytes(network);
    return link.equals("addressed") ? cap : cap + capBytes(Presets.SIK_64K.profile());
  }

  private static long capBytes(LinkProfile medium) {
    double share = medium.channelTarget() / Timeline.CELL_NODES * AirtimeLedger.NORMAL * 60e6;
    double byAirtime = share / medium.airtime().micros(medium.mtuBytes());
    double byRounds = (60_000.0 / medium.roundMillis() + 1) * medium.fanoutMax();
    return (long) (Math.min(byAirtime, byRounds) * medium.mtuBytes());
  }
}
