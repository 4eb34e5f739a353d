package starling.simulate;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import starling.link.Address;
import starling.link.LinkProfile;
import starling.model.Hash;

/**
 * The addressed medium: inboxes as a broker keeps them. Frames arrive late, out of order, twice,
 * damaged or not at all, as {@link Faults} say. Whoever has an inbox's address gets what comes in,
 * also if that are two.
 *
 * <p>Every draw is a hash of the seed, the directed link and the sender's count, so that what one
 * link loses never depends on another's traffic, and no link costs memory.
 */
final class Broker {
  private static final double UNIT = 0x1p-53;

  private final VirtualSite site;
  private final LinkProfile profile;
  private final long seed;
  private final Map<String, Cut> cuts = new LinkedHashMap<>();
  private Faults faults = Faults.NONE;

  /**
   * What goes wrong.
   *
   * @param loss share of frames lost, 0 to 1
   * @param burstNanos how long a link loses all or nothing; 0 if each frame draws for itself
   * @param twice share of frames that arrive twice
   * @param corrupt share of frames that arrive with a bit flipped
   * @param oneWay share of directed links that carry nothing
   * @param delayMinMicros the shortest way, at least 1: what shards may run ahead of each other
   * @param delayMaxMicros the longest; frames whose ways differ overtake each other
   */
  record Faults(
      double loss,
      long burstNanos,
      double twice,
      double corrupt,
      double oneWay,
      long delayMinMicros,
      long delayMaxMicros) {
    /** Nothing but a short way. */
    static final Faults NONE = new Faults(0, 0, 1_000, 10_000);

    Faults losing(double share, long burst) {
      return new Faults(share, burst, twice, corrupt, oneWay, delayMinMicros, delayMaxMicros);
    }

    Faults doubling(double share) {
      return new Faults(loss, burstNanos, share, corrupt, oneWay, delayMinMicros, delayMaxMicros);
    }

    Faults corrupting(double share) {
      return new Faults(loss, burstNanos, twice, share, oneWay, delayMinMicros, delayMaxMicros);
    }

    Faults deaf(double share) {
      return new Faults(loss, burstNanos, twice, corrupt, share, delayMinMicros, delayMaxMicros);
    }

    Faults delaying(long fromMicros, long toMicros) {
      return new Faults(loss, burstNanos, twice, corrupt, oneWay, fromMicros, toMicros);
    }

    Faults(double loss, double twice, long delayMinMicros, long delayMaxMicros) {
      this(loss, 0, twice, 0, 0, delayMinMicros, delayMaxMicros);
    }
  }

  /** Cells that don't reach others, one way. */
  private record Cut(BitSet from, BitSet to) {}

  Broker(VirtualSite site, LinkProfile profile, long seed) {
    this.site = site;
    this.profile = profile;
    this.seed = seed;
  }

  LinkProfile profile() {
    return profile;
  }

  Faults faults() {
    return faults;
  }

  /** From now on, this goes wrong. */
  void faults(Faults next) {
    faults = next;
  }

  /**
   * Nothing gets from some cells to others any more.
   *
   * @param name to {@link #heal} it by
   */
  void cut(String name, BitSet from, BitSet to) {
    cuts.put(name, new Cut(from, to));
  }

  /** Takes a cut back. */
  void heal(String name) {
    cuts.remove(name);
  }

  /** Takes every cut back. */
  void heal() {
    cuts.clear();
  }

  void send(VirtualNode from, Address to, byte[] frame) {
    VirtualCell cell = site.cellOf(to.cell());
    if (cell == null || from.ailments().cutOff || isCut(from.cell, cell)) {
      return;
    }
    long link = Hash.of(seed, from.index, to.cell() << 8 | to.slot());
    int copies = draw(link, from.nextCount(), 1) < faults.twice() ? 2 : 1;
    for (int copy = 0; copy < copies; copy++) {
      int count = from.nextCount();
      if (loses(link, count, from.cell.shard.nowNanos())) {
        continue;
      }
      for (VirtualNode receiver : cell.at(to.slot())) {
        byte[] arrives = frame.clone();
        if (draw(link, count, 2) < faults.corrupt()) {
          long bit = (Hash.of(link, count, 3) >>> 1) % (8L * arrives.length);
          arrives[(int) (bit / 8)] ^= (byte) (1 << bit % 8);
        }
        receiver.arrive(from, count, delayNanos(link, count), arrives);
      }
    }
  }

  /** A frame from nowhere, for whoever has that address. */
  void inject(Address to, byte[] frame) {
    VirtualCell cell = site.cellOf(to.cell());
    if (cell != null) {
      for (VirtualNode receiver : cell.at(to.slot())) {
        receiver.arrive(
            receiver, receiver.nextCount(), faults.delayMinMicros() * 1000, frame.clone());
      }
    }
  }

  private boolean isCut(VirtualCell from, VirtualCell to) {
    for (Cut cut : cuts.values()) {
      if (cut.from().get(from.ordinal) && cut.to().get(to.ordinal)) {
        return true;
      }
    }
    return false;
  }

  private boolean loses(long link, int count, long nowNanos) {
    if (faults.oneWay() > 0 && draw(link, 0, 4) < faults.oneWay()) {
      return true;
    }
    if (faults.loss() <= 0) {
      return false;
    }
    long trial = faults.burstNanos() > 0 ? nowNanos / faults.burstNanos() : count;
    return draw(link, trial, 5) < faults.loss();
  }

  private long delayNanos(long link, int count) {
    long spread = Math.max(1, faults.delayMaxMicros() - faults.delayMinMicros());
    return (faults.delayMinMicros() + (Hash.of(link, count, 6) >>> 1) % spread) * 1000;
  }

  private static double draw(long link, long trial, int what) {
    return (Hash.of(link, trial, what) >>> 11) * UNIT;
  }
}
