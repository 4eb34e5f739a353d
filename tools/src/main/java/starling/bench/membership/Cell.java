package starling.bench.membership;

import java.util.Arrays;
import java.util.SplittableRandom;
import starling.engine.Event;
import starling.model.Members;

/**
 * A cell of stations on one channel, in virtual time: each says a beacon a period, in the period's
 * first half, in an order drawn anew, as members of a radio cell do after a window.
 */
final class Cell {
  private static final long SECOND = 1_000_000_000L;

  final Verdicts verdicts;
  private final Station[] stations;
  private final Channel channel;
  private final SplittableRandom random;
  private final long periodNanos;
  private final int[] order;
  private final long[] wakes;
  private long living;
  private long nowNanos = 1_000 * SECOND;
  private long periods;

  /**
   * A cell that is switched on.
   *
   * @param periodSeconds how often each speaks
   * @param promise within 2^promise seconds it says to speak again
   */
  Cell(int nodes, int periodSeconds, int promise, Trouble trouble, long seed) {
    this.random = new SplittableRandom(seed);
    this.channel = new Channel(nodes, trouble, random.nextLong());
    this.stations = new Station[nodes];
    this.order = new int[nodes];
    this.wakes = new long[nodes];
    this.periodNanos = periodSeconds * SECOND;
    this.living = (1L << nodes) - 1;
    this.verdicts = new Verdicts(nodes, trouble.deaf());
    for (int slot = 0; slot < nodes; slot++) {
      stations[slot] = new Station(slot, promise);
      order[slot] = slot;
    }
    Arrays.fill(wakes, Long.MAX_VALUE);
  }

  /** From now on the deaf hear nobody. */
  void deafen() {
    channel.deafen();
  }

  /** How many periods have passed. */
  long periods() {
    return periods;
  }

  /** A member fails now. */
  void crash(int slot) {
    living &= ~(1L << slot);
    wakes[slot] = Long.MAX_VALUE;
    verdicts.crashed(slot, nowNanos);
  }

  /** It is back, in another boot. */
  void restart(int slot) {
    living |= 1L << slot;
    stations[slot].boot();
    verdicts.restarted(slot);
  }

  /** Lets a period pass. */
  void period() {
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[other];
      order[other] = swapped;
    }
    long startNanos = nowNanos;
    for (int turn = 0; turn < order.length; turn++) {
      until(startNanos + (2 * turn + 1) * periodNanos / (4L * order.length));
      if ((living & 1L << order[turn]) != 0) {
        speak(order[turn]);
      }
    }
    until(startNanos + periodNanos);
    periods++;
  }

  private void speak(int sender) {
    byte[] sections = stations[sender].sections(nowNanos);
    Event.Heard frame = stations[sender].frame(nowNanos);
    verdicts.says(sender, Station.doubts(sections), living);
    int periodsADay = (int) (86_400 * SECOND / periodNanos);
    long hears = living & ~channel.lost(sender, periodsADay) & ~(1L << sender);
    for (long left = hears; left != 0; left &= left - 1) {
      int receiver = Long.numberOfTrailingZeros(left);
      Members before = stations[receiver].members();
      stations[receiver].hear(frame, sections, nowNanos);
      look(receiver, before);
    }
  }

  /** Lets time pass, and wakes who wants to be woken meanwhile. */
  private void until(long nanos) {
    for (int slot = due(nanos); slot >= 0; slot = due(nanos)) {
      nowNanos = Math.max(nowNanos, wakes[slot]);
      Members before = stations[slot].members();
      stations[slot].wake(nowNanos);
      look(slot, before);
    }
    nowNanos = nanos;
  }

  /** Who wants to be woken first, if that is until then; else -1. */
  private int due(long nanos) {
    int first = -1;
    for (int slot = 0; slot < wakes.length; slot++) {
      if (wakes[slot] <= nanos && (first < 0 || wakes[slot] < wakes[first])) {
        first = slot;
      }
    }
    return first;
  }

  private void look(int slot, Members before) {
    wakes[slot] = stations[slot].nextWakeNanos(nowNanos);
    Members after = stations[slot].members();
    if (!after.equals(before)) {
      verdicts.changed(slot, before, after, living, nowNanos);
    }
  }
}
