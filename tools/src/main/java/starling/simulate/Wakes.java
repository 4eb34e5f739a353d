package starling.simulate;

import java.util.Arrays;

/**
 * When each node of a shard wants to be woken: one entry a node, moved when it changes its mind.
 */
final class Wakes {
  private int[] heap = new int[64];
  private int[] places = new int[64];
  private long[] due = new long[64];
  private int size;

  /** When the first is due; {@link Long#MAX_VALUE} if nobody is. */
  long nextNanos() {
    return size == 0 ? Long.MAX_VALUE : due[heap[0]];
  }

  /** Who is due first; of several the one with the lowest number. */
  int next() {
    return heap[0];
  }

  /** When this node is due; {@link Long#MAX_VALUE} if it is not. */
  long dueNanos(int node) {
    return node < places.length && places[node] > 0 ? due[node] : Long.MAX_VALUE;
  }

  /** Wakes a node then and not at any other time; {@link Long#MAX_VALUE} for never. */
  void set(int node, long nanos) {
    if (node >= places.length) {
      int length = Math.max(node + 1, 2 * places.length);
      places = Arrays.copyOf(places, length);
      due = Arrays.copyOf(due, length);
    }
    int place = places[node] - 1;
    if (nanos == Long.MAX_VALUE) {
      remove(node, place);
      return;
    }
    if (place < 0) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, 2 * size);
      }
      due[node] = nanos;
      rise(node, size++);
    } else {
      long before = due[node];
      due[node] = nanos;
      if (nanos < before) {
        rise(node, place);
      } else {
        sink(node, place);
      }
    }
  }

  private void remove(int node, int place) {
    if (place < 0) {
      return;
    }
    places[node] = 0;
    int last = heap[--size];
    if (last != node) {
      rise(last, place);
      sink(last, places[last] - 1);
    }
  }

  private void rise(int node, int from) {
    int at = from;
    while (at > 0 && before(node, heap[(at - 1) / 2])) {
      place(heap[(at - 1) / 2], at);
      at = (at - 1) / 2;
    }
    place(node, at);
  }

  private void sink(int node, int from) {
    int at = from;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && before(heap[child + 1], heap[child])) {
        child++;
      }
      if (before(node, heap[child])) {
        break;
      }
      place(heap[child], at);
      at = child;
    }
    place(node, at);
  }

  private boolean before(int one, int other) {
    return due[one] < due[other] || due[one] == due[other] && one < other;
  }

  private void place(int node, int at) {
    heap[at] = node;
    places[node] = at + 1;
  }
}
