package starling.bench.radio;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import starling.link.LinkProfile;
import starling.link.air.Air;
import starling.link.air.Loss;
import starling.link.air.Terrain;
import starling.link.air.Transmission;
import starling.model.Hash;

/** A radio channel with virtual time, for whatever is not a Starling node. Microseconds all. */
final class Channel {
  private static final long AGAIN_MICROS = 5_000;

  /** How strong the farthest is heard on a disc of radius 1, and what is as strong as can be. */
  private static final double DISC_FAINTEST_DB = -10;

  private static final double STRONG_DB = 30;

  final SplittableRandom random;
  private final Air.Strengths strengths;
  private final double faintestDb;
  private final Air air;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nowMicros;
  private long count;

  private record Event(long at, long number, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  /** The same air as a cell of as many nodes and that seed has. */
  Channel(LinkProfile radio, int stations, double loss, long seed) {
    this(radio, stations, loss, seed, new Terrain(stations, Hash.of(seed, 6)), DISC_FAINTEST_DB);
  }

  /** The same where not all hear each other. */
  Channel(LinkProfile radio, Meadow meadow, double loss, long seed) {
    this(radio, meadow.stations(), loss, seed, meadow, meadow.faintestDb());
    meadow.shape(air);
  }

  private Channel(
      LinkProfile radio,
      int stations,
      double loss,
      long seed,
      Air.Strengths strengths,
      double faintestDb) {
    this.random = new SplittableRandom(seed);
    this.strengths = strengths;
    this.faintestDb = faintestDb;
    air = new Air(stations, radio, new Loss.Independent(loss), seed);
    air.strengths(strengths);
  }

  /** How strong a station is heard: 0 at the end of its reach, or beyond; 1 close by. */
  double strength(int from, int to) {
    return Math.clamp((strengths.db(from, to) - faintestDb) / STRONG_DB, 0, 1);
  }

  long now() {
    return nowMicros;
  }

  /** Airtime of all packets so far. */
  long airtimeMicros() {
    return air.counters().airtimeMicros();
  }

  boolean hears(int listener, int speaker) {
    return air.hears(listener, speaker);
  }

  boolean busy(int station) {
    return air.busy(station, nowMicros);
  }

  /** Lets something happen later. */
  void after(long micros, Runnable what) {
    events.add(new Event(nowMicros + micros, count++, what));
  }

  /** A number from 0 to below {@code bound}. */
  long draw(long bound) {
    return random.nextLong(Math.max(1, bound));
  }

  /**
   * Sends a packet as soon as the station sends no other; tells each who heard it, then that it
   * ended.
   */
  void send(int station, int bytes, IntConsumer heard, Runnable ended) {
    if (air.sending(station, nowMicros)) {
      after(AGAIN_MICROS, () -> send(station, bytes, heard, ended));
      return;
    }
    Transmission sent = air.begin(station, nowMicros, new byte[bytes]);
    after(
        sent.endMicros() - nowMicros,
        () -> {
          for (int receiver : air.end(sent)) {
            heard.accept(receiver);
          }
          ended.run();
        });
  }

  /** Lets everything up to an instant happen. */
  void run(long untilMicros) {
    while (!events.isEmpty() && events.peek().at() <= untilMicros) {
      Event next = events.remove();
      nowMicros = next.at();
      next.what().run();
    }
    nowMicros = untilMicros;
  }
}
