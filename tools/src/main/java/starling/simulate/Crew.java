package starling.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that run shards side by side: all of them a little, never further than the lookahead
 * beyond the first event, then they hand over what they have for each other.
 */
final class Crew {
  private final List<Shard> shards;
  private final long lookaheadNanos;
  private final long untilNanos;
  private final CyclicBarrier meeting;
  private long limitNanos;
  private boolean done;
  private volatile @Nullable Throwable failure;

  Crew(List<Shard> shards, long lookaheadNanos, long untilNanos) {
    this.shards = shards;
    this.lookaheadNanos = lookaheadNanos;
    this.untilNanos = untilNanos;
    this.meeting = new CyclicBarrier(shards.size(), this::meet);
  }

  void run() {
    List<Thread> others = new ArrayList<>();
    for (Shard shard : shards.subList(1, shards.size())) {
      others.add(Thread.ofPlatform().name("shard").start(() -> work(shard)));
    }
    work(shards.getFirst());
    try {
      for (Thread other : others) {
        other.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Throwable why = failure;
    if (why != null) {
      throw new IllegalStateException("a shard stopped: " + why, why);
    }
  }

  private void work(Shard shard) {
    try {
      while (true) {
        meeting.await();
        if (done) {
          return;
        }
        try {
          shard.run(limitNanos);
        } catch (RuntimeException | Error e) {
          failure = e; // all stop at the next meeting
        }
      }
    } catch (BrokenBarrierException e) {
      failure = e;
    } catch (InterruptedException e) {
      failure = e;
      Thread.currentThread().interrupt();
    }
  }

  /** While all wait: what was posted changes hands, and the next stretch is agreed on. */
  private void meet() {
    long first = Long.MAX_VALUE;
    for (Shard shard : shards) {
      shard.collect(shards);
    }
    for (Shard shard : shards) {
      first = Math.min(first, shard.nextNanos());
    }
    done = first > untilNanos || failure != null;
    limitNanos = done ? untilNanos : Math.min(untilNanos, first + lookaheadNanos - 1);
  }
}
