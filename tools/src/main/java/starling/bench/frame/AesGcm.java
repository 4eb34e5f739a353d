package starling.bench.frame;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import starling.frame.FrameHeader;

/**
 * What one would take from the JDK to seal: AES-128-GCM with the shortest tag that it has, a header
 * authenticated with it. It breaks when a nonce repeats, and knows no replays.
 */
final class AesGcm {
  private static final int TAG_BITS = 96;
  private static final int NONCE_BYTES = 12;

  private final SecretKeySpec key = new SecretKeySpec(new byte[16], "AES");
  private final byte[] header = new byte[FrameHeader.BYTES];
  private final byte[] sections = new byte[Sealing.SECTION_BYTES];
  private final Cipher cipher;
  private byte[][] frames = new byte[0][];
  private long nonce;

  AesGcm() {
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime lacks AES-GCM", e);
    }
  }

  /** The peer of {@link Sealing#seal}. */
  Case seal() {
    return new Case("seal_aes_gcm", "the same bytes by AES-128-GCM", this::seal);
  }

  /** The peer of {@link Sealing#open}. */
  Case open() {
    return new Case("open_aes_gcm", "the same bytes by AES-128-GCM", this::prepare, this::open);
  }

  /**
   * Seals.
   *
   * @param number the frame's, which none had before
   */
  byte[] seal(long number, byte[] plain) {
    return apply(Cipher.ENCRYPT_MODE, number, plain);
  }

  /** Opens what was sealed under that number. */
  byte[] open(long number, byte[] sealed) {
    return apply(Cipher.DECRYPT_MODE, number, sealed);
  }

  private long seal(int operations) {
    long bytes = 0;
    for (int i = 0; i < operations; i++) {
      bytes += header.length + seal(nonce++, sections).length;
    }
    return bytes;
  }

  private void prepare(int operations) {
    nonce += operations;
    frames = new byte[operations][];
    Arrays.setAll(frames, i -> seal(nonce + i, sections));
  }

  private long open(int operations) {
    long bytes = 0;
    for (int i = 0; i < operations; i++) {
      bytes += FrameHeader.BYTES + TAG_BITS / 8 + open(nonce + i, frames[i]).length;
    }
    nonce += operations;
    return bytes;
  }

  private byte[] apply(int mode, long number, byte[] bytes) {
    try {
      byte[] iv = ByteBuffer.allocate(NONCE_BYTES).putLong(number).array();
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv));
      cipher.updateAAD(header);
      return cipher.doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
