package starling.engine;

import starling.frame.FrameHeader;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.model.Delivery;

/** Who carries out an engine's effects: the runtime, or a test's virtual network. */
public interface Host {
  /** Hands a frame to a link; the outcome comes back through {@link Engine#left}. */
  void send(int link, long frameId, Address to, AirtimeLedger.Permit permit, byte[] frame);

  /** Tells the owner. */
  void deliver(Delivery delivery);

  /**
   * Writes a durable record; once it is on disk, {@link Engine#durable} is told.
   *
   * @param protocol whose, by section code
   */
  void persist(long id, int protocol, long key, byte[] value);

  /** The frame that is being heard is authentic and new; told before any protocol is. */
  default void believed(int link, FrameHeader header) {}

  /**
   * An equal value in place of this one, which is immutable: who hosts many engines in one process
   * keeps one of each.
   */
  default <T> T shared(T value) {
    return value;
  }
}
