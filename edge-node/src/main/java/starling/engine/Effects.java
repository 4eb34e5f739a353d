package starling.engine;

import starling.model.Delivery;
import starling.model.Fact;

/** What a protocol may cause. */
public interface Effects {
  /** Tells the node's owner. */
  void deliver(Delivery delivery);

  /** Tells the protocols after this one. */
  void publish(Fact fact);

  /**
   * Writes a durable record, latest wins by key; an empty value removes it.
   *
   * @param key the protocol's own
   * @return the id that {@link Event.Durable} will bear
   */
  long persist(long key, byte[] value);

  /** An equal value in place of this one, as {@link Host#shared}. */
  default <T> T shared(T value) {
    return value;
  }
}
