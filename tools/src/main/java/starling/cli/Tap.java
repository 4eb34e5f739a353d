package starling.cli;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import starling.link.Link;
import starling.link.LinkProfile;
import starling.link.ModemSettings;
import starling.link.Reception;
import starling.link.mqtt.BrokerSession;
import starling.link.mqtt.Brokers;
import starling.link.serial.SerialLink;

/** Where frames are listened to: a modem at a port, or all inboxes of a site on a broker. */
final class Tap implements AutoCloseable {
  private static final int QUEUE_MAX = 1_000;
  private static final int FRAME_MAX_BYTES = 1_024;
  private static final int TOPIC_MAX_BYTES = 256;
  private static final int STALL_MS = 10_000;
  private static final int CHECK_SECONDS = 30;

  private final BlockingQueue<Capture> captured = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final AtomicLong dropped = new AtomicLong();
  private @Nullable AutoCloseable source;
  private @Nullable SerialLink serial;

  /** What came. */
  sealed interface Capture {
    /** A frame. */
    record Frame(byte[] frame, Reception reception, long atMillis) implements Capture {}

    /** Whether anything can be heard from now on, and why. */
    record State(boolean up, String reason) implements Capture {}
  }

  private Tap() {}

  /** Listens through a modem, which is told what a node would tell it; nothing is sent. */
  static Tap serial(String port, int baud, LinkProfile profile, ModemSettings modem) {
    Tap tap = new Tap();
    SerialLink link = new SerialLink(port, baud, profile, modem);
    tap.source = link;
    tap.serial = link;
    link.open(tap.new Ear());
    return tap;
  }

  /**
   * Listens to all inboxes of a site.
   *
   * @param at {@code mqtt://host:port/site}
   * @throws IOException it is no such address
   */
  static Tap broker(URI at) throws IOException {
    String site = at.getPath() == null ? "" : at.getPath().replaceFirst("^/", "");
    if (site.isEmpty() || site.contains("/") || at.getHost() == null) {
      throw new IOException("name the broker and the site: mqtt://host:1883/orchard");
    }
    int port = Brokers.port(at);
    Tap tap = new Tap();
    BrokerSession session =
        new BrokerSession(
            new BrokerSession.Settings(
                URI.create("mqtt://" + at.getHost() + ":" + port),
                "starling-sniff-" + ProcessHandle.current().pid(),
                Optional.empty(),
                Optional.empty(),
                List.of("starling-air/" + site + "/+/+"),
                Optional.empty(),
                TOPIC_MAX_BYTES + FRAME_MAX_BYTES,
                1,
                STALL_MS,
                CHECK_SECONDS),
            tap.new Inboxes());
    tap.source = session;
    session.open();
    return tap;
  }

  /** What came next, waited for at most so long. */
  Optional<Capture> next(long timeoutMillis) throws InterruptedException {
    return Optional.ofNullable(captured.poll(timeoutMillis, TimeUnit.MILLISECONDS));
  }

  /** Frames that nobody took in time. */
  long dropped() {
    return dropped.get();
  }

  /** Bytes on a serial line that belonged to no frame. */
  long garbageBytes() {
    SerialLink link = serial;
    return link == null ? 0 : link.counters().garbageBytes();
  }

  private void capture(Capture what) {
    if (!captured.offer(what)) {
      dropped.incrementAndGet();
    }
  }

  private final class Ear implements Link.Listener {
    @Override
    public void heard(byte[] frame, Reception reception, long heardNanos) {
      long agoMillis = (System.nanoTime() - heardNanos) / 1_000_000;
      capture(new Capture.Frame(frame, reception, System.currentTimeMillis() - agoMillis));
    }

    @Override
    public void left(long frameId, boolean left) {}

    @Override
    public void state(boolean up, String reason) {
      capture(new Capture.State(up, reason));
    }
  }

  private final class Inboxes implements BrokerSession.Listener {
    @Override
    public void state(boolean up, String reason) {
      capture(new Capture.State(up, reason));
    }

    @Override
    public void message(String topic, byte[] payload, boolean retained) {
      if (payload.length > 0) { // an empty one is a node's check of its own connection
        capture(new Capture.Frame(payload, Reception.UNTOLD, System.currentTimeMillis()));
      }
    }
  }

  @Override
  public void close() {
    try {
      if (source != null) {
        source.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException("closing a tap throws nothing", e);
    }
  }
}
