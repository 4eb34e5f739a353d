package starling.link.air;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import starling.link.Airtime;
import starling.link.LinkProfile;

/**
 * One shared half-duplex channel, as a value machine: time is an argument, in microseconds, and one
 * seed decides every loss, so the same calls give the same result in virtual time and in real.
 *
 * <p>A packet is received by each station that hears its sender, is plugged in from its first bit
 * to its last, does not send meanwhile, hears no other station meanwhile (both are lost, unless one
 * is {@value #CAPTURE_DB} dB stronger there: see {@link #strengths}), and whose link does not lose
 * it. Intervals are half open: a packet that begins at the instant another ends does not overlap
 * it.
 *
 * <p>Memory is one transmission a station and a few words a directed link. Not thread-safe.
 */
public final class Air {
  /** The largest number of stations on one channel. */
  public static final int STATIONS_MAX = 1024;

  /** A packet is received in spite of others that are so much weaker. */
  public static final double CAPTURE_DB = 6;

  private final Airtime airtime;
  private final Fading fading;
  private final BitSet[] reach;
  private final BitSet plugged = new BitSet();
  private final List<Transmission> onAir = new ArrayList<>();
  private long latestMicros = Long.MIN_VALUE;
  private Counters counters = new Counters(0, 0, 0, 0, 0, 0);
  private @Nullable Strengths strengths;

  /**
   * What happened so far. A sender's audience is everybody plugged in who hears it: each of them
   * adds one to {@code heard}, {@code collided}, {@code deaf} or {@code lost}, except who was
   * pulled out before the end.
   *
   * @param sent packets begun
   * @param heard receptions
   * @param collided receptions spoilt by another packet on the air
   * @param deaf receptions missed because the receiver was sending
   * @param lost receptions lost by the link
   * @param airtimeMicros of all packets begun, overlapping ones counted each
   */
  public record Counters(
      long sent, long heard, long collided, long deaf, long lost, long airtimeMicros) {
    private Counters plus(
        int moreSent, int moreHeard, int moreCollided, int moreDeaf, int moreLost, long micros) {
      return new Counters(
          sent + moreSent,
          heard + moreHeard,
          collided + moreCollided,
          deaf + moreDeaf,
          lost + moreLost,
          airtimeMicros + micros);
    }
  }

  /**
   * A channel where everybody hears everybody.
   *
   * @param stations 1 to {@value #STATIONS_MAX}, named 0 to {@code stations - 1}
   * @param profile gives a packet's airtime
   */
  public Air(int stations, LinkProfile profile, Loss loss, long seed) {
    this(stations, profile.airtime(), loss, seed);
  }

  /** The same with another airtime, where packets are not frames. */
  Air(int stations, Airtime airtime, Loss loss, long seed) {
    if (stations < 1 || stations > STATIONS_MAX) {
      throw new IllegalArgumentException(
          "a channel has 1 to " + STATIONS_MAX + " stations, not " + stations);
    }
    this.airtime = airtime;
    fading = new Fading(stations, loss, seed);
    plugged.set(0, stations);
    reach = new BitSet[stations];
    for (int station = 0; station < stations; station++) {
      reach[station] = new BitSet();
      reach[station].set(0, stations);
      reach[station].clear(station);
    }
  }

  /** Changes how links lose, from the next {@link #end} on. */
  public void loss(Loss next) {
    fading.become(next);
  }

  /** How strong stations hear each other; without, all packets that overlap spoil each other. */
  public void strengths(Strengths next) {
    strengths = next;
  }

  /** How strong each directed link is. */
  @FunctionalInterface
  public interface Strengths {
    /** How strong one station's packets come in at another, in dB above anything fixed. */
    double db(int from, int to);
  }

  /** Says whether {@code listener} is in reach of {@code speaker}, from its next packet on. */
  public void hears(int listener, int speaker, boolean inReach) {
    if (listener != speaker) {
      reach[speaker].set(listener, inReach);
    }
  }

  /** Whether {@code listener} is in reach of {@code speaker}. */
  public boolean hears(int listener, int speaker) {
    return reach[speaker].get(listener);
  }

