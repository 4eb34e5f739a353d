package starling.bench.gateway;

import starling.model.Delivery;

/** Whoever brings zones' answers to a broker. */
interface Publisher extends AutoCloseable {
  /** Takes an answer to publish. */
  void take(Delivery.Result answer);

  /** How many the broker has acknowledged. */
  long acknowledged();

  @Override
  void close();
}
