package starling.simulate;

import java.util.ArrayList;
import java.util.List;

/**
 * Some cells of a site with one agenda: what one thread runs. Its nodes touch nothing of other
 * shards but by {@link #post}.
 */
final class Shard {
  final Agenda agenda = new Agenda();
  final Wakes wakes = new Wakes();

  /** What must never happen and did. */
  final List<Violation> violations = new ArrayList<>();

  private final Pool pool = new Pool();
  private final VirtualSite site;
  private final List<Agenda> letters = new ArrayList<>();
  private final int index;
  private long nowNanos;
  private long events;
  private long statesTold;

  Shard(VirtualSite site, int index, int shards, long startNanos) {
    this.site = site;
    this.index = index;
    this.nowNanos = startNanos;
    for (int i = 0; i < shards; i++) {
      letters.add(i == index ? agenda : new Agenda());
    }
  }

  long nowNanos() {
    return nowNanos;
  }

  /** One of equal values that its nodes have. */
  <T> T one(T value) {
    return pool.one(value, nowNanos);
  }

  /** How many events it has run. */
  long events() {
    return events;
  }

  /** A node called another suspect or gone. */
  void stateTold() {
    statesTold++;
  }

  long statesTold() {
    return statesTold;
  }

  /** Lets something happen to a node of any shard; to one of another, not before the lookahead. */
  void post(VirtualNode receiver, long atNanos, long key, long detail, Object thing) {
    letters.get(receiver.cell.shard.index).add(Math.max(atNanos, nowNanos), key, detail, thing);
  }

  /** Takes what other shards posted to this one; nobody runs meanwhile. */
  void collect(List<Shard> others) {
    for (Shard other : others) {
      if (other != this) {
        other.letters.get(index).moveTo(agenda);
      }
    }
  }

  /** When the first event is due. */
  long nextNanos() {
    return Math.min(agenda.nextNanos(), wakes.nextNanos());
  }

  /** Lets everything up to and including an instant happen. */
  void run(long untilNanos) {
    while (true) {
      long message = agenda.nextNanos();
      long wake = wakes.nextNanos();
      if (Math.min(message, wake) > untilNanos) {
        return;
      }
      events++;
      boolean messageFirst =
          message < wake || message == wake && Agenda.receiver(agenda.nextKey()) <= wakes.next();
      if (messageFirst) {
        nowNanos = message;
        long key = agenda.nextKey();
        long detail = agenda.nextDetail();
        Object thing = agenda.next();
        agenda.remove();
        site.nodeAt(Agenda.receiver(key)).happen(key, detail, thing);
      } else {
        nowNanos = wake;
        site.nodeAt(wakes.next()).wake();
      }
    }
  }

  /** Nothing happens until then. */
  void advance(long toNanos) {
    nowNanos = Math.max(nowNanos, toNanos);
  }
}
