package starling.engine;

import java.util.List;
import starling.model.Facts;
import starling.wire.MalformedException;

/**
 * One protocol: a value machine of its own, behind one interface. The engine calls it from one
 * thread, never concurrently; time is always an argument.
 */
public interface Protocol {
  /** Whose sections it reads and writes. */
  SectionType type();

  /** What it is guaranteed of each frame. */
  Share share();

  /**
   * Told once, before anything else: one durable record that this protocol wrote in an earlier
   * life.
   */
  default void restore(long key, byte[] value) {}

  /** Something happened. */
  void on(Event event, Facts facts, Effects out, long nowNanos);

  /**
   * Reads one of its sections; {@link Event.Heard} has told of the frame before. What was whole
   * before the fault stays; the rest of the section is skipped, and the owner is warned.
   */
  void read(Section section, Facts facts, Effects out, long nowNanos) throws MalformedException;

  /**
   * When it wants to be woken by {@link Event.Woke}, always after {@code nowNanos}: what is due
   * already waits for a link. {@link Long#MAX_VALUE} for never.
   */
  long nextWakeNanos(long nowNanos);

  /**
   * Grows, or changes, with whatever may give it more to say than before: while it is the same and
   * the protocol was not woken, no neighbour's {@link #urgency} has become news. The engine asks
   * all neighbours again only then.
   */
  int changes();

  /** How much it wants to speak on this link, to this neighbour. */
  Urgency urgency(LinkView link, Facts facts, long nowNanos);

  /**
   * Writes whole items, as many as fit, and changes nothing: the frame may still be dropped. What
   * was written is remembered under {@code frameId} until {@link #sent} says what became of it.
   */
  void fill(SectionWriter to, LinkView link, long frameId, Facts facts, long nowNanos);

  /**
   * Nodes besides the node's neighbours that it has something to say to now: on an addressed medium
   * anybody can be reached, but only {@value #GUESTS_MAX} such are spoken to at a time. To them
   * nobody speaks but who names them here, and who introduces this node.
   */
  default List<LinkView> guests(Facts facts, long nowNanos) {
    return List.of();
  }

  /** The most guests at a time. */
  int GUESTS_MAX = 8;

  /**
   * Among how many equal shares the cell's channel is divided, of which this node's is one: fewer
   * than there are speakers for those who have more to say than others, as all members know; more
   * for the others, so that all together have no more than the whole.
   *
   * @param speakers how many members share it
   */
  default double among(int speakers) {
    return speakers;
  }

  /** Commits what {@link #fill} wrote if the frame {@code left}, or forgets it. */
  void sent(LinkView link, long frameId, boolean left, long nowNanos);

  /** How much a protocol wants to speak. */
  enum Urgency {
    /** Nothing to say. */
    NONE,
    /** Would say something if a frame goes anyway, or if nobody has anything better. */
    IDLE,
    /**
     * Has news that others tell as well: it leaves in this round, after what only this node can
     * say.
     */
    RUMOUR,
    /**
     * Has news that others may have at the same instant: on a shared medium it leaves in this
     * node's turn, so that they don't all speak at once; elsewhere in this round.
     */
    TURN,
    /**
     * On a shared medium: leaves now, if this node's share of the channel still holds what it says
     * for itself after this window, and the channel is not too busy; else it rides. Elsewhere
     * nobody wants this.
     */
    SPARE,
    /** Has news: a frame should leave in this round. */
    NORMAL,
    /**
     * Has news that others wait for, or that is worth nothing later: it leaves before other news.
     */
    PRESSING,
    /**
     * On a shared medium: what is said once a window, in this node's time for it. It may use what
     * was left of the share of the channel for some time before.
     */
    SLOT,
    /** May use what is kept for alarms. */
    ALARM
  }

  /**
   * A protocol's part of a frame.
   *
   * @param guaranteedBytes what others leave to it when it has something to say: at least its
   *     largest item at the smallest MTU, section header included
   */
  record Share(int guaranteedBytes) {}
}
