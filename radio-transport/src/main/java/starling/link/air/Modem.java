package starling.link.air;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;

/**
 * The sending half of a transparent radio: bytes from its host become packets, cut by silence or
 * length; a packet waits for a quiet channel, then for a random slot. From its decision to its
 * first bit a modem is deaf, so two may still decide alike and collide.
 *
 * <p>Time is an argument, in microseconds.
 */
final class Modem {
  /** The longest packet, as in SiK radios. */
  static final int PACKET_BYTES_MAX = 252;

  /** The silence that ends a packet. */
  static final long GAP_MICROS = 5_000;

  /** From listening to sending. */
  static final long TURNAROUND_MICROS = 2_000;

  private static final int SLOTS = 16;

  /** What the modem keeps for a channel that is never quiet; more is dropped, as a radio does. */
  private static final int PACKETS_MAX = 8;

  private final SplittableRandom random;
  private final byte[] filling = new byte[PACKET_BYTES_MAX];
  private final Queue<byte[]> packets = new ArrayDeque<>();
  private boolean listens;
  private int filled;
  private long cutMicros;
  private long nextMicros;
  private boolean decided;

  Modem(boolean listens, SplittableRandom random) {
    this.listens = listens;
    this.random = random;
  }

  /** Whether it listens before it talks. */
  void listens(boolean first) {
    listens = first;
  }

  /** Takes bytes from the host. */
  void take(byte[] bytes, int count, long nowMicros) {
    cutIfSilent(nowMicros);
    for (int i = 0; i < count; i++) {
      filling[filled++] = bytes[i];
      if (filled == PACKET_BYTES_MAX) {
        cut(nowMicros);
      }
    }
    cutMicros = nowMicros + GAP_MICROS;
  }

  /** Forgets everything: power is gone. */
  void reset() {
    filled = 0;
    packets.clear();
    decided = false;
  }

  /**
   * The packet to send now, if there is one.
   *
   * @param quietMicros when the channel is free here as far as can be heard
   */
  Optional<byte[]> next(long nowMicros, long quietMicros) {
    cutIfSilent(nowMicros);
    if (packets.isEmpty() || nowMicros < nextMicros) {
      return Optional.empty();
    }
    if (decided) {
      decided = false;
      nextMicros = nowMicros + slot();
      return Optional.of(packets.remove());
    }
    decided = !listens || quietMicros <= nowMicros;
    nextMicros = decided ? nowMicros + TURNAROUND_MICROS : quietMicros + slot();
    return Optional.empty();
  }

  /** When {@link #next} may have something new to say; {@link Long#MAX_VALUE} if never. */
  long wakeMicros() {
    long cut = filled > 0 ? cutMicros : Long.MAX_VALUE;
    return packets.isEmpty() ? cut : Math.min(cut, nextMicros);
  }

  private void cutIfSilent(long nowMicros) {
    if (filled > 0 && nowMicros >= cutMicros) {
      cut(nowMicros);
    }
  }

  private void cut(long nowMicros) {
    if (packets.isEmpty()) {
      nextMicros = Math.max(nextMicros, nowMicros + slot());
    }
    if (packets.size() < PACKETS_MAX) {
      packets.add(Arrays.copyOf(filling, filled));
    }
    filled = 0;
  }

  private long slot() {
    return listens ? random.nextInt(SLOTS) * TURNAROUND_MICROS : 0;
  }
}
