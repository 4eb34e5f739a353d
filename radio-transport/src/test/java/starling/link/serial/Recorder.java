package starling.link.serial;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import starling.link.Link;
import starling.link.Reception;

/** A listener that keeps what it is told. */
final class Recorder implements Link.Listener {
  final List<byte[]> heard = new CopyOnWriteArrayList<>();
  final List<Reception> receptions = new CopyOnWriteArrayList<>();
  final Map<Long, List<Boolean>> left = new ConcurrentHashMap<>();
  final List<String> states = new CopyOnWriteArrayList<>();

  @Override
  public void heard(byte[] frame, Reception reception, long heardNanos) {
    receptions.add(reception);
    heard.add(frame);
  }

  @Override
  public void left(long frameId, boolean gone) {
    left.computeIfAbsent(frameId, id -> new CopyOnWriteArrayList<>()).add(gone);
  }

  @Override
  public void state(boolean up, String reason) {
    states.add((up ? "up: " : "down: ") + reason);
  }

  boolean up() {
    return !states.isEmpty() && states.getLast().startsWith("up: ");
  }

  /** Looks every millisecond until it is so, for ten seconds. */
  static void await(String what, BooleanSupplier so) {
    long deadlineNanos = System.nanoTime() + 10_000_000_000L;
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > deadlineNanos) {
        fail("not within 10 s: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
