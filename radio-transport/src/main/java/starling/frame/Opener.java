package starling.frame;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/**
 * Decides which frames of one link are believed. It keeps the newest boot of each sender, its keys
 * and its replay window; a boot replaces the one before only with a larger generation and a tag
 * that verifies, so neither noise nor an old capture can displace a living sender. Memory is
 * bounded: {@value #SENDERS_MAX} senders, the one not heard for longest makes room.
 */
public final class Opener {
  /** The most senders that a link remembers. */
  public static final int SENDERS_MAX = 160;

  private final Keyring keyring;
  private final int link;
  private final Knowledge knowledge;
  private final LinkedHashMap<Integer, Sender> senders = new LinkedHashMap<>(64, 0.75f, true);

  /** What is known of nodes from elsewhere: the roster and durable memory. */
  public interface Knowledge {
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

  /** Opens a frame; the array is used as scratch space and worthless afterwards. */
  public Opened open(byte[] frame) {
    if (frame.length < Sealer.overheadBytes(false)) {
      return new Opened.Noise("a frame of " + frame.length + " bytes is too short");
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
          : openFrame(header, senders.get(header.sender()), frame, from.position());
    } catch (MalformedException e) {
      return new Opened.Noise(String.valueOf(e.getMessage()));
    }
  }

  private Opened openFrame(FrameHeader header, @Nullable Sender sender, byte[] frame, int clear) {
    if (sender == null || sender.epoch != header.keyEpoch()) {
      return new Opened.Refused(
          Opened.Reason.STRANGER, header, "its sender has not introduced itself");
    }
    if (!sender.keys.open(frame, clear)) {
      return badTag(header);
    }
    return accept(header, sender, false, frame, clear);
  }

  private Opened openIntroduction(
      FrameHeader header, Introduction introduced, byte[] frame, int clear) {
    Sender known = senders.get(header.sender());
    boolean same =
        known != null && known.introduction.equals(introduced) && known.epoch == header.keyEpoch();
    FrameKeys keys =
        same && known != null ? known.keys : keyring.keys(header.keyEpoch(), introduced, link);
    if (keys == null || !keys.open(frame, clear)) {
      return badTag(header);
    }
    if (same && known != null) {
      return accept(header, known, false, frame, clear);
    }
    Opened.Refused refused = check(header, introduced, known);
    if (refused != null) {
      return refused;
    }
    Sender fresh = new Sender(introduced, header.keyEpoch(), keys);
    senders.put(header.sender(), fresh);
    if (senders.size() > SENDERS_MAX) {
      senders.remove(senders.keySet().iterator().next());
    }
    return accept(header, fresh, true, frame, clear);
  }

  private Opened.@Nullable Refused check(
      FrameHeader header, Introduction introduced, @Nullable Sender known) {
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
    boolean ofKnown = known != null && known.introduction.node() == introduced.node();
    if (known != null
        && ofKnown
        && known.introduction.generation() == introduced.generation()
        && known.introduction.salt() != introduced.salt()) {
      return new Opened.Refused(
          Opened.Reason.TWIN,
          header,
          "two boots claim generation " + introduced.generation() + " of one node");
    }
    long floor = knowledge.generationFloor(introduced.node());
    if (known != null && ofKnown) {
      floor = Math.max(floor, known.introduction.generation());
    }
    if (introduced.generation() < floor) {
      return new Opened.Refused(
          Opened.Reason.OLD_BOOT,
          header,
          "generation " + introduced.generation() + " was superseded by " + floor);
    }
    return null;
  }

  private static Opened accept(
      FrameHeader header, Sender sender, boolean newBoot, byte[] frame, int clear) {
    if (!sender.window.accept(header.counter())) {
      return new Opened.Refused(Opened.Reason.REPLAY, header, "heard before");
    }
    int length = frame.length - FrameKeys.TAG_BYTES - clear;
    byte[] sections = new byte[length];
    System.arraycopy(frame, clear, sections, 0, length);
    return new Opened.Frame(header, sender.introduction, newBoot, sections);
  }

  private static Opened badTag(FrameHeader header) {
    return new Opened.Refused(
        Opened.Reason.TAG, header, "tag does not verify: another key, or damaged");
  }

  /** The boots known now, by sender number; a copy. */
  public Map<Integer, Introduction> known() {
    Map<Integer, Introduction> known = new LinkedHashMap<>();
    senders.forEach((sender, state) -> known.put(sender, state.introduction));
    return known;
  }

  /** Forgets a sender: it must introduce itself again. */
  public void forget(int sender) {
    senders.remove(sender);
  }

  private static final class Sender {
    final Introduction introduction;
    final int epoch;
    final FrameKeys keys;
    final ReplayWindow window = new ReplayWindow();

    Sender(Introduction introduction, int epoch, FrameKeys keys) {
      this.introduction = introduction;
      this.epoch = epoch;
      this.keys = keys;
    }
  }
}
