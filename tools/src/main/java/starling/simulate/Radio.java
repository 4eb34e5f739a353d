package starling.simulate;

import org.jspecify.annotations.Nullable;
import starling.link.LinkProfile;
import starling.link.air.Air;
import starling.link.air.Loss;
import starling.link.air.Transmission;
import starling.model.Hash;

/**
 * One cell's shared radio channel: everybody hears a frame, unless it collides, fades, or finds the
 * listener speaking.
 */
final class Radio {
  /** Stations beside those of the roster: clones, newcomers, strangers. */
  private static final int SPARE = 16;

  private static final int QUEUED_MAX = 4;

  private final VirtualCell cell;
  private final LinkProfile profile;
  private final Air air;
  private final @Nullable VirtualNode[] nodes;
  private final @Nullable Waiting[] waiting;
  private final boolean[] sending;
  private final int stranger;
  private int stations;
  private double corrupt;
  private boolean slowModems;

  /** A frame that waits for the one before it, in a list of at most four. */
  private record Waiting(long frameId, byte[] frame, @Nullable Waiting next) {
    int length() {
      int length = 0;
      for (Waiting one = this; one != null; one = one.next) {
        length++;
      }
      return length;
    }

    Waiting then(long id, byte[] last) {
      Waiting after = next == null ? new Waiting(id, last, null) : next.then(id, last);
      return new Waiting(frameId, frame, after);
    }
  }

  /** A frame on the air, and its sender's name for it. */
  record OnAir(Transmission transmission, @Nullable VirtualNode sender, long frameId) {}

  Radio(VirtualCell cell, LinkProfile profile, int members, Loss loss, long seed) {
    this.cell = cell;
    this.profile = profile;
    int most = members + SPARE;
    this.stranger = most - 1;
    this.air = new Air(most, profile, loss, seed);
    this.nodes = new @Nullable VirtualNode[most];
    this.waiting = new @Nullable Waiting[most];
    this.sending = new boolean[most];
    for (int station = 0; station < most; station++) {
      air.plug(station, station == stranger);
    }
  }

  LinkProfile profile() {
    return profile;
  }

  /** The channel itself: losses, reach and counters. */
  Air air() {
    return air;
  }

  /** What share of frames arrives with a bit flipped. */
  void corrupt(double share) {
    corrupt = share;
  }

  /** Frames take what the preset says that modems and their lines do, off by its jitter at most. */
  void slowModems() {
    slowModems = true;
  }

  /** Nothing is lost or damaged any more, and everybody hears everybody. */
  void clear() {
    corrupt = 0;
    air.loss(Loss.NONE);
    for (int one = 0; one < nodes.length; one++) {
      for (int other = 0; other < nodes.length; other++) {
        air.hears(one, other, true);
      }
    }
  }

  /** A node's station; of one that was here before, with the same number. */
  int join(VirtualNode node) {
    int station = 0;
    while (station < stations && at(station) != node.index) {
      station++;
    }
    if (station == stranger) {
      throw new IllegalStateException(cell.path + " has no room for another station");
    }
    stations = Math.max(stations, station + 1);
    nodes[station] = node;
    waiting[station] = null;
    air.plug(station, true);
    return station;
  }

  private int at(int station) {
    VirtualNode node = nodes[station];
    return node == null ? -1 : node.index;
  }

  void leave(int station) {
    waiting[station] = null;
    air.plug(station, false);
  }

  /** Answers false if it can't go: too many wait already. */
  boolean send(int station, long frameId, byte[] frame) {
    Waiting queue = waiting[station];
    if (queue != null && queue.length() >= QUEUED_MAX) {
      return false;
    }
    waiting[station] =
        queue == null ? new Waiting(frameId, frame, null) : queue.then(frameId, frame);
    next(station);
    return true;
  }

  /** A frame from nowhere; dropped while the last one is still on the air. */
  void inject(byte[] frame) {
    if (!sending[stranger]) {
      begin(stranger, 0, frame);
    }
  }

  private long latencyNanos(long draw) {
    long least = Math.max(0, profile.delay().micros() - profile.delay().jitterMicros());
    long most = profile.delay().micros() + profile.delay().jitterMicros();
    return 1000 * (least + Math.floorMod(Hash.of(draw, 1), most - least + 1));
  }

  private void next(int station) {
    Waiting first = waiting[station];
    if (first != null && !sending[station]) {
      waiting[station] = first.next();
      begin(station, first.frameId(), first.frame());
    }
  }

  private void begin(int station, long frameId, byte[] frame) {
    long nowMicros = cell.shard.nowNanos() / 1000;
    Transmission begun = air.begin(station, nowMicros, frame);
    sending[station] = true;
    VirtualNode sender = nodes[station];
    VirtualNode owner = sender == null ? cell.first() : sender;
    owner.airFree(begun.endMicros() * 1000, new OnAir(begun, sender, frameId));
  }

  /** A frame has ended: whoever received it hears it now. */
  void end(OnAir ended) {
    Transmission transmission = ended.transmission();
    int station = transmission.station();
    sending[station] = false;
    long trial = transmission.endMicros();
    for (int receiver : air.end(transmission)) {
      VirtualNode hears = nodes[receiver];
      if (hears != null) {
        byte[] frame = transmission.packet().clone();
        long draw = Hash.of(trial, station, receiver);
        if ((draw >>> 11) * 0x1p-53 < corrupt) {
          frame[Math.floorMod(Hash.of(draw), frame.length)] ^= (byte) (1 << (draw & 7));
        }
        hears.hear(frame, slowModems ? latencyNanos(draw) : 0);
      }
    }
    VirtualNode sender = ended.sender();
    if (sender != null) {
      sender.departed(0, ended.frameId(), true);
    }
    next(station);
  }
}
