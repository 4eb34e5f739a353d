package starling.frame;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import starling.wire.WireWriter;

/**
 * The site keys by epoch, and the frame keys derived from them: HKDF-SHA-256 (RFC 5869) over the
 * site key with the sender's {@link Introduction} and the link as info. Whoever holds a site key
 * can read and write frames of any node of the site; see {@code docs/security.md}.
 */
public final class Keyring {
  /** Bytes of a site key. */
  public static final int KEY_BYTES = 32;

  /**
   * Set in the number of a medium whose frames are authenticated and not encrypted. It is part of
   * what keys are derived from.
   */
  public static final int CLEAR = 0x80;

  private static final byte[] SALT =
      "starling frame 0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private final TreeMap<Integer, SecretKeySpec> siteKeys = new TreeMap<>();
  private final Map<Integer, WeakValues<Introduction, Boot>> boots = // by epoch and link
      new HashMap<>();

  /** A keyring with one epoch's key. */
  public static Keyring of(int epoch, byte[] siteKey) {
    Keyring keyring = new Keyring();
    keyring.add(epoch, siteKey);
    return keyring;
  }

  /**
   * Adds or replaces the key of an epoch.
   *
   * @param epoch 0 to 15
   * @param siteKey {@value #KEY_BYTES} random bytes
   */
  public synchronized void add(int epoch, byte[] siteKey) {
    if (epoch < 0 || epoch > 15 || siteKey.length != KEY_BYTES) {
      throw new IllegalArgumentException("a site key has 32 bytes and an epoch from 0 to 15");
    }
    siteKeys.put(epoch, new SecretKeySpec(siteKey, "HKDF"));
    boots.clear();
  }

  /** Whether there is a key for this epoch. */
  public boolean holds(int epoch) {
    return siteKeys.containsKey(epoch);
  }

  /** The newest epoch that there is a key for. */
  public int newestEpoch() {
    return siteKeys.lastKey();
  }

  /**
   * One boot of one node on one link with its frame keys, or null without that epoch's site key. It
   * is derived once for as long as anybody who shares this keyring has it.
   *
   * @param sender where it speaks from
   */
  @Nullable Boot boot(int sender, int epoch, Introduction introduction, int link) {
    SecretKeySpec siteKey = siteKeys.get(epoch);
    if (siteKey == null) {
      return null;
    }
    return boots(epoch, link)
        .get(
            introduction,
            _ -> new Boot(sender, epoch, introduction, keys(siteKey, epoch, introduction, link)))
        .at(sender);
  }

  private synchronized WeakValues<Introduction, Boot> boots(int epoch, int link) {
    return boots.computeIfAbsent(epoch << Byte.SIZE | link, _ -> new WeakValues<>());
  }

  private static FrameKeys keys(SecretKeySpec siteKey, int epoch, Introduction sender, int link) {
    WireWriter info = WireWriter.ofSize(2 + Introduction.BYTES).u8(epoch).u8(link);
    sender.write(info);
    FrameKeys keys = new FrameKeys(derive(siteKey, SALT, info.toBytes(), FrameKeys.BYTES));
    return (link & CLEAR) == 0 ? keys : keys.withoutEncryption();
  }

  /** HKDF-SHA-256, extract then expand (RFC 5869, section 2). */
  static byte[] derive(SecretKeySpec secret, byte[] salt, byte[] info, int bytes) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(
              HKDFParameterSpec.ofExtract().addIKM(secret).addSalt(salt).thenExpand(info, bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime lacks HKDF-SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "Keyring" + Arrays.toString(siteKeys.keySet().toArray()); // never the keys
  }
}
