package starling.link.memory;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Link;
import starling.link.LinkProfile;

/**
 * Inboxes by address, as a broker keeps them: frames arrive late, out of order, twice or not at
 * all, as {@link Faults} say. Whoever subscribes to an inbox gets what comes in, also if that are
 * two.
 */
public final class Inboxes {
  private final VirtualTime time;
  private final LinkProfile profile;
  private final SplittableRandom random;
  private final Map<Address, Set<Box>> boxes = new LinkedHashMap<>();
  private final Set<Address> cut = new HashSet<>();
  private Faults faults;

  /**
   * What goes wrong.
   *
   * @param loss share of frames lost, 0 to 1
   * @param twice share of frames that arrive twice
   * @param delayMinMicros the shortest way
   * @param delayMaxMicros the longest; frames whose ways differ overtake each other
   */
  public record Faults(double loss, double twice, long delayMinMicros, long delayMaxMicros) {
    /** Nothing but a short way. */
    public static final Faults NONE = new Faults(0, 0, 1_000, 10_000);
  }

  public Inboxes(VirtualTime time, LinkProfile profile, Faults faults, long seed) {
    this.time = time;
    this.profile = profile;
    this.faults = faults;
    this.random = new SplittableRandom(seed);
  }

  /** From now on, this goes wrong. */
  public void faults(Faults next) {
    faults = next;
  }

  /** Cuts whoever has this address off from the broker, or lets it back: nothing gets through. */
  public void cut(Address who, boolean off) {
    if (off) {
      cut.add(who);
    } else {
      cut.remove(who);
    }
  }

  /** The link whose inbox has this address. */
  public Link join(Address self) {
    return new Box(self);
  }

  private void deliver(Address from, Address to, byte[] frame) {
    if (random.nextDouble() < faults.loss() || cut.contains(from)) {
      return;
    }
    long spread = Math.max(1, faults.delayMaxMicros() - faults.delayMinMicros());
    long micros = faults.delayMinMicros() + random.nextLong(spread);
    time.at(
        time.nowNanos() + micros * 1000,
        () -> {
          for (Box box : cut.contains(to) ? List.<Box>of() : List.copyOf(subscribers(to))) {
            Link.Listener hears = box.listener;
            if (hears != null) {
              hears.heard(frame.clone(), time.nowNanos());
            }
          }
        });
  }

  private Set<Box> subscribers(Address inbox) {
    return boxes.computeIfAbsent(inbox, _ -> new LinkedHashSet<>());
  }

  private final class Box implements Link {
    private final Address self;
    private @Nullable Listener listener;

    Box(Address self) {
      this.self = self;
    }

    @Override
    public LinkProfile profile() {
      return profile;
    }

    @Override
    public void open(Listener to) {
      listener = to;
      subscribers(self).add(this);
      to.state(true, "in memory");
    }

    @Override
    public void send(long frameId, Address to, AirtimeLedger.Permit permit, byte[] frame) {
      permit.check(frame);
      Listener tells = listener;
      if (tells == null) {
        return;
      }
      deliver(self, to, frame);
      if (random.nextDouble() < faults.twice()) {
        deliver(self, to, frame);
      }
      time.at(time.nowNanos(), () -> tells.left(frameId, true));
    }

    @Override
    public void close() {
      listener = null;
      subscribers(self).remove(this);
    }
  }
}
