package starling.zone;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import starling.engine.Effects;
import starling.model.Answer;
import starling.model.Channel;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Member;
import starling.model.Schema;
import starling.model.Window;
import starling.wire.MalformedException;

/** What the owner is told: results, silence, readings, and how long they took. */
final class Report {
  private @Nullable Attendance attendance; // of those who represent
  private @Nullable TreeMap<Integer, Long> timedMillis; // by zone: own path only

  private Attendance attendance() {
    attendance = attendance == null ? new Attendance() : attendance;
    return attendance;
  }

  /** A row that was taken in. */
  void result(ZoneRow row, Moment at, Effects out) {
    Standing query = at.place().queries().numbered(row.query()).orElse(null);
    if (query == null || at.then(row.window()).queries().asksOtherwise(query)) {
      return; // a window has one version of a query: the one that held when it began
    }
    try {
      tell(row, query, row.decode(query.plan()).answers(at.place().labels()), at, out);
    } catch (MalformedException e) {
      return; // taken in unread, before the charter named its query
    }
    if (row.contributors() != 0) {
      attendance().note(row.zone(), row.window(), row.contributors(), at, out);
    }
  }

  /**
   * A silent zone keeps its place: nobody of so many reported. Absent is never zero, so there are
   * no values.
   */
  void silent(int zone, Window window, Standing query, Moment at, Effects out) {
    int expected = at.expected(zone, window, 0);
    ZoneRow none = ZoneRow.inner(zone, window, query.number(), expected, 0, 0, 0, new byte[0]);
    tell(none, query, new TreeMap<>(), at, out);
    attendance().note(zone, window, 0, at, out);
  }

  private static void tell(
      ZoneRow row, Standing query, SortedMap<String, Answer> answers, Moment at, Effects out) {
    out.deliver(result(row, query, answers, at.then(row.window()).path(row.zone())));
  }

  /** A row in units. */
  static Delivery.Result result(
      ZoneRow row, Standing query, SortedMap<String, Answer> answers, String path) {
    SortedMap<String, String> units = query.plan().units();
    if (!answers.keySet().containsAll(units.keySet())) {
      units = new TreeMap<>(units);
      units.keySet().retainAll(answers.keySet());
    }
    SortedMap<String, Double> values = new TreeMap<>();
    SortedMap<String, Answer> others = new TreeMap<>();
    answers.forEach((name, answer) -> {
      if (answer instanceof Answer.Quantity(double value)) {
        values.put(name, value);
      } else {
        others.put(name, answer);
      }
    });
    return new Delivery.Result(
        path,
        query.name(),
        row.window().startMillis(),
        row.window().endMillis(),
        values,
        others,
        units,
        row.reported(),
        row.expected(),
        row.oldestMillis(),
        row.reported(),
        row.contributors());
  }

  /** Whether it was told how long a window, or a later one, took. */
  boolean isTimed(int zone, Window window) {
    return timedMillis != null && timedMillis.getOrDefault(zone, 0L) >= window.endMillis();
  }

  /** Tells once a window how long a zone took, beside what the model says. */
  void time(int zone, Window window, long predictedMillis, Moment at, Effects out) {
    if (!isTimed(zone, window)) {
      timedMillis = timedMillis == null ? new TreeMap<>() : timedMillis;
      timedMillis.put(zone, window.endMillis());
      long observedMillis = at.nowMillis() - window.endMillis();
      String path = at.place().path(zone);
      out.deliver(new Delivery.Timing(path, window.endMillis(), predictedMillis, observedMillis));
    }
  }

  /** A member's contribution, told by a gateway. */
  static void latest(Member member, Window window, byte[] row, Moment at, Effects out) {
    String path = at.place().path(at.place().cell().zone()) + "/" + member.name();
    latest(path, window.endMillis(), row, at.place().charter()).ifPresent(out::deliver);
  }

  /** A contribution in units; empty if it can't be read: then it is counted nowhere either. */
  static Optional<Delivery.Latest> latest(
      String path, long endMillis, byte[] row, Charter charter) {
    Schema schema = charter.site().flatMap(s -> s.schema(Contribution.schemaOf(row))).orElse(null);
    if (schema == null) {
      return Optional.empty();
    }
    SortedMap<String, Double> values = new TreeMap<>();
    SortedMap<String, String> units = new TreeMap<>();
    try {
      Contribution contribution = Contribution.decode(row, schema);
      for (int i = 0; i < schema.channels().size(); i++) {
        if ((contribution.present() & 1L << i) != 0) {
          Channel channel = schema.channels().get(i);
          values.put(channel.name(), channel.value(contribution.steps()[i]));
          units.put(channel.name(), channel.unit());
        }
      }
    } catch (MalformedException e) {
      return Optional.empty();
    }
    return Optional.of(new Delivery.Latest(path, endMillis, values, units));
  }
}
