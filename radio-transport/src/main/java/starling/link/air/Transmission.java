package starling.link.air;

import java.util.BitSet;

/** One packet on the air, from {@link Air#begin} to {@link Air#end}. */
public final class Transmission {
  private final int station;
  private final long beginMicros;
  private final long endMicros;
  private final byte[] packet;

  /** Where it is energy on the channel, received or not. */
  final BitSet audible;

  /** Who may still receive it: shrinks as others speak over it. */
  final BitSet pending;

  boolean ended;

  Transmission(int station, long beginMicros, long endMicros, byte[] packet, BitSet audible) {
    this.station = station;
    this.beginMicros = beginMicros;
    this.endMicros = endMicros;
    this.packet = packet;
    this.audible = audible;
    this.pending = (BitSet) audible.clone();
  }

  /** Who sends it. */
  public int station() {
    return station;
  }

  /** When its first bit left. */
  public long beginMicros() {
    return beginMicros;
  }

  /** When its last bit has arrived; the air is free again at this instant. */
  public long endMicros() {
    return endMicros;
  }

  /** The bytes sent. */
  public byte[] packet() {
    return packet;
  }
}
