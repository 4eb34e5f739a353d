package starling.join;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.KeyAgreement;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import starling.wire.WireWriter;

/**
 * What only one board can open: X25519 (RFC 7748) between a key of the board's and one that is made
 * for one message, HKDF-SHA-256 (RFC 5869), AES-256-GCM with a nonce of zeros, as the key seals one
 * message only.
 */
final class Box {
  /** Bytes of a public key. */
  static final int KEY_BYTES = 32;

  private static final byte[] SALT =
      "starling join 0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  private static final BigInteger BASE_POINT = BigInteger.valueOf(9);
  private static final int TAG_BITS = 128;
  private static final byte[] NONCE = new byte[12];

  private Box() {}

  /**
   * The board's private key for one invite. It follows from the board's identity, so that a board
   * that starts again asks with the same request, and has the same fingerprint.
   */
  static PrivateKey own(PrivateKey identity, byte[] invite) {
    byte[] seed = ((EdECPrivateKey) identity).getBytes().orElseThrow();
    try {
      byte[] scalar = derive(new SecretKeySpec(seed, "HKDF"), invite);
      return KeyFactory.getInstance("X25519")
          .generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar));
    } catch (GeneralSecurityException e) {
      throw lacking(e);
    }
  }

  /** The public half of a private key: a multiple of the base point (RFC 7748, section 6.1). */
  static byte[] raw(PrivateKey own) {
    try {
      PublicKey base =
          KeyFactory.getInstance("X25519")
              .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, BASE_POINT));
      return agree(own, base);
    } catch (GeneralSecurityException e) {
      throw lacking(e);
    }
  }

  static byte[] raw(PublicKey key) {
    return little(((XECPublicKey) key).getU());
  }

  /**
   * Seals a message.
   *
   * @param one made for this message alone
   * @param to the board's public key, raw
   * @param context what the message belongs to
   */
  static byte[] seal(byte[] message, PrivateKey one, byte[] oneRaw, byte[] to, byte[] context)
      throws GeneralSecurityException {
    return crypt(Cipher.ENCRYPT_MODE, message, agree(one, key(to)), oneRaw, context);
  }

  /**
   * Opens it.
   *
   * @throws GeneralSecurityException it was sealed for somebody else, or altered
   */
  static byte[] open(byte[] sealed, PrivateKey own, byte[] from, byte[] context)
      throws GeneralSecurityException {
    return crypt(Cipher.DECRYPT_MODE, sealed, agree(own, key(from)), from, context);
  }

  private static byte[] crypt(int mode, byte[] bytes, byte[] shared, byte[] oneRaw, byte[] context)
      throws GeneralSecurityException {
    byte[] info =
        WireWriter.ofSize(context.length + oneRaw.length).bytes(context).bytes(oneRaw).toBytes();
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    SecretKeySpec key = new SecretKeySpec(derive(new SecretKeySpec(shared, "HKDF"), info), "AES");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, NONCE));
    return cipher.doFinal(bytes);
  }

  private static byte[] derive(SecretKey from, byte[] info) throws GeneralSecurityException {
    return KDF.getInstance("HKDF-SHA256")
        .deriveData(
            HKDFParameterSpec.ofExtract().addIKM(from).addSalt(SALT).thenExpand(info, KEY_BYTES));
  }

  private static byte[] agree(PrivateKey own, PublicKey with) throws GeneralSecurityException {
    KeyAgreement agreement = KeyAgreement.getInstance("X25519");
    agreement.init(own);
    agreement.doPhase(with, true); // refuses points of small order
    return agreement.generateSecret();
  }

  private static PublicKey key(byte[] raw) throws GeneralSecurityException {
    byte[] big = new byte[KEY_BYTES];
    for (int i = 0; i < KEY_BYTES; i++) {
      big[i] = raw[KEY_BYTES - 1 - i];
    }
    big[0] &= 0x7F; // RFC 7748, section 5
    return KeyFactory.getInstance("X25519")
        .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, big)));
  }

  private static byte[] little(BigInteger number) {
    byte[] raw = new byte[KEY_BYTES];
    byte[] big = number.toByteArray();
    for (int i = 0; i < Math.min(big.length, KEY_BYTES); i++) {
      raw[i] = big[big.length - 1 - i];
    }
    return raw;
  }

  private static IllegalStateException lacking(GeneralSecurityException e) {
    return new IllegalStateException("this Java runtime lacks X25519 or HKDF-SHA-256", e);
  }
}
