package starling.engine;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import starling.model.Delivery;

/**
 * Says each thing once an hour: a broken neighbour may cause a thousand refusals a second, and a
 * person needs to hear of it once. Of one kind, at most {@value #SUBJECTS_MAX} subjects an hour are
 * worth a word, since a stranger may claim to be anybody. Bounded by {@value #KEPT_MAX} subjects in
 * all: the oldest makes room.
 */
final class Warnings {
  private static final int KEPT_MAX = 64;
  private static final int SUBJECTS_MAX = 8;
  private static final long SILENCE_NANOS = 3_600_000_000_000L;
  private static final long BURST_NANOS = 60_000_000_000L;

  private final Map<String, Said> kinds = new HashMap<>(); // by words of this code: few
  private final Map<String, Seen> seen =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
          return size() > KEPT_MAX;
        }
      };

  /**
   * Whether to say it now: not if the same kind was said of the same subject within the hour.
   *
   * @param atLeast how often it must have happened within a minute before it is worth saying
   */
  boolean worthSaying(Delivery.Warning warning, int atLeast, long nowNanos) {
    String key = warning.kind() + ' ' + warning.subject();
    Seen record = seen.computeIfAbsent(key, _ -> new Seen(nowNanos));
    boolean worth =
        record.worthSaying(atLeast, nowNanos)
            && kinds.computeIfAbsent(warning.kind(), _ -> new Said(nowNanos)).mayAnother(nowNanos);
    if (worth) {
      record.saidNanos = nowNanos;
      record.said = true;
    }
    return worth;
  }

  /** How often a thing happened lately, and when it was said. */
  private static final class Seen {
    long sinceNanos;
    long saidNanos;
    int count;
    boolean said;

    Seen(long nowNanos) {
      sinceNanos = nowNanos;
    }

    boolean worthSaying(int atLeast, long nowNanos) {
      if (nowNanos - sinceNanos > BURST_NANOS) {
        sinceNanos = nowNanos;
        count = 0;
      }
      count++;
      return count >= atLeast && !(said && nowNanos - saidNanos < SILENCE_NANOS);
    }
  }

  /** How many subjects one kind was said of in this hour. */
  private static final class Said {
    long sinceNanos;
    int subjects;

    Said(long nowNanos) {
      sinceNanos = nowNanos;
    }

    boolean mayAnother(long nowNanos) {
      if (nowNanos - sinceNanos >= SILENCE_NANOS) {
        sinceNanos = nowNanos;
        subjects = 0;
      }
      return ++subjects <= SUBJECTS_MAX;
    }
  }
}
