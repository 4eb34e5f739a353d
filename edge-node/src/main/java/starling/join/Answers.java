package starling.join;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.TreeMap;
import starling.charter.Signatures;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * How answers travel.
 *
 * <pre>
 * format 1 | kind 1 | digest of the request 32 | body
 * kind 0, WAITING  nothing
 * kind 1, REFUSED  reason t
 * kind 2, DENIED   operator's signature 64
 * kind 3, WELCOME  one-time key 32 | sealed length v | sealed | operator's signature 64
 * sealed: keys 1 | (epoch 1 | site key 32)... | charter v | pages
 * </pre>
 */
public final class Answers {
  private static final int FORMAT = 1;
  private static final int DIGEST_BYTES = 32;
  private static final int SITE_KEY_BYTES = 32;
  private static final int EPOCHS_MAX = 16;
  private static final int REASON_MAX_BYTES = 256;

  private Answers() {}

  /** An answer that is nobody's word. */
  static byte[] say(Answer answer, JoinRequest to) {
    WireWriter bytes = begin(answer instanceof Answer.Waiting ? 0 : 1, to);
    return (answer instanceof Answer.Refused refused ? bytes.text(refused.reason()) : bytes)
        .toBytes();
  }

  /** The operator's no. */
  public static byte[] deny(JoinRequest request, PrivateKey operator) {
    return Signatures.append(begin(2, request).toBytes(), operator);
  }

  /** The operator's yes, for that board alone. */
  public static byte[] welcome(Answer.Welcome welcome, JoinRequest request, PrivateKey operator) {
    WireWriter inside = WireWriter.ofSize(Answer.BYTES_MAX).u8(welcome.siteKeys().size());
    welcome.siteKeys().forEach((epoch, key) -> inside.u8(epoch).bytes(key));
    inside.varint(welcome.charter().length).bytes(welcome.charter());
    KeyPair one = Invite.newKeys("X25519");
    byte[] oneRaw = Box.raw(one.getPublic());
    try {
      byte[] sealed =
          Box.seal(inside.toBytes(), one.getPrivate(), oneRaw, request.box(), request.digest());
      WireWriter to = begin(3, request).bytes(oneRaw).varint(sealed.length).bytes(sealed);
      if (inside.overflowed() || to.overflowed() || to.remaining() < Signatures.BYTES) {
        throw new IllegalArgumentException("the charter passes what an answer may have");
      }
      return Signatures.append(to.toBytes(), operator);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the request has no key to seal to", e);
    }
  }

  private static WireWriter begin(int kind, JoinRequest to) {
    return WireWriter.ofSize(Answer.BYTES_MAX).u8(FORMAT).u8(kind).bytes(to.digest());
  }

  /**
   * Reads what came for a board's own request.
   *
   * @param identity the board's private key
   * @throws MalformedException it is none, for another request, or not signed by who gave the
   *     invite
   */
  public static Answer read(byte[] bytes, JoinRequest to, PrivateKey identity)
      throws MalformedException {
    if (bytes.length > Answer.BYTES_MAX) {
      throw new MalformedException("an answer has at most " + Answer.BYTES_MAX + " bytes");
    }
    WireReader from = new WireReader(bytes);
    if (from.u8() != FORMAT) {
      throw new MalformedException("an answer of a format that is not known here");
    }
    int kind = from.u8();
    if (!Arrays.equals(from.bytes(DIGEST_BYTES), to.digest())) {
      throw new MalformedException("an answer to another request");
    }
    return switch (kind) {
      case 0 -> ended(new Answer.Waiting(), from);
      case 1 -> ended(new Answer.Refused(from.text(REASON_MAX_BYTES)), from);
      case 2 -> {
        checkSigned(bytes, to);
        from.bytes(Signatures.BYTES);
        yield ended(new Answer.Denied(), from);
      }
      case 3 -> {
        checkSigned(bytes, to);
        byte[] one = from.bytes(Box.KEY_BYTES);
        byte[] sealed = from.bytes(from.varint(Answer.BYTES_MAX));
        from.bytes(Signatures.BYTES);
        yield ended(open(sealed, one, to, identity), from);
      }
      default -> throw new MalformedException("an answer of a kind that is not known here");
    };
  }

  /** Whether these bytes are a decision on a request, signed by who gave its invite. */
  public static boolean decides(byte[] bytes, JoinRequest request) {
    if (bytes.length > Answer.BYTES_MAX) {
      return false;
    }
    WireReader from = new WireReader(bytes);
    try {
      boolean known = from.u8() == FORMAT;
      int kind = from.u8();
      boolean same = Arrays.equals(from.bytes(DIGEST_BYTES), request.digest());
      checkSigned(bytes, request);
      return known && same && (kind == 2 || kind == 3);
    } catch (MalformedException e) {
      return false;
    }
  }

  private static Answer ended(Answer answer, WireReader from) throws MalformedException {
    from.end();
    return answer;
  }

  private static void checkSigned(byte[] bytes, JoinRequest to) throws MalformedException {
    if (!Signatures.verify(to.card().operator(), bytes, bytes.length - Signatures.BYTES)) {
      throw new MalformedException("an answer that the operator did not sign");
    }
  }

  private static Answer.Welcome open(byte[] sealed, byte[] one, JoinRequest to, PrivateKey identity)
      throws MalformedException {
    try {
      byte[] inside = Box.open(sealed, Box.own(identity, to.card().key()), one, to.digest());
      WireReader from = new WireReader(inside);
      TreeMap<Integer, byte[]> keys = new TreeMap<>();
      for (int left = from.u8(); left > 0; left--) {
        keys.put(from.u8() & EPOCHS_MAX - 1, from.bytes(SITE_KEY_BYTES));
      }
      byte[] charter = from.bytes(from.varint(Answer.BYTES_MAX));
      from.end();
      return new Answer.Welcome(keys, charter);
    } catch (GeneralSecurityException e) {
      throw new MalformedException("a welcome that was not sealed for this board");
    }
  }
}
