package starling.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A node's identity: the first eight bytes of the SHA-256 of its raw Ed25519 public key. It follows
 * from the key alone, so nobody assigns it and nobody can take another's.
 */
public record NodeId(long bits) implements Comparable<NodeId> {
  /** Bytes of a raw Ed25519 public key. */
  public static final int KEY_BYTES = 32;

  /** The identity that belongs to a raw public key of {@value #KEY_BYTES} bytes. */
  public static NodeId of(byte[] publicKey) {
    if (publicKey.length != KEY_BYTES) {
      throw new IllegalArgumentException("an Ed25519 public key has 32 bytes");
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(publicKey);
      long bits = 0;
      for (int i = 0; i < 8; i++) {
        bits = bits << 8 | digest[i] & 0xFF;
      }
      return new NodeId(bits);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime lacks SHA-256", e);
    }
  }

  @Override
  public int compareTo(NodeId other) {
    return Long.compareUnsigned(bits, other.bits);
  }

  @Override
  public String toString() {
    return String.format("%016x", bits);
  }
}
