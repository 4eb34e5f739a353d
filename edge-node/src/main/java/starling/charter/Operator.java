package starling.charter;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;

/**
 * Whose word is law on a site: an Ed25519 public key (RFC 8032), by which every page of the charter
 * is checked.
 */
public final class Operator {
  /** Bytes of a raw public key. */
  public static final int KEY_BYTES = Signatures.KEY_BYTES;

  /** Bytes of a signature. */
  public static final int SIGNATURE_BYTES = Signatures.BYTES;

  private final byte[] raw;
  private final PublicKey key;
  private final long siteId;

  /**
   * The operator with this key.
   *
   * @param raw {@value #KEY_BYTES} bytes
   * @throws IllegalArgumentException if that is no Ed25519 key
   */
  public Operator(byte[] raw) {
    if (raw.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "an operator's public key has 32 bytes, not " + raw.length);
    }
    this.raw = raw.clone();
    try {
      key = Signatures.key(raw);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(raw);
      long id = 0;
      for (int i = 0; i < 8; i++) {
        id = id << 8 | digest[i] & 0xFF;
      }
      siteId = id;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not an Ed25519 public key", e);
    }
  }

  /** What ties pages to this operator's site: the first eight bytes of the key's SHA-256. */
  public long siteId() {
    return siteId;
  }

  /** The raw public key. */
  public byte[] raw() {
    return raw.clone();
  }

  /** The raw public key inside an encoded one. */
  public static byte[] raw(PublicKey of) {
    return Signatures.raw(of);
  }

  /** Whether this operator signed {@code bytes[0..length)} with the signature that follows them. */
  boolean signed(byte[] bytes, int length) {
    return bytes.length - length == SIGNATURE_BYTES && Signatures.verify(key, bytes, length);
  }
}
