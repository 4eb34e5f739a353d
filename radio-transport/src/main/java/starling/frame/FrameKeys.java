package starling.frame;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals and opens with one boot's keys: a synthetic IV in the composition of Rogaway and Shrimpton
 * ("Deterministic Authenticated-Encryption", Eurocrypt 2006), from HMAC-SHA-256 and AES-128-CTR.
 *
 * <pre>
 * tag  = HMAC-SHA-256(mac key, clear || plaintext)[0..8)
 * IV   = tag 8 | slot 1 | frame counter 3 | zero 4
 * sealed = clear || AES-CTR(encryption key, IV, plaintext) || tag
 * </pre>
 *
 * <p>Where the law forbids to encrypt, a boot has no encryption key: the plaintext stays as it is,
 * and the tag says the same of it. The other key is another as well, so a clear frame opens nowhere
 * as an encrypted one, nor that as a clear one.
 *
 * <p>No counter or random number has to be unique for it to be safe: a repeated one reveals whether
 * two frames were equal, and nothing more. {@code clear} is the header, which fixes its own length
 * by its introduction bit.
 */
record FrameKeys(byte[] secret) {
  static final int BYTES = 48;
  private static final int MAC_BYTES = 32; // then come those of the encryption key, if there is one
  static final int TAG_BYTES = 8;
  private static final int IV_BYTES = 16;

  // Both are costly to look up and hold no key between calls.
  private static final ThreadLocal<Mac> MACS =
      ThreadLocal.withInitial(() -> get(() -> Mac.getInstance("HmacSHA256")));
  private static final ThreadLocal<Cipher> CIPHERS =
      ThreadLocal.withInitial(() -> get(() -> Cipher.getInstance("AES/CTR/NoPadding")));

  private static final ThreadLocal<byte[]> IVS =
      ThreadLocal.withInitial(() -> new byte[IV_BYTES]); // its last four bytes stay zero

  /** The keys of a boot on a medium on which nothing may be encrypted. */
  FrameKeys withoutEncryption() {
    return new FrameKeys(Arrays.copyOf(secret, MAC_BYTES));
  }

  /**
   * Seals in place.
   *
   * @param frame clear bytes, plaintext, and room for the tag at the end
   * @param clearBytes how many bytes stay in clear
   */
  void seal(byte[] frame, int clearBytes) {
    int tagAt = frame.length - TAG_BYTES;
    byte[] digest = digest(frame, tagAt);
    System.arraycopy(digest, 0, frame, tagAt, TAG_BYTES);
    crypt(frame, clearBytes, tagAt);
  }

  /**
   * Opens in place and answers whether the tag verifies; if not, the bytes after {@code clearBytes}
   * are worthless.
   */
  boolean open(byte[] frame, int clearBytes) {
    int tagAt = frame.length - TAG_BYTES;
    crypt(frame, clearBytes, tagAt);
    byte[] digest = digest(frame, tagAt);
    int difference = 0;
    for (int i = 0; i < TAG_BYTES; i++) {
      difference |= digest[i] ^ frame[tagAt + i];
    }
    return difference == 0;
  }

  private byte[] digest(byte[] frame, int length) {
    try {
      Mac hmac = MACS.get();
      hmac.init(new SecretKeySpec(secret, 0, MAC_BYTES, "HmacSHA256"));
      hmac.update(frame, 0, length);
      return hmac.doFinal();
    } catch (GeneralSecurityException e) {
      throw lacking(e);
    }
  }

  private void crypt(byte[] frame, int from, int tagAt) {
    if (secret.length == MAC_BYTES) {
      return;
    }
    byte[] iv = IVS.get();
    System.arraycopy(frame, tagAt, iv, 0, TAG_BYTES);
    System.arraycopy(frame, 3, iv, TAG_BYTES, 4);
    try {
      Cipher cipher = CIPHERS.get();
      SecretKeySpec key = new SecretKeySpec(secret, MAC_BYTES, BYTES - MAC_BYTES, "AES");
      cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
      int _ = cipher.doFinal(frame, from, tagAt - from, frame, from);
    } catch (GeneralSecurityException e) {
      throw lacking(e);
    }
  }

  private static <T> T get(Crypto<T> work) {
    try {
      return work.run();
    } catch (GeneralSecurityException e) {
      throw lacking(e);
    }
  }

  private static IllegalStateException lacking(GeneralSecurityException e) {
    return new IllegalStateException("this Java runtime lacks HMAC-SHA-256 or AES-CTR", e);
  }

  private interface Crypto<T> {
    T run() throws GeneralSecurityException;
  }

  @Override
  public String toString() {
    return "FrameKeys"; // never the keys
  }
}
