package starling.link.mqtt;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one client connected to one of some brokers, for as long as it is open. It connects,
 * subscribes, notices when the broker is away, and goes on with the next one in its list, from the
 * last to the first again, with a growing, random pause; nothing that it is asked to publish is
 * kept for later.
 *
 * <p>All decisions are made on one thread of its own; the client library's callbacks only hand over
 * to it. Each attempt has a client object of its own ({@link Attempt}), since a failed one is not
 * to be trusted again, and at most {@link Settings#inFlightMax} messages are in the library's
 * hands.
 */
public final class BrokerSession implements AutoCloseable {
  /** An attempt that has not connected and subscribed in this time has failed. */
  static final int ATTEMPT_MILLIS = 5_000;

  private static final long CLOSE_MILLIS = 2_000;
  private static final int REASONS_MAX = 64;

  /**
   * What to connect to and as whom.
   *
   * @param brokers where, and what they want
   * @param clientId unique on the broker, 1 to 128 characters
   * @param will published by the broker when this client goes without a word
   * @param subscriptions topic filters, subscribed before the session is up; 0 to 5
   * @param echoTopic one of the subscribed topics: an empty message to it every {@code
   *     checkSeconds} must come back, or the connection is taken for dead
   * @param bodyMaxBytes larger packets to us (topic and payload) are left out, unread
   * @param inFlightMax messages handed over and not yet written (QoS 0) or acknowledged (QoS 1)
   * @param stallMillis a message in flight for longer means that the connection is dead
   * @param checkSeconds between checks of an idle connection
   */
  public record Settings(
      Brokers brokers,
      String clientId,
      Optional<Message> will,
      List<String> subscriptions,
      Optional<String> echoTopic,
      int bodyMaxBytes,
      int inFlightMax,
      long stallMillis,
      int checkSeconds) {
    public Settings {
      subscriptions = List.copyOf(subscriptions);
      if (clientId.isEmpty() || clientId.length() > 128) {
        throw new IllegalArgumentException(
            "an MQTT client id has 1 to 128 characters: " + clientId);
      }
      if (subscriptions.size() > 5) {
        throw new IllegalArgumentException("at most 5 subscriptions, not " + subscriptions.size());
      }
      if (bodyMaxBytes < 16 || inFlightMax < 1 || stallMillis < 1 || checkSeconds < 1) {
        throw new IllegalArgumentException("limits are positive, packets at least 16 bytes");
      }
    }

    /** With one broker that wants no certificate. */
    public Settings(
        URI broker,
        String clientId,
        Optional<Login> login,
        Optional<Message> will,
        List<String> subscriptions,
        Optional<String> echoTopic,
        int bodyMaxBytes,
        int inFlightMax,
        long stallMillis,
        int checkSeconds) {
      this(
          Brokers.at(broker, login),
          clientId,
          will,
          subscriptions,
          echoTopic,
          bodyMaxBytes,
          inFlightMax,
          stallMillis,
          checkSeconds);
    }
  }

  /** What a session tells its owner, from its own threads; implementations only hand over. */
  public interface Listener {
    /** Connected and subscribed, or not (any more); {@code reason} is one line for a person. */
    void state(boolean up, String reason);

    /** A message came on a subscribed topic. */
    void message(String topic, byte[] payload, boolean retained);

    /**
     * A will of the next attempt's own, asked before each; without, it is the one in the settings.
     */
    default Optional<Message> will() {
      return Optional.empty();
    }

    /** At which quality messages are to come, at most. */
    default int subscriptionQos() {
      return 0;
    }
  }

  /** Told once per {@link #publish}. */
  public interface Outcome {
    /** Whether the message was written (QoS 0) or acknowledged (QoS 1). */
    void settled(boolean sent);
  }

  private final Settings settings;
  private final Listener listener;
  private final ScheduledThreadPoolExecutor loop;
  private final BackOff backOff = new BackOff(new Random());
  private final LongAdder leftOut = new LongAdder();
  private final InFlight inFlight;

  private volatile @Nullable Attempt live;
  private @Nullable Attempt current;
  private @Nullable ScheduledFuture<?> check;
  private final Set<String> reasons = new HashSet<>(); // told since it was up
  private int failures;
  private long upNanos;
  private volatile boolean echoDue;

  /** A session that is not open yet. */
  public BrokerSession(Settings settings, Listener listener) {
    this.settings = settings;
    this.listener = listener;
    this.inFlight = new InFlight(settings.inFlightMax());
    this.loop =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(null, task, "mqtt " + settings.clientId(), 128 * 1024);
              thread.setDaemon(true);
              return thread;
            });
    loop.setRemoveOnCancelPolicy(true);
  }

  /** Begins to connect, and returns at once. */
  public void open() {
    soon(this::connect);
  }

  /**
   * Hands over a message to leave now. Refused, not kept, while the session is down or {@link
   * Settings#inFlightMax} messages are in flight. Never blocks.
   */
  public void publish(Message message, Outcome outcome) {
    Attempt to = live;
    InFlight.Parcel parcel = to == null ? null : inFlight.add(outcome, System.nanoTime());
    if (to == null || parcel == null) {
      outcome.settled(false);
      dropIfStalled();
      return;
    }
    try {
      to.publish(message, sent -> inFlight.settle(parcel, sent));
    } catch (MqttException e) {
      inFlight.settle(parcel, false);
    }
    // When the connection went while we were adding, the sweep may have missed this one.
    if (live != to) {
      inFlight.settle(parcel, false);
    }
    dropIfStalled();
  }

  /**
   * Has nothing more come on one of {@link Settings#subscriptions}, until {@link #hear} or the next
   * connection.
   */
  public void ignore(String filter) {
    ifUp(attempt -> attempt.unsubscribe(filter));
  }

  /** Has it come again, and what is retained there at once. */
  public void hear(String filter) {
    ifUp(attempt -> attempt.subscribe(filter));
  }

  /** Over this connection or none, and not from the library's own thread. */
  private void ifUp(Consumer<Attempt> then) {
    Attempt attempt = live;
    if (attempt != null) {
      soon(() -> {
        if (attempt == live) {
          then.accept(attempt);
        }
      });
    }
  }

  /** Runs something on the session's own thread after a while; not if it is closed by then. */
  public void later(long millis, Runnable task) {
    try {
      ScheduledFuture<?> _ = loop.schedule(task, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      // Closed: nothing is to happen any more.
    }
  }

  /** Packets from the broker that were too large and left out unread, since the start. */
  public long leftOut() {
    return leftOut.sum();
  }

  /** Whether messages are taken right now. */
  public boolean isUp() {
    return live != null;
  }

  /** Says goodbye to the broker, so that it does not publish the will, and ends all threads. */
  @Override
  public void close() {
    finish(true);
  }

  /** Ends all threads without a word to the broker, so that it publishes the will. */
  public void abort() {
    finish(false);
  }

  private void finish(boolean goodbye) {
    try {
      loop.submit(() -> leave(goodbye)).get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException alreadyClosed) {
      return;
    } catch (ExecutionException | TimeoutException e) {
      // Then the broker hears of it by the closed connection.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.shutdownNow();
  }

  private void connect() {
    Attempt attempt = new Attempt(settings, next(), leftOut, new Ears());
    current = attempt;
    check = loop.schedule(() -> drop(attempt, "no answer"), ATTEMPT_MILLIS, TimeUnit.MILLISECONDS);
    attempt.connect();
  }

  /** The broker that was there last, or the one after it. */
  private URI next() {
    List<URI> brokers = settings.brokers().addresses();
    return brokers.get(failures % brokers.size());
  }

  private void ready(Attempt attempt) {
    if (attempt != current) {
      return;
    }
    cancelCheck();
    upNanos = System.nanoTime();
    echoDue = false;
    live = attempt;
    reasons.clear();
    int seconds = settings.checkSeconds();
    check = loop.scheduleAtFixedRate(this::check, seconds, seconds, TimeUnit.SECONDS);
    listener.state(true, "connected to " + attempt.broker());
  }

  private void check() {
    Attempt attempt = live;
    if (attempt == null || dropIfStalled()) {
      return;
    }
    if (echoDue) {
      drop(attempt, "an empty message to our own inbox did not come back");
    } else if (settings.echoTopic().isEmpty()) {
      attempt.ping();
    } else {
      echoDue = true;
      publish(new Message(settings.echoTopic().get(), new byte[0], 0, false), sent -> {});
    }
  }

  private boolean dropIfStalled() {
    Attempt attempt = live;
    if (attempt == null
        || !inFlight.olderThan(settings.stallMillis() * 1_000_000, System.nanoTime())) {
      return false;
    }
    soon(() -> drop(attempt, "it takes no more messages"));
    return true;
  }

  private void drop(Attempt attempt, String reason) {
    if (attempt != current) {
      return;
    }
    if (live != null
        && System.nanoTime() - upNanos > TimeUnit.MILLISECONDS.toNanos(BackOff.MAX_MILLIS)) {
      backOff.reset();
    }
    end(attempt);
    failures++;
    // All brokers are tried before the pause grows.
    boolean again = failures % settings.brokers().addresses().size() != 0;
    long pause = again ? BackOff.FIRST_MILLIS : backOff.nextMillis();
    check = loop.schedule(this::connect, pause, TimeUnit.MILLISECONDS);
    String why = "broker " + attempt.broker() + ": " + reason;
    if (reasons.size() < REASONS_MAX && reasons.add(why)) {
      listener.state(false, why);
    }
  }

  private void end(Attempt attempt) {
    cancelCheck();
    current = null;
    live = null;
    inFlight.failAll();
    attempt.kill();
  }

  private void leave(boolean goodbye) {
    Attempt attempt = current;
    if (attempt != null) {
      boolean wasUp = live != null;
      live = null;
      if (wasUp && goodbye) {
        attempt.disconnect();
      }
      end(attempt);
    }
    cancelCheck();
  }

  private void cancelCheck() {
    if (check != null) {
      check.cancel(false);
    }
  }

  private void soon(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException closed) {
      // Closed: nothing is to happen any more.
    }
  }

  /** What an attempt hears, handed over to the session's thread. */
  private final class Ears implements Attempt.Events {
    @Override
    public void connected(Attempt attempt) {
      soon(attempt::subscribe);
    }

    @Override
    public void subscribed(Attempt attempt) {
      soon(() -> ready(attempt));
    }

    @Override
    public void failed(Attempt attempt, String reason) {
      soon(() -> drop(attempt, reason));
    }

    @Override
    public Optional<Message> will() {
      return listener.will().or(settings::will);
    }

    @Override
    public int subscriptionQos() {
      return listener.subscriptionQos();
    }

    @Override
    public void message(Attempt attempt, String topic, byte[] payload, boolean retained) {
      if (payload.length == 0 && topic.equals(settings.echoTopic().orElse(""))) {
        echoDue = false;
      } else {
        listener.message(topic, payload, retained);
      }
    }
  }
}
