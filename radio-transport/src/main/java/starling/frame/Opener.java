package starling.frame;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/**
 * Decides which frames of one link are believed. It keeps the newest boot of each sender, its keys
 * and its replay window; a boot replaces the one before only with a larger generation and a tag
 * that verifies, so neither noise nor an old capture can displace a living sender. Memory is
 * bounded: {@value #SENDERS_MAX} senders, one that was not heard lately makes room.
 */
public final class Opener {
  /** The most senders that a link remembers. */
  public static final int SENDERS_MAX = 160;

  // Noise comes at a stranger's leisure: it costs no memory.
  private static final Opened TOO_SHORT = new Opened.Noise("too short for a frame");
  private static final Opened OTHER_VERSION =
      new Opened.Noise("of a wire version that is not spoken here");

  private final Keyring keyring;
  private final int link;
  private final Knowledge knowledge;
  private final Senders senders = new Senders();

  /** What is known of nodes from elsewhere: the roster and durable memory. */
  public interface Knowledge {
    /** Of nobody anything: who introduces itself is believed. */
    Knowledge NONE =
        new Knowledge() {
          @Override
          public OptionalLong nodeAt(int cell, int slot) {
            return OptionalLong.empty();
          }

          @Override
          public long generationFloor(long node) {
            return 0;
          }
        };

    /**
     * The node that the roster has at this slot; empty if this node does not hold that cell's
     * roster.
     */
    OptionalLong nodeAt(int cell, int slot);

    /**
     * The highest generation ever believed of this node, 0 if none: frames of boots before it are
     * refused.
     */
    long generationFloor(long node);

    /** This opener remembers a boot no longer, to have room for one of another node. */
    default void forgotten(Introduction boot) {}
  }

  /**
   * An opener for one link.
   *
   * @param link the number that both ends give this medium, as in {@link Sealer}
   */
  public Opener(Keyring keyring, int link, Knowledge knowledge) {
    this.keyring = keyring;
    this.link = link;
    this.knowledge = knowledge;
  }

  /** Opens a frame in its array, which belongs to what comes of it. */
  public Opened open(byte[] frame) {
    if (frame.length < Sealer.overheadBytes(false)) {
      return TOO_SHORT;
    }
    if ((frame[0] & 0xFF) >>> 5 != FrameHeader.VERSION) {
      return OTHER_VERSION;
    }
    WireReader from = new WireReader(frame, 0, frame.length - FrameKeys.TAG_BYTES);
    try {
      FrameHeader header = FrameHeader.read(from);
      if (!keyring.holds(header.keyEpoch())) {
        return new Opened.Refused(
            Opened.Reason.EPOCH, header, "no site key for epoch " + header.keyEpoch());
      }
      return header.introduces()
          ? openIntroduction(header, Introduction.read(from), frame, from.position())
          : openFrame(header, senders.boot(header.sender()), frame, from.position());
    } catch (MalformedException e) {
      return new Opened.Noise(String.valueOf(e.getMessage()));
    }
  }

  private Opened openFrame(FrameHeader header, @Nullable Boot boot, byte[] frame, int clear) {
    if (boot == null || boot.epoch() != header.keyEpoch()) {
      return new Opened.Refused(
          Opened.Reason.STRANGER, header, "its sender has not introduced itself");
    }
    if (!boot.keys().open(frame, clear)) {
      return badTag(header);
    }
    return accept(header, boot, Opened.News.NONE, frame, clear);
  }

  private Opened openIntroduction(
      FrameHeader header, Introduction introduced, byte[] frame, int clear) {
    Boot known = senders.boot(header.sender());
    boolean same = known != null && known.is(header.keyEpoch(), introduced);
    Boot boot = same ? known : keyring.boot(header.sender(), header.keyEpoch(), introduced, link);
    if (boot == null || !boot.keys().open(frame, clear)) {
      return badTag(header);
    }
    if (same) {
      return accept(header, boot, Opened.News.NONE, frame, clear);
    }
    long floor = floor(introduced.node(), known);
    Opened.Refused refused =
        check(header, introduced, known == null ? null : known.introduction(), floor);
    if (refused != null) {
      return refused;
    }
    Boot displaced = senders.put(boot);
    if (displaced != null && displaced.introduction().node() != introduced.node()) {
      knowledge.forgotten(displaced.introduction());
    }
    boolean newest = introduced.generation() > floor;
    return accept(header, boot, newest ? Opened.News.NEWEST_BOOT : Opened.News.BOOT, frame, clear);
  }

  /** The newest generation believed of a node. */
  private long floor(long node, @Nullable Boot known) {
    long floor = knowledge.generationFloor(node);
    return known != null && known.introduction().node() == node
        ? Math.max(floor, known.introduction().generation())
        : floor;
  }

  private Opened.@Nullable Refused check(
      FrameHeader header, Introduction introduced, @Nullable Introduction known, long floor) {
    OptionalLong expected = knowledge.nodeAt(header.cell(), header.slot());
    if (expected.isPresent() && expected.getAsLong() != introduced.node()) {
      return new Opened.Refused(
          Opened.Reason.ROSTER,
          header,
          "node "
              + Long.toHexString(introduced.node())
              + " speaks from a slot that the charter gives to "
              + Long.toHexString(expected.getAsLong()));
    }
    if (known != null
        && known.node() == introduced.node()
        && known.generation() == introduced.generation()
        && known.salt() != introduced.salt()) {
      return new Opened.Refused(
          Opened.Reason.TWIN,
          header,
          "two boots claim generation " + introduced.generation() + " of one node");
    }
    if (introduced.generation() < floor) {
      return new Opened.Refused(
          Opened.Reason.OLD_BOOT,
          header,
          "generation " + introduced.generation() + " was superseded by " + floor);
    }
    return null;
  }

  /** The roster may have changed: whose slot is another's by now is a stranger again. */
  public void review() {
    for (Boot boot : senders.forget(this::isElsewhere)) {
      knowledge.forgotten(boot.introduction());
    }
  }

  private boolean isElsewhere(Boot boot) {
    OptionalLong expected = knowledge.nodeAt(boot.sender() >>> 8, boot.sender() & 0xFF);
    return expected.isPresent() && expected.getAsLong() != boot.introduction().node();
  }

  private Opened accept(FrameHeader header, Boot boot, Opened.News news, byte[] frame, int clear) {
    if (!senders.accept(header.sender(), header.counter())) {
      return new Opened.Refused(Opened.Reason.REPLAY, header, "heard before");
    }
    int end = frame.length - FrameKeys.TAG_BYTES;
    return new Opened.Frame(header, boot.introduction(), news, frame, clear, end);
  }

  private static Opened badTag(FrameHeader header) {
    return new Opened.Refused(
        Opened.Reason.TAG, header, "tag does not verify: another key, or damaged");
  }

  /** The boot of a sender that is believed now, if it has introduced itself. */
  public @Nullable Introduction known(int sender) {
    Boot boot = senders.boot(sender);
    return boot == null ? null : boot.introduction();
  }

  /** The newest generation of a node's boots that are believed here now, 0 if none is. */
  public long generation(long node) {
    return senders.generation(node);
  }

  /** How many senders are known. */
  int senders() {
    return senders.size();
  }
}
