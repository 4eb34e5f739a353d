package starling.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import starling.model.Delivery;

/**
 * Says each thing once an hour: a broken neighbour may cause a thousand refusals a second, and a
 * person needs to hear of it once. Bounded: {@value #KEPT_MAX} subjects, the oldest makes room.
 */
final class Warnings {
  private static final int KEPT_MAX = 64;
  private static final long SILENCE_NANOS = 3_600_000_000_000L;
  private static final long BURST_NANOS = 60_000_000_000L;

  private final Consumer<Delivery> deliver;
  private final Map<String, Seen> seen =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
          return size() > KEPT_MAX;
        }
      };

  Warnings(Consumer<Delivery> deliver) {
    this.deliver = deliver;
  }

  /**
   * Warns, unless the same was said within the hour.
   *
   * @param atLeast how often it must have happened within a minute before it is worth saying
   */
  void warn(String kind, String subject, String text, int atLeast, long nowNanos) {
    Seen record = seen.computeIfAbsent(kind + ' ' + subject, _ -> new Seen(nowNanos));
    if (nowNanos - record.sinceNanos > BURST_NANOS && !record.said) {
      record.sinceNanos = nowNanos;
      record.count = 0;
    }
    record.count++;
    boolean quiet = record.said && nowNanos - record.saidNanos < SILENCE_NANOS;
    if (record.count >= atLeast && !quiet) {
      record.said = true;
      record.saidNanos = nowNanos;
      record.count = 0;
      deliver.accept(new Delivery.Warning(kind, subject, text));
    }
  }

  private static final class Seen {
    long sinceNanos;
    long saidNanos;
    int count;
    boolean said;

    Seen(long nowNanos) {
      sinceNanos = nowNanos;
    }
  }
}
