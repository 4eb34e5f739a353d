package starling.charter;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/**
 * Whose word is law on a site: an Ed25519 public key (RFC 8032), by which every page of the charter
 * is checked.
 */
public final class Operator {
  /** Bytes of a raw public key. */
  public static final int KEY_BYTES = 32;

  /** Bytes of a signature. */
  public static final int SIGNATURE_BYTES = 64;

  // SubjectPublicKeyInfo of an Ed25519 key is this, then the raw key (RFC 8410, section 4).
  private static final byte[] SPKI_PREFIX = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
  };

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
    byte[] encoded = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + KEY_BYTES);
    System.arraycopy(raw, 0, encoded, SPKI_PREFIX.length, KEY_BYTES);
    try {
      key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
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

  /** The raw public key inside an encoded one. */
  public static byte[] raw(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
  }

  /** Whether this operator signed {@code bytes[0..length)} with the signature that follows them. */
  boolean signed(byte[] bytes, int length) {
    try {
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(bytes, 0, length);
      return check.verify(bytes, length, bytes.length - length);
    } catch (GeneralSecurityException e) {
      return false; // a malformed signature is no signature
    }
  }
}
