package starling.zone;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import starling.engine.Effects;
import starling.engine.Local;
import starling.engine.UnderWay;
import starling.model.Delivery;
import starling.model.NetworkTime;
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
 * <p>Durable records: {@code KEY + window index mod 8}: cell 2 | slot 1 | pace 1 | window end 6 |
 * contribution.
 */
final class Seals {
  private static final long KEY = 16;
  private static final int KEPT = 8;
  private static final long LEAD_MAX_MILLIS = 500;
  private static final int RECORD_HEADER_BYTES = 2 + 1 + 1 + 6;

  private @Nullable UnderWay<Map.Entry<Window, byte[]>> awaitingDisk;
  private Map<Long, byte[]> records = Map.of();
  private long lastSealedEndMillis = -1;
  private long askedEndMillis = -1;
  private long sinceMillis = -1;
  private long partialUntilMillis = -1;
  private NetworkTime before = NetworkTime.UNKNOWN;

  void restore(long key, byte[] value) {
    if (key >= KEY && key < KEY + KEPT) {
      records = new LinkedHashMap<>(records);
      records.put(key, value);
    }
  }

  /** What an earlier boot sealed in this place; the first call answers, later ones nothing. */
  Map<Window, byte[]> restored(Moment at) {
    if (records.isEmpty()) {
      return Map.of();
    }
    Map<Window, byte[]> restored = new LinkedHashMap<>();
    for (byte[] value : records.values()) {
      try {
        WireReader from = new WireReader(value);
        int cell = from.u16();
        int slot = from.u8();
        int pace = from.u8() & Window.PACE_MAX;
        long endMillis = from.u48();
        byte[] row = from.bytes(from.remaining());
        lastSealedEndMillis = Math.max(lastSealedEndMillis, endMillis);
        if (at.place().isOwn(cell) && slot == at.self()) {
          restored.put(Window.at(endMillis - 1, pace, at.place().windowMillis()), row);
        }
      } catch (MalformedException e) {
        // the log checks its records; a foreign one seals nothing
      }
    }
    records = Map.of();
    return restored;
  }

  /** When {@link #ask} has something to do next, in network milliseconds. */
  long nextMillis(Moment at) {
    Window current = at.current();
    long due = current.endMillis() - lead(current);
    return askedEndMillis >= current.endMillis() ? due + current.lengthMillis() : due;
  }

  /** Asks the owner for readings when the window is about to end. */
  void ask(Moment at, Effects out) {
    long nowMillis = at.nowMillis();
    Window current = at.current();
    if (sinceMillis < 0) {
      sinceMillis = nowMillis;
    }
    long uncertaintyMicros = at.facts().time().uncertaintyMicros(at.nowNanos());
    boolean sure = uncertaintyMicros <= current.lengthMillis() * 1000 / 4;
    boolean whole = current.startMillis() >= sinceMillis;
    boolean fresh = current.endMillis() > Math.max(askedEndMillis, lastSealedEndMillis);
    if (sure && whole && fresh && nowMillis >= current.endMillis() - lead(current)) {
      askedEndMillis = current.endMillis();
      out.deliver(new Delivery.SampleDue(current.endMillis(), lateMillis(current)));
    }
  }

  private static long lead(Window window) {
    return Math.min(LEAD_MAX_MILLIS, window.lengthMillis() / 8);
  }

  private static long lateMillis(Window window) {
    return window.endMillis() + window.lengthMillis() / 4;
  }

  /** Seals what was read; it may be spoken once {@link #durable} answers it. */
  void seal(Local.Readings readings, Moment at, Effects out) {
    int pace = at.facts().pace().exponent();
    Window window = Window.at(readings.windowEndMillis() - 1, pace, at.place().windowMillis());
    Optional<Schema> schema =
        at.place().charter().site().flatMap(site -> site.schema(at.place().self().schema()));
    if (window.endMillis() != askedEndMillis
        || window.endMillis() <= lastSealedEndMillis
        || at.nowMillis() > lateMillis(window)
        || schema.isEmpty()) {
      long lateMillis = at.nowMillis() - window.endMillis();
      String text = "no contribution: readings came " + lateMillis + " ms after the window's end";
      out.deliver(new Delivery.Notice("late", "window", text));
      return;
    }
    boolean partial = window.startMillis() < partialUntilMillis;
    byte[] row =
        Contribution.of(schema.get(), readings.values(), readings.oldestAgeMillis(), partial)
            .encode();
    lastSealedEndMillis = window.endMillis();
    WireWriter record = WireWriter.ofSize(RECORD_HEADER_BYTES + row.length);
    record.u16(at.place().cell().zone()).u8(at.self()).u8(window.pace()).u48(window.endMillis());
    long id = out.persist(KEY + window.index() % KEPT, record.bytes(row).toBytes());
    awaitingDisk = UnderWay.with(id, Map.entry(window, row), awaitingDisk);
  }

  /** The contribution that just became durable, if that is what this record was. */
  Map.@Nullable Entry<Window, byte[]> durable(long id) {
    Map.Entry<Window, byte[]> sealed = UnderWay.find(id, awaitingDisk);
    awaitingDisk = UnderWay.without(id, awaitingDisk);
    return sealed;
  }

  /** Watches for steps of network time: the window in which one falls is marked. */
  void watch(Moment at) {
    NetworkTime time = at.facts().time();
    if (before.known()) {
      long stepMicros = Math.abs(time.offsetMicros() - before.offsetMicros());
      long expected =
          before.uncertaintyMicros(at.nowNanos()) + time.uncertaintyMicros(at.nowNanos());
      if (stepMicros > Math.max(expected, at.place().windowMillis() * 1000 / 16)) {
        partialUntilMillis = at.current().endMillis();
      }
    }
    before = time;
  }
}
