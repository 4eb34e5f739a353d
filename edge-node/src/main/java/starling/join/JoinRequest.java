package starling.join;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.HexFormat;
import starling.charter.Signatures;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * A board asks for the place that its invite names. Only who has the invite can have made it, and
 * only who has the node's key; nothing in it is secret.
 *
 * <pre>
 * format 1 | card length 2 | card | node's key 32 | box key 32 | signature by the invite's key 64 | by the node's key 64
 * </pre>
 *
 * @param card the invite's
 * @param node the raw public key of the identity that the board made
 * @param box the raw key to seal the welcome to
 * @param bytes as it travels
 */
public record JoinRequest(Invite.Card card, byte[] node, byte[] box, byte[] bytes) {
  /** The longest. */
  public static final int BYTES_MAX = 1024;

  private static final int FORMAT = 1;
  private static final int FINGERPRINT_BYTES = 10;
  private static final int ID_BYTES = 8;

  /** The request of a board with an identity. */
  public static JoinRequest of(Invite invite, byte[] node, PrivateKey nodeKey) {
    byte[] card = invite.card().signed();
    byte[] box = Box.raw(Box.own(nodeKey, invite.card().key()));
    byte[] body =
        WireWriter.ofSize(BYTES_MAX)
            .u8(FORMAT)
            .u16(card.length)
            .bytes(card)
            .bytes(node)
            .bytes(box)
            .toBytes();
    byte[] bytes = Signatures.append(Signatures.append(body, invite.key()), nodeKey);
    return new JoinRequest(invite.card(), node, box, bytes);
  }

  /**
   * Reads a request.
   *
   * @throws MalformedException it is none, or something in it was signed by somebody else
   */
  public static JoinRequest read(byte[] bytes) throws MalformedException {
    int length = bytes.length - 2 * Signatures.BYTES;
    if (length < 1 || bytes.length > BYTES_MAX) {
      throw new MalformedException("a request has another length");
    }
    WireReader from = new WireReader(bytes, 0, length);
    if (from.u8() != FORMAT) {
      throw new MalformedException("a request of a format that is not known here");
    }
    byte[] card = from.bytes(from.u16());
    byte[] node = from.bytes(Signatures.KEY_BYTES);
    byte[] box = from.bytes(Box.KEY_BYTES);
    from.end();
    Invite.Card read = Invite.Card.read(card);
    boolean held =
        Signatures.verify(read.key(), Arrays.copyOf(bytes, length + Signatures.BYTES), length);
    if (!held || !Signatures.verify(node, bytes, length + Signatures.BYTES)) {
      throw new MalformedException("a request by somebody who does not have the invite");
    }
    return new JoinRequest(read, node, box, bytes);
  }

  /** What both sides show, to be compared by eye: {@code 7f3a-19c2-04be-5d61-a8f0}. */
  public String fingerprint() {
    String hex = HexFormat.of().formatHex(digest(), 0, FINGERPRINT_BYTES);
    return hex.replaceAll("(.{4})(?!$)", "$1-");
  }

  /** What answers to it are filed under: 16 hexadecimal digits. */
  public String id() {
    return HexFormat.of().formatHex(digest(), 0, ID_BYTES);
  }

  /** Of all that is signed, 32 bytes. */
  byte[] digest() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(bytes, 0, bytes.length - 2 * Signatures.BYTES);
      return sha.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime lacks SHA-256", e);
    }
  }
}
