package starling.charter;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/** Ed25519 signatures (RFC 8032) behind what they sign, by raw keys. */
public final class Signatures {
  /** Bytes of a raw public key. */
  public static final int KEY_BYTES = 32;

  /** Bytes of a signature. */
  public static final int BYTES = 64;

  // SubjectPublicKeyInfo of an Ed25519 key is this, then the raw key (RFC 8410, section 4).
  private static final byte[] SPKI_PREFIX = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
  };

  private Signatures() {}

  /** The raw public key inside an encoded one. */
  public static byte[] raw(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
  }

  static PublicKey key(byte[] raw) throws GeneralSecurityException {
    if (raw.length != KEY_BYTES) {
      throw new InvalidKeyException("an Ed25519 public key has 32 bytes, not " + raw.length);
    }
    byte[] encoded = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + KEY_BYTES);
    System.arraycopy(raw, 0, encoded, SPKI_PREFIX.length, KEY_BYTES);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  /** The bytes, and behind them a signature of them. */
  public static byte[] append(byte[] bytes, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update(bytes);
      byte[] signed = Arrays.copyOf(bytes, bytes.length + BYTES);
      System.arraycopy(signature.sign(), 0, signed, bytes.length, BYTES);
      return signed;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the private key does not sign", e);
    }
  }

  /**
   * Whether {@code bytes[0..length)} were signed by the holder of a key, with the signature right
   * behind them.
   */
  public static boolean verify(byte[] raw, byte[] bytes, int length) {
    try {
      return verify(key(raw), bytes, length);
    } catch (GeneralSecurityException e) {
      return false; // a malformed key signs nothing
    }
  }

  static boolean verify(PublicKey key, byte[] bytes, int length) {
    if (length < 0 || bytes.length - length < BYTES) {
      return false;
    }
    try {
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(bytes, 0, length);
      return check.verify(bytes, length, BYTES);
    } catch (GeneralSecurityException e) {
      return false; // a malformed signature is no signature
    }
  }
}
