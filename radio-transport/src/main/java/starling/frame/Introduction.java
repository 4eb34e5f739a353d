package starling.frame;

import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * Who a sender is and which of its boots this is: what a receiver must know to derive the sender's
 * keys. Sixteen bytes between header and sections, in clear, authenticated by the very keys that
 * they lead to.
 *
 * <pre>
 * node id 8 | generation 4 | boot salt 4
 * </pre>
 *
 * @param node the first eight bytes of the SHA-256 of the node's public key
 * @param generation counts the node's boots, 1 to 2^32 - 1; durable before the first frame of a
 *     boot
 * @param salt random, drawn at each boot: two boots that took the same generation (a cloned card, a
 *     restored backup) still have different keys, and are told apart
 */
public record Introduction(long node, long generation, int salt) {
  /** Bytes of an introduction. */
  public static final int BYTES = 16;

  /** The last generation. */
  public static final long GENERATION_MAX = 0xFFFF_FFFFL;

  public Introduction {
    if (generation < 1 || generation > GENERATION_MAX) {
      throw new IllegalArgumentException("generations are 1 to 2^32 - 1, not " + generation);
    }
  }

  void write(WireWriter to) {
    to.u64(node).u32(generation).u32(salt & 0xFFFF_FFFFL);
  }

  static Introduction read(WireReader from) throws MalformedException {
    long node = from.u64();
    long generation = from.u32();
    int salt = (int) from.u32();
    if (generation == 0) {
      throw new MalformedException("generation 0");
    }
    return new Introduction(node, generation, salt);
  }
}
