package starling.link.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Link;
import starling.link.LinkProfile;
import starling.link.air.Air;
import starling.link.air.Loss;
import starling.link.air.Transmission;

/**
 * One shared radio channel: everybody hears a frame, unless it collides, fades, or finds the
 * listener speaking.
 */
public final class RadioChannel {
  private static final int QUEUED_MAX = 4;

  private final VirtualTime time;
  private final LinkProfile profile;
  private final Air air;
  private final List<Station> stations = new ArrayList<>();

  /**
   * A channel for up to {@code stationsMax} stations.
   *
   * @param seed of the losses
   */
  public RadioChannel(
      VirtualTime time, LinkProfile profile, int stationsMax, Loss loss, long seed) {
    this.time = time;
    this.profile = profile;
    this.air = new Air(stationsMax, profile, loss, seed);
    for (int station = 0; station < stationsMax; station++) {
      air.plug(station, false);
    }
  }

  /** One more station's link. */
  public Link join() {
    Station station = new Station(stations.size());
    stations.add(station);
    return station;
  }

  /** The channel itself: losses, reach and counters. */
  public Air air() {
    return air;
  }

  private record Waiting(long frameId, byte[] frame) {}

  private final class Station implements Link {
    private final int index;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private @Nullable Listener listener;
    private boolean sending;

    Station(int index) {
      this.index = index;
    }

    @Override
    public LinkProfile profile() {
      return profile;
    }

    @Override
    public void open(Listener to) {
      listener = to;
      air.plug(index, true);
      to.state(true, "in memory");
    }

    @Override
    public void send(long frameId, Address to, AirtimeLedger.Permit permit, byte[] frame) {
      permit.check(frame);
      if (listener == null || waiting.size() >= QUEUED_MAX) {
        report(frameId, false);
        return;
      }
      waiting.add(new Waiting(frameId, frame));
      next();
    }

    private void next() {
      Waiting first = sending ? null : waiting.poll();
      if (first == null) {
        return;
      }
      sending = true;
      long nowMicros = time.nowNanos() / 1000;
      Transmission transmission = air.begin(index, nowMicros, first.frame());
      time.at(transmission.endMicros() * 1000, () -> end(transmission, first.frameId()));
    }

    private void end(Transmission transmission, long frameId) {
      sending = false;
      for (int receiver : air.end(transmission)) {
        Listener hears = stations.get(receiver).listener;
        if (hears != null) {
          hears.heard(transmission.packet().clone(), time.nowNanos());
        }
      }
      report(frameId, true);
      next();
    }

    private void report(long frameId, boolean left) {
      Listener to = listener;
      if (to != null) {
        time.at(time.nowNanos(), () -> to.left(frameId, left));
      }
    }

    @Override
    public void close() {
      listener = null;
      waiting.clear();
      air.plug(index, false);
    }
  }
}
