package starling.engine;

import starling.frame.FrameHeader;
import starling.link.LinkProfile;
import starling.model.NodeId;

/** What happens to a protocol. */
public sealed interface Event {

  /**
   * An authentic new frame came in; told to every protocol before its sections are.
   *
   * @param link on which
   * @param header its header
   * @param node who sent it
   * @param generation in which boot
   * @param bytes its length, sealed
   * @param heardNanos when its last byte had arrived
   */
  record Heard(
      LinkView link, FrameHeader header, NodeId node, long generation, int bytes, long heardNanos)
      implements Event {}

  /** A link came up or went down. */
  record Linked(LinkProfile medium, boolean up) implements Event {}

  /** The owner says something. */
  record Said(Local what) implements Event {}

  /** {@link Protocol#nextWakeNanos} has come. */
  record Woke() implements Event {}

  /** A record that this protocol persisted is on disk. */
  record Durable(long id) implements Event {}

  /** A neighbour's place in tables by neighbour is another's from now on. */
  record Replaced(LinkView by) implements Event {}

  /** Another protocol published a fact. */
  record FactsChanged() implements Event {}
}
