package starling.sniff;

import java.util.List;
import java.util.Optional;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.link.Reception;

/**
 * One frame, as far as it can be understood.
 *
 * @param atMillis when it was heard, Unix time
 * @param bytes its length, sealed
 * @param reception how well it came in
 * @param header empty if this is no frame of the wire version that is spoken here
 * @param sender its node's path, or its cell and slot
 * @param introduction who says it, if it says so; authentic only with {@link State#OPENED}
 * @param remark why it was not opened; empty if it was
 * @param sections what is in it, if it was opened
 */
public record Sniffed(
    long atMillis,
    int bytes,
    Reception reception,
    Optional<FrameHeader> header,
    String sender,
    Optional<Introduction> introduction,
    State state,
    String remark,
    List<Part> sections) {
  /** How far a frame was understood. */
  public enum State {
    /** Authentic and decoded. */
    OPENED,
    /** A header, and no key for the rest, or none yet. */
    SEALED,
    /** Not what it claims to be, or said before. */
    REFUSED,
    /** No frame. */
    NOISE
  }

  /**
   * A section.
   *
   * @param name of its type and kind, such as {@code clock TIME}
   * @param bytes of its body
   * @param text what it says, in short; empty if that is not known
   */
  public record Part(String name, int bytes, String text) {}
}
