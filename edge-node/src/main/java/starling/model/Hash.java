package starling.model;

/**
 * The one hash that orders slots, answerers and representatives, and that names contents:
 * SplitMix64's finaliser (Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
 * OOPSLA 2014). Every node computes the same; it is not cryptographic, and nothing secret or
 * adversarial rests on it.
 */
public final class Hash {
  private Hash() {}

  /** Mixes one number. */
  public static long of(long a) {
    long z = a + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** Mixes two numbers, in this order. */
  public static long of(long a, long b) {
    return of(of(a) ^ b);
  }

  /** Mixes three numbers, in this order. */
  public static long of(long a, long b, long c) {
    return of(of(a, b) ^ c);
  }

  /** Mixes bytes. */
  public static long of(byte[] bytes) {
    long hash = of(bytes.length);
    for (byte b : bytes) {
      hash = of(hash ^ b & 0xFF);
    }
    return hash;
  }
}
