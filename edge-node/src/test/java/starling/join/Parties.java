package starling.join;

import java.security.PrivateKey;
import java.util.EnumSet;
import starling.charter.Draft.Duty;
import starling.charter.Signatures;

/** An operator, and boards with an invite. */
final class Parties {
  static final String PATH = "/orchard/north/n17";
  static final long NOW_SECONDS = 1_780_000_000;
  static final long NOW_MILLIS = NOW_SECONDS * 1000;

  /** A key pair. */
  record Keys(byte[] raw, PrivateKey secret) {
    static Keys make() {
      var pair = Invite.newKeys("Ed25519");
      return new Keys(Signatures.raw(pair.getPublic()), pair.getPrivate());
    }
  }

  final Keys operator = Keys.make();
  final Keys board = Keys.make();
  final Invite invite = invite(1);

  Invite invite(int hours) {
    return Invite.of(
        operator.raw(),
        operator.secret(),
        PATH,
        1,
        EnumSet.of(Duty.SENSES, Duty.UPLINK),
        NOW_SECONDS + hours * 3600L);
  }

  JoinRequest request() {
    return request(invite, board);
  }

  static JoinRequest request(Invite invite, Keys board) {
    return JoinRequest.of(invite, board.raw(), board.secret());
  }
}
