package starling.node;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import starling.engine.Local;
import starling.model.Delivery;

/** Who asks this node in its own process, and is yet to be told. Safe from any thread. */
final class Askers {
  private final Map<Long, Consumer<Delivery.Inquired>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();

  /** The inquiry for one who asks; those of the control socket have positive ids. */
  Local.Inquiry ask(
      String zone, String query, long patienceMillis, Consumer<Delivery.Inquired> asker) {
    long id = last.decrementAndGet();
    waiting.put(id, asker);
    return new Local.Inquiry(id, zone, query, patienceMillis);
  }

  /** Something came of an inquiry; answers whether it was asked here. */
  boolean tell(Delivery.Inquired answer) {
    Consumer<Delivery.Inquired> asker = waiting.remove(answer.id());
    if (asker != null) {
      asker.accept(answer);
    }
    return asker != null;
  }
}
