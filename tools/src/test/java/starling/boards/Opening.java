package starling.boards;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Opens frames by what docs/protocol.md says, with no code of a node's: who looks for a node's
 * mistakes does not share them.
 */
final class Opening {
  static final int HEADER_BYTES = 8;
  static final int INTRODUCTION_BYTES = 16;
  private static final int TAG_BYTES = 8;
  private static final int MAC_KEY_BYTES = 32;
  private static final int KEY_BYTES = 48;
  private static final byte BROADCAST = 1;

  private Opening() {}

  /** One boot of a node, as it introduces itself. */
  record Boot(long node, long generation, int salt) {}

  /** Whether a frame says in clear who sends it. */
  static boolean introduces(byte[] frame) {
    return (frame[0] & 0x10) != 0 && frame.length >= HEADER_BYTES + INTRODUCTION_BYTES + TAG_BYTES;
  }

  /** Who it says that it is. */
  static Boot introduction(byte[] frame) {
    ByteBuffer from = ByteBuffer.wrap(frame, HEADER_BYTES, INTRODUCTION_BYTES);
    return new Boot(from.getLong(), from.getInt() & 0xFFFF_FFFFL, from.getInt());
  }

  /** The sections of a frame, if it is authentic and of this boot. */
  static Optional<byte[]> sections(byte[] frame, byte[] siteKey, Boot boot)
      throws GeneralSecurityException {
    int clear = HEADER_BYTES + (introduces(frame) ? INTRODUCTION_BYTES : 0);
    int tagAt = frame.length - TAG_BYTES;
    byte[] keys = keys(siteKey, (byte) (frame[0] & 15), boot);
    ByteBuffer iv = ByteBuffer.allocate(16);
    iv.put(frame, tagAt, TAG_BYTES).put(frame, 3, 4);
    Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(keys, MAC_KEY_BYTES, KEY_BYTES - MAC_KEY_BYTES, "AES"),
        new IvParameterSpec(iv.array()));
    byte[] plain = cipher.doFinal(frame, clear, tagAt - clear);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(keys, 0, MAC_KEY_BYTES, "HmacSHA256"));
    mac.update(frame, 0, clear);
    byte[] tag = Arrays.copyOf(mac.doFinal(plain), TAG_BYTES);
    boolean isAuthentic = Arrays.equals(tag, Arrays.copyOfRange(frame, tagAt, frame.length));
    return isAuthentic ? Optional.of(plain) : Optional.empty();
  }

  private static byte[] keys(byte[] siteKey, byte epoch, Boot boot)
      throws GeneralSecurityException {
    ByteBuffer info = ByteBuffer.allocate(2 + INTRODUCTION_BYTES).put(epoch).put(BROADCAST);
    info.putLong(boot.node()).putInt((int) boot.generation()).putInt(boot.salt());
    return KDF.getInstance("HKDF-SHA256")
        .deriveData(
            HKDFParameterSpec.ofExtract()
                .addIKM(siteKey)
                .addSalt("starling frame 0".getBytes(US_ASCII))
                .thenExpand(info.array(), KEY_BYTES));
  }
}
