package starling.zone;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import starling.engine.Effects;
import starling.engine.Local;
import starling.model.Delivery;
import starling.model.Facts;
import starling.model.Member;
import starling.model.NetworkTime;
import starling.model.Page;
import starling.model.Schema;
import starling.model.Window;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * This node's own contributions: when readings are due, and the sealing of them. A contribution is
 * durable before it is first sent, so a reboot says the same bytes again; none is ever sealed for a
 * window at or before the last sealed one, whatever the clock does; and while network time is more
 * uncertain than a quarter of a window, readings are taken but nothing is sealed.
 *
 * <p>Durable records: {@code KEY + window index mod 8}: cell 2 | pace 1 | window end 6 |
 * contribution.
 */
final class Seals {
  private static final long KEY = 16;
  private static final int KEPT = 8;
  private static final long LEAD_MAX_MILLIS = 500;

  private final Map<Long, CellRow> awaitingDisk = new HashMap<>();
  private final Map<Window, byte[]> restored = new LinkedHashMap<>();
  private final Map<Long, byte[]> records = new LinkedHashMap<>();
  private long lastSealedEndMillis = -1;
  private long askedEndMillis = -1;
  private long sinceMillis = -1;
  private long partialUntilMillis = -1;
  private NetworkTime before = NetworkTime.UNKNOWN;

  private record CellRow(Window window, byte[] row) {}

  void restore(long key, byte[] value) {
    if (key >= KEY && key < KEY + KEPT) {
      records.put(key, value);
    }
  }

  /**
   * What an earlier boot sealed in this cell; the first call after the charter is known answers,
   * later ones nothing.
   */
  Map<Window, byte[]> restored(Facts facts, long baseMillis) {
    for (byte[] value : records.values()) {
      try {
        WireReader from = new WireReader(value);
        int cell = from.u16();
        int pace = from.u8() & Window.PACE_MAX;
        long endMillis = from.u48();
        byte[] row = from.bytes(from.remaining());
        lastSealedEndMillis = Math.max(lastSealedEndMillis, endMillis);
        if (cell == facts.self().cell()) {
          restored.put(Window.at(endMillis - 1, pace, baseMillis), row);
        }
      } catch (MalformedException e) {
        // the log checks its records; a foreign one seals nothing
      }
    }
    records.clear();
    Map<Window, byte[]> answer = new LinkedHashMap<>(restored);
    restored.clear();
    return answer;
  }

  /** When {@link #ask} has something to do next, in network milliseconds. */
  long nextMillis(Facts facts, long nowMillis, long baseMillis) {
    Window current = Window.at(nowMillis, facts.pace().exponent(), baseMillis);
    long due = current.endMillis() - lead(current);
    return askedEndMillis >= current.endMillis() ? due + current.lengthMillis() : due;
  }

  /** Asks the owner for readings when the window is about to end. */
  void ask(Facts facts, long baseMillis, Effects out, long nowNanos) {
    long nowMillis = facts.time().millis(nowNanos);
    Window current = Window.at(nowMillis, facts.pace().exponent(), baseMillis);
    if (sinceMillis < 0) {
      sinceMillis = nowMillis;
    }
    boolean sure = facts.time().uncertaintyMicros(nowNanos) <= current.lengthMillis() * 1000 / 4;
    boolean whole = current.startMillis() >= sinceMillis;
    boolean fresh = current.endMillis() > Math.max(askedEndMillis, lastSealedEndMillis);
    if (sure && whole && fresh && nowMillis >= current.endMillis() - lead(current)) {
      askedEndMillis = current.endMillis();
      long late = current.endMillis() + current.lengthMillis() / 4;
      out.deliver(new Delivery.SampleDue(current.endMillis(), late));
    }
  }

  private static long lead(Window window) {
    return Math.min(LEAD_MAX_MILLIS, window.lengthMillis() / 8);
  }

  /** Seals what was read; it may be spoken once {@link #durable} answers it. */
  void seal(Local.Readings readings, Facts facts, long baseMillis, Effects out, long nowNanos) {
    Window window = Window.at(readings.windowEndMillis() - 1, facts.pace().exponent(), baseMillis);
    long nowMillis = facts.time().millis(nowNanos);
    boolean late = nowMillis > window.endMillis() + window.lengthMillis() / 4;
    if (window.endMillis() != askedEndMillis || window.endMillis() <= lastSealedEndMillis || late) {
      out.deliver(
          new Delivery.Notice(
              "late",
              "window",
              "no contribution: readings came "
                  + (nowMillis - window.endMillis())
                  + " ms after the window's end"));
      return;
    }
    Schema schema = schema(facts).orElse(null);
    if (schema == null) {
      return;
    }
    boolean partial = window.startMillis() < partialUntilMillis;
    byte[] row =
        Contribution.of(schema, readings.values(), readings.oldestAgeMillis(), partial).encode();
    lastSealedEndMillis = window.endMillis();
    WireWriter record = WireWriter.ofSize(9 + row.length);
    record.u16(facts.self().cell()).u8(window.pace()).u48(window.endMillis()).bytes(row);
    long id = out.persist(KEY + window.index() % KEPT, record.toBytes());
    awaitingDisk.put(id, new CellRow(window, row));
  }

  private static Optional<Schema> schema(Facts facts) {
    return facts
        .charter()
        .cell(facts.self().cell())
        .flatMap(cell -> cell.member(facts.self().slot()))
        .filter(Member::senses)
        .flatMap(
            member -> facts.charter().site().flatMap((Page.Site s) -> s.schema(member.schema())));
  }

  /** The contribution that just became durable, if that is what this record was. */
  Map.@Nullable Entry<Window, byte[]> durable(long id) {
    CellRow row = awaitingDisk.remove(id);
    return row == null ? null : Map.entry(row.window(), row.row());
  }

  /** Watches for steps of network time: the window in which one falls is marked. */
  void watch(Facts facts, long baseMillis, long nowNanos) {
    NetworkTime time = facts.time();
    if (before.known() && time.known()) {
      long stepMicros = Math.abs(time.offsetMicros() - before.offsetMicros());
      long expected = before.uncertaintyMicros(nowNanos) + time.uncertaintyMicros(nowNanos);
      if (stepMicros > Math.max(expected, baseMillis * 1000 / 16)) {
        Window current = Window.at(time.millis(nowNanos), facts.pace().exponent(), baseMillis);
        partialUntilMillis = current.endMillis();
      }
    }
    before = time;
  }
}
