package starling.frame;

import java.util.Arrays;
import starling.wire.WireReader;

/** What came of opening a frame. */
public sealed interface Opened {

  /**
   * A neighbour said this, and has not said it before.
   *
   * @param sender whose boot it is
   * @param news whether this boot of the sender was not known before
   * @param frame the array that was opened, in which the plaintext is {@code from} to {@code to}
   */
  record Frame(FrameHeader header, Introduction sender, News news, byte[] frame, int from, int to)
      implements Opened {
    /** The sections, to be read where they are. */
    public WireReader reader() {
      return new WireReader(frame, from, to);
    }

    /** The sections, copied. */
    public byte[] sections() {
      return Arrays.copyOfRange(frame, from, to);
    }
  }

  /**
   * Not believed; nothing has changed.
   *
   * @param header what it claims, if that much could be read: not authenticated unless the reason
   *     says so
   * @param text one line for a person
   */
  record Refused(Reason reason, FrameHeader header, String text) implements Opened {}

  /** Too short, another wire version: not a frame of ours. */
  record Noise(String text) implements Opened {}

  /** What a frame that is believed says of its sender's boot. */
  enum News {
    /** Known on this link before. */
    NONE,
    /** Not known on this link, but elsewhere, or before. */
    BOOT,
    /** Newer than all that were ever believed of its node. */
    NEWEST_BOOT
  }

  /** Why a frame is not believed. */
  enum Reason {
    /** Its key epoch is not in the keyring. */
    EPOCH,
    /** Its sender has not introduced itself yet: ask it to. */
    STRANGER,
    /** The tag does not verify: another key, or damaged. */
    TAG,
    /** Authentic, but heard before. */
    REPLAY,
    /**
     * Authentic, but from a boot of the sender that was superseded: a capture, or an old backup.
     */
    OLD_BOOT,
    /** Authentic, but another boot took the same generation: two places, one identity. */
    TWIN,
    /** Authentic, but the roster gives this slot to another node. */
    ROSTER
  }
}
