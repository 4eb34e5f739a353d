package starling.gateway.broker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Wrong passwords of users that there are, by user and by where they came from: after five of them
 * nothing is right any more from there for that user, for a minute.
 */
final class Guesses {
  static final int WRONG_MAX = 5;

  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int GUESSERS_MAX = 1_024;

  private record Guesser(String user, String from) {}

  private record Wrong(int times, long lastNanos) {}

  private final Map<Guesser, Wrong> wrong =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Guesser, Wrong> eldest) {
          return size() > GUESSERS_MAX;
        }
      };

  /** Whether it is not even looked at. */
  synchronized boolean tooMany(String user, String from, long nowNanos) {
    Guesser guesser = new Guesser(user, from);
    Wrong before = wrong.get(guesser);
    if (before != null && nowNanos - before.lastNanos() > PAUSE_NANOS) {
      wrong.remove(guesser);
      return false;
    }
    return before != null && before.times() >= WRONG_MAX;
  }

  /** It was wrong. */
  synchronized void wrong(String user, String from, long nowNanos) {
    Guesser guesser = new Guesser(user, from);
    Wrong before = wrong.remove(guesser);
    wrong.put(guesser, new Wrong(before == null ? 1 : before.times() + 1, nowNanos));
  }

  /** It was right. */
  synchronized void right(String user, String from) {
    wrong.remove(new Guesser(user, from));
  }
}
