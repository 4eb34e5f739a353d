package starling.simulate;

import java.util.random.RandomGenerator;

/**
 * The numbers of a {@link java.util.SplittableRandom} in half its size: each node has two. (Steele,
 * Lea and Flood: Fast splittable pseudorandom number generators, OOPSLA 2014.)
 */
final class SplitMix implements RandomGenerator {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final int TRANSITIONS_MIN = 24;

  private long seed;
  private final long gamma; // odd

  SplitMix(long seed) {
    this(seed, GOLDEN_GAMMA);
  }

  private SplitMix(long seed, long gamma) {
    this.seed = seed;
    this.gamma = gamma;
  }

  /** One whose numbers have nothing to do with this one's. */
  SplitMix split() {
    return new SplitMix(nextLong(), mixedGamma(next()));
  }

  private long next() {
    seed += gamma;
    return seed;
  }

  @Override
  public int nextInt() {
    long z = next();
    z = (z ^ z >>> 33) * 0x62A9D9ED799705F5L;
    return (int) ((z ^ z >>> 28) * 0xCB24D0A5C88C35B3L >>> 32);
  }

  @Override
  public long nextLong() {
    long z = next();
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  private static long mixedGamma(long from) {
    long z = (from ^ from >>> 33) * 0xFF51AFD7ED558CCDL;
    z = (z ^ z >>> 33) * 0xC4CEB9FE1A85EC53L;
    z = z ^ z >>> 33 | 1;
    return Long.bitCount(z ^ z >>> 1) < TRANSITIONS_MIN ? z ^ 0xAAAAAAAAAAAAAAAAL : z;
  }
}
