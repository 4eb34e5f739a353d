package starling.simulate;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is to happen in one shard, earliest first; events of one instant by their keys. A binary
 * heap over primitive arrays: an event costs no object but what it brings.
 *
 * <p>A key is the receiver (24 bits), the sender (24) and the low 16 bits of the sender's own
 * count: unique within an instant, and the same however the site is cut into shards.
 */
final class Agenda {
  private static final int ROOM_MIN = 64;
  private static final int SPARE = 8; // so many times what is used

  private long[] nanos = new long[ROOM_MIN];
  private long[] keys = new long[ROOM_MIN];
  private long[] details = new long[ROOM_MIN];
  private @Nullable Object[] things = new @Nullable Object[ROOM_MIN];
  private int size;

  static long key(int receiver, int sender, int count) {
    return (long) receiver << 40 | (long) sender << 16 | count & 0xFFFF;
  }

  static int receiver(long key) {
    return (int) (key >>> 40);
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** When the first event is due; {@link Long#MAX_VALUE} if there is none. */
  long nextNanos() {
    return size == 0 ? Long.MAX_VALUE : nanos[0];
  }

  long nextKey() {
    return keys[0];
  }

  long nextDetail() {
    return details[0];
  }

  Object next() {
    return Objects.requireNonNull(things[0]);
  }

  void add(long atNanos, long key, long detail, Object thing) {
    if (size == nanos.length) {
      room(2 * size);
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) / 2;
      if (!before(atNanos, key, parent)) {
        break;
      }
      move(parent, at);
      at = parent;
    }
    put(at, atNanos, key, detail, thing);
  }

  private void room(int events) {
    nanos = Arrays.copyOf(nanos, events);
    keys = Arrays.copyOf(keys, events);
    details = Arrays.copyOf(details, events);
    things = Arrays.copyOf(things, events);
  }

  /** Drops the first event, and gives room back that was needed for a burst. */
  void remove() {
    int last = --size;
    long lastNanos = nanos[last];
    long lastKey = keys[last];
    long lastDetail = details[last];
    Object lastThing = Objects.requireNonNull(things[last]);
    things[last] = null;
    int at = 0;
    while (2 * at + 1 < last) {
      int child = 2 * at + 1;
      if (child + 1 < last && before(nanos[child + 1], keys[child + 1], child)) {
        child++;
      }
      if (before(lastNanos, lastKey, child)) {
        break;
      }
      move(child, at);
      at = child;
    }
    if (last > 0) {
      put(at, lastNanos, lastKey, lastDetail, lastThing);
    }
    if (SPARE * size < nanos.length && nanos.length > ROOM_MIN) {
      room(nanos.length / 2);
    }
  }

  /** Hands everything over to another shard's agenda. */
  void moveTo(Agenda other) {
    for (int i = 0; i < size; i++) {
      other.add(nanos[i], keys[i], details[i], Objects.requireNonNull(things[i]));
      things[i] = null;
    }
    size = 0;
  }

  private boolean before(long atNanos, long key, int other) {
    return atNanos < nanos[other] || atNanos == nanos[other] && key < keys[other];
  }

  private void move(int from, int to) {
    put(to, nanos[from], keys[from], details[from], things[from]);
  }

  private void put(int at, long atNanos, long key, long detail, @Nullable Object thing) {
    nanos[at] = atNanos;
    keys[at] = key;
    details[at] = detail;
    things[at] = thing;
  }
}
