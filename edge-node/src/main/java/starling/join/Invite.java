package starling.join;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import starling.charter.Draft.Duty;
import starling.charter.Signatures;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * A place that the operator keeps for a board whose identity is not made yet, for some time, and
 * the key by which the board shows that it was given it. As text it is one line.
 *
 * <pre>
 * card: format 1 | operator's key 32 | invite's key 32 | expires 6 (Unix s) | schema 1 | duties 1 | path t | operator's signature 64
 * text: "starling-invite-" base64url(card length 2 | card | invite's private key 32)
 * </pre>
 *
 * @param card what anybody may see
 * @param key what only the board has
 */
public record Invite(Card card, PrivateKey key) {
  /** The longest text. */
  public static final int TEXT_MAX_CHARS = 1024;

  private static final String PREFIX = "starling-invite-";

  /** The operator's word that there is a place. */
  public record Card(
      byte[] operator,
      byte[] key,
      long expiresSeconds,
      int schema,
      Set<Duty> duties,
      String path,
      byte[] signed) {
    static final int BYTES_MAX = 512;
    private static final int FORMAT = 1;
    private static final int PATH_MAX_BYTES = 300;

    /** Whether this operator gave it. */
    public boolean isOf(byte[] operatorKey) {
      return Arrays.equals(operator, operatorKey);
    }

    /** The site's name: the first segment of the path. */
    public String site() {
      return path.substring(1, path.indexOf('/', 1));
    }

    private static byte[] body(Card of) {
      WireWriter to = WireWriter.ofSize(BYTES_MAX);
      to.u8(FORMAT).bytes(of.operator).bytes(of.key).u48(of.expiresSeconds).u8(of.schema);
      int flags = 0;
      for (Duty duty : of.duties) {
        flags |= 1 << duty.ordinal();
      }
      return to.u8(flags).text(of.path).toBytes();
    }

    /**
     * Reads a card, and believes it as far as its own operator signed it.
     *
     * @throws MalformedException it is none, or was altered
     */
    static Card read(byte[] bytes) throws MalformedException {
      int length = bytes.length - Signatures.BYTES;
      if (length < 1 || bytes.length > BYTES_MAX) {
        throw new MalformedException("an invite has another length");
      }
      WireReader from = new WireReader(bytes, 0, length);
      if (from.u8() != FORMAT) {
        throw new MalformedException("an invite of a format that is not known here");
      }
      byte[] operator = from.bytes(Signatures.KEY_BYTES);
      byte[] key = from.bytes(Signatures.KEY_BYTES);
      long expires = from.u48();
      int schema = from.u8();
      Set<Duty> duties = duties(from.u8());
      String path = from.text(PATH_MAX_BYTES);
      from.end();
      if (!path.matches("(/[a-z0-9][a-z0-9_-]*){3,}")) {
        throw new MalformedException("an invite for no path of a node");
      }
      if (!Signatures.verify(operator, bytes, length)) {
        throw new MalformedException("an invite that was altered");
      }
      return new Card(operator, key, expires, schema, duties, path, bytes);
    }

    private static Set<Duty> duties(int flags) throws MalformedException {
      Set<Duty> duties = EnumSet.noneOf(Duty.class);
      for (Duty duty : Duty.values()) {
        if ((flags & 1 << duty.ordinal()) != 0) {
          duties.add(duty);
        }
      }
      if (flags >>> Duty.values().length != 0) {
        throw new MalformedException("an invite with duties that are not known here");
      }
      return duties;
    }
  }

  /**
   * A new invite.
   *
   * @param operator the operator's public key
   * @param operatorKey and the private one
   * @param path the node's place, such as {@code /orchard/north/n17}
   * @param expiresSeconds until when it may be used, in Unix seconds
   */
  public static Invite of(
      byte[] operator,
      PrivateKey operatorKey,
      String path,
      int schema,
      Set<Duty> duties,
      long expiresSeconds) {
    KeyPair pair = newKeys("Ed25519");
    byte[] key = Signatures.raw(pair.getPublic());
    Card unsigned =
        new Card(operator, key, expiresSeconds, schema, Set.copyOf(duties), path, new byte[0]);
    try {
      byte[] signed = Signatures.append(Card.body(unsigned), operatorKey);
      return new Invite(Card.read(signed), pair.getPrivate());
    } catch (MalformedException e) {
      throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
    }
  }

  static KeyPair newKeys(String algorithm) {
    try {
      return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime lacks " + algorithm, e);
    }
  }

  /** The line of text; secret. */
  public String text() {
    byte[] seed = ((EdECPrivateKey) key).getBytes().orElseThrow();
    WireWriter to = WireWriter.ofSize(2 + card.signed.length + seed.length);
    to.u16(card.signed.length).bytes(card.signed).bytes(seed);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(to.toBytes());
  }

  /**
   * Reads such a line.
   *
   * @throws MalformedException it is no invite, or was altered
   */
  public static Invite read(String text) throws MalformedException {
    String line = text.strip();
    if (!line.startsWith(PREFIX) || line.length() > TEXT_MAX_CHARS) {
      throw new MalformedException("no invite: it begins with " + PREFIX);
    }
    try {
      WireReader from =
          new WireReader(Base64.getUrlDecoder().decode(line.substring(PREFIX.length())));
      Card card = Card.read(from.bytes(from.u16()));
      byte[] seed = from.bytes(Signatures.KEY_BYTES);
      from.end();
      PrivateKey key =
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
      return new Invite(card, key);
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new MalformedException("no invite: part of it is missing");
    }
  }

  @Override
  public String toString() {
    return "Invite " + card.path; // never the private key
  }
}