  /**
   * Pulls a station out or puts it back. A packet that it was sending is cut short: it still
   * disturbs until its end, but nobody receives it. What is on the air is lost to the station, also
   * when it comes back during it.
   */
  public void plug(int station, boolean in) {
    if (plugged.get(station) == in) {
      return;
    }
    plugged.set(station, in);
    for (Transmission other : onAir) {
      other.pending.clear(station);
      if (other.station() == station) {
        other.pending.clear();
      }
    }
  }

  /** Whether the station is plugged in. */
  public boolean plugged(int station) {
    return plugged.get(station);
  }

  /** Whether the station itself is sending: it can't {@link #begin} another packet. */
  public boolean sending(int station, long nowMicros) {
    return onAir.stream().anyMatch(t -> t.station() == station && t.endMicros() > nowMicros);
  }

  /** Whether the station would find the channel taken: it is sending or hears somebody who is. */
  public boolean busy(int station, long nowMicros) {
    return quietAtMicros(station, nowMicros) > nowMicros;
  }

  /** When the station finds the channel free, if nobody begins meanwhile; now if it is free. */
  public long quietAtMicros(int station, long nowMicros) {
    return onAir.stream()
        .filter(t -> t.station() == station || t.audible.get(station))
        .mapToLong(Transmission::endMicros)
        .reduce(nowMicros, Math::max);
  }

  /**
   * Puts a packet on the air. The caller calls {@link #end} at its {@link Transmission#endMicros}.
   *
   * @param nowMicros never before an earlier call's
   * @throws IllegalStateException if the station is still sending or is pulled out: a packet is
   *     refused, never queued
   */
  public Transmission begin(int station, long nowMicros, byte[] packet) {
    if (nowMicros < latestMicros) {
      throw new IllegalArgumentException(
          "time runs backwards: " + nowMicros + " us after " + latestMicros + " us");
    }
    latestMicros = nowMicros;
    onAir.removeIf(t -> t.endMicros() <= nowMicros);
    if (!plugged.get(station) || sending(station, nowMicros)) {
      throw new IllegalStateException(
          "station " + station + (plugged.get(station) ? " is still sending" : " is pulled out"));
    }
    long micros = airtime.micros(packet.length);
    counters = counters.plus(1, 0, 0, 0, 0, micros);
    Transmission next =
        new Transmission(
            station, nowMicros, nowMicros + micros, packet, (BitSet) reach[station].clone());
    next.pending.and(plugged);
    for (Transmission other : onAir) {
      overlap(next, other);
    }
    onAir.add(next);
    return next;
  }

  /**
   * Who received it, in ascending order. Each transmission ends once; until then its links have not
   * drawn.
   */
  public int[] end(Transmission transmission) {
    if (transmission.ended) {
      throw new IllegalStateException("the transmission has ended before");
    }
    transmission.ended = true;
    onAir.remove(transmission);
    int from = transmission.station();
    BitSet receivers = (BitSet) transmission.pending.clone();
    // Every link in reach draws, whatever became of the packet there: see Loss.
    transmission.audible.stream()
        .filter(to -> fading.loses(from, to, transmission.endMicros()))
        .forEach(receivers::clear);
    int[] received = receivers.stream().toArray();
    int lost = transmission.pending.cardinality() - received.length;
    counters = counters.plus(0, received.length, 0, 0, lost, 0);
    return received;
  }

  /** What happened so far. */
  public Counters counters() {
    return counters;
  }

  /** How many stations there are, pulled out or not. */
  public int stations() {
    return reach.length;
  }

  private void overlap(Transmission one, Transmission other) {
    int deaf = drop(one.pending, other.station()) + drop(other.pending, one.station());
    BitSet both = (BitSet) one.audible.clone();
    both.and(other.audible);
    int collided = 0;
    for (int receiver : both.stream().toArray()) {
      collided += captures(one, other, receiver) ? 0 : drop(one.pending, receiver);
      collided += captures(other, one, receiver) ? 0 : drop(other.pending, receiver);
    }
    counters = counters.plus(0, 0, collided, deaf, 0, 0);
  }

  private boolean captures(Transmission one, Transmission other, int receiver) {
    Strengths known = strengths;
    return known != null
        && known.db(one.station(), receiver) >= known.db(other.station(), receiver) + CAPTURE_DB;
  }

  private static int drop(BitSet pending, int receiver) {
    int had = pending.get(receiver) ? 1 : 0;
    pending.clear(receiver);
    return had;
  }
}
