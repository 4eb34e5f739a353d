package starling.link.air;

import java.util.Arrays;

/**
 * What each directed link does to its next frame: one generator (SplitMix64: Steele, Lea, Flood,
 * OOPSLA 2014) and one good-or-bad state a link.
 */
final class Fading {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private final long[] random;
  private final State[] state;
  private final int stations;
  private long[] drawnMicros = {}; // only where states last by time
  private long[] frames = {}; // only where they are told apart
  private Loss loss;

  private enum State {
    FRESH,
    GOOD,
    BAD
  }

  Fading(int stations, Loss loss, long seed) {
    this.stations = stations;
    this.loss = loss;
    random = new long[stations * stations];
    state = new State[random.length];
    for (int link = 0; link < random.length; link++) {
      random[link] = mix(seed + mix((link + 1) * GAMMA));
    }
    become(loss);
  }

  /** Changes the rule; every link starts it afresh. */
  void become(Loss next) {
    loss = next;
    drawnMicros = next instanceof Loss.Spells ? new long[state.length] : new long[0];
    frames = next instanceof Loss.Recorded ? new long[state.length] : new long[0];
    Arrays.fill(state, State.FRESH);
  }

  /** Whether the next frame from one station to another is lost, which ends at an instant. */
  boolean loses(int from, int to, long nowMicros) {
    int link = from * stations + to;
    double draw = draw(link);
    return switch (loss) {
      case Loss.Independent independent -> draw < independent.rate();
      case Loss.EachLink links -> draw < links.rates().of(from, to);
      case Loss.Recorded recorded -> recorded.frames().lost(from, to, frames[link]++);
      case Loss.Bursts bursts -> {
        double bad =
            switch (state[link]) {
              case FRESH -> bursts.rate();
              case GOOD -> bursts.turnsBad();
              case BAD -> bursts.staysBad();
            };
        state[link] = draw < bad ? State.BAD : State.GOOD;
        yield draw < bad;
      }
      case Loss.Spells spells -> {
        double bad =
            state[link] == State.FRESH
                ? spells.rate()
                : spells.bad(state[link] == State.BAD, nowMicros - drawnMicros[link]);
        drawnMicros[link] = nowMicros;
        state[link] = draw < bad ? State.BAD : State.GOOD;
        yield draw < bad;
      }
    };
  }

  private double draw(int link) {
    random[link] += GAMMA;
    return (mix(random[link]) >>> 11) * 0x1p-53;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
