package starling.gateway.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import starling.gateway.inquiry.Inquirer;
import starling.gateway.inquiry.Rows;
import starling.gateway.upstream.Payloads;
import starling.gateway.upstream.Upstream;
import starling.link.mqtt.BrokerSession;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Message;
import starling.model.Delivery;

/**
 * Hears commands at the broker, does what they ask for, and publishes what came of each. Who may
 * command is the broker's business: whoever may write on these topics.
 *
 * <p>On a connection of its own, so that a broker that grants no such subscription, or a flood of
 * commands, keeps nothing from being published. Messages come at QoS 0, at which a client can leave
 * too large ones unread; what is lost so is not acted on, and can be said again with the same id.
 */
public final class Commands implements Consumer<Delivery>, AutoCloseable {
  /** The target that means whichever gateway is the first. No gateway can be called so. */
  public static final String ANY = "any";

  /** How many messages a minute are told that they are refused. */
  static final int REFUSALS_PER_MINUTE = 30;

  /**
   * A result; of more rows than fit, fewer must be asked for. The embedded broker takes twice it.
   */
  static final int RESULT_MAX_BYTES = 128 << 10;

  private static final Logger LOG = System.getLogger(Commands.class.getName());

  /** Larger messages are not read, and so not even refused. */
  private static final int HEARD_MAX_BYTES = 64 << 10;

  private static final long ANNOUNCE_EVERY_NANOS = 10_000_000_000L;
  private static final int IN_FLIGHT_MAX = Admission.PER_MINUTE + REFUSALS_PER_MINUTE + 4;
  private static final long STALL_MILLIS = 30_000;
  private static final int CHECK_SECONDS = 30;
  private static final long TALLY_MILLIS = 60_000;

  /**
   * Whose commands.
   *
   * @param brokers where they come from
   * @param site the root zone's name
   * @param gateway this gateway's name
   * @param version the program's
   * @param startedMillis since when it runs
   */
  public record Settings(
      Brokers brokers, String site, String gateway, String version, long startedMillis) {}

  private final Settings settings;
  private final Upstream upstream;
  private final Inquirer inquirer;
  private final Consumer<Delivery> owner;
  private final InstantSource clock;
  private final CommandTopics topics;
  private final Results results;
  private final BrokerSession session;
  private final Object lock = new Object();
  private final Admission admission = new Admission(System.nanoTime());
  private final Allowance refusals = new Allowance(REFUSALS_PER_MINUTE, System.nanoTime());
  private long announcedNanos = System.nanoTime() - ANNOUNCE_EVERY_NANOS;
  private long unsaid; // refusals that nobody was told of
  private long unread; // of the messages that the session left out, those that were told of
  private volatile Optional<Delivery.Health> health = Optional.empty();

  private Commands(
      Settings settings,
      InstantSource clock,
      Upstream upstream,
      Inquirer inquirer,
      Consumer<Delivery> owner) {
    this.settings = settings;
    this.clock = clock;
    this.upstream = upstream;
    this.inquirer = inquirer;
    this.owner = owner;
    this.topics = new CommandTopics(settings.site(), settings.gateway());
    this.results = new Results(settings.gateway(), clock);
    this.session =
        new BrokerSession(
            new BrokerSession.Settings(
                settings.brokers(),
                "starling-command-" + settings.site() + "-" + settings.gateway(),
                Optional.empty(),
                topics.filters(),
                Optional.empty(),
                HEARD_MAX_BYTES,
                IN_FLIGHT_MAX,
                STALL_MILLIS,
                CHECK_SECONDS),
            new Ears());
  }

  /**
   * Begins to listen, and returns at once.
   *
   * @param upstream announces again, and knows which gateway is the first
   * @param inquirer asks the field
   * @param owner is warned of what is left out without a word
   */
  public static Commands open(
      Settings settings,
      InstantSource clock,
      Upstream upstream,
      Inquirer inquirer,
      Consumer<Delivery> owner) {
    Commands commands = new Commands(settings, clock, upstream, inquirer, owner);
    commands.session.open();
    commands.session.later(TALLY_MILLIS, commands::tally);
    return commands;
  }

  /** Takes what the node tells of this gateway itself. */
  @Override
  public void accept(Delivery delivery) {
    if (delivery instanceof Delivery.Health told && told.self().isPresent()) {
      health = Optional.of(told);
    }
  }

  /** Whether commands are heard. */
  boolean isUp() {
    return session.isUp();
  }

  @Override
  public void close() {
    session.close();
  }

  // ---- what comes

  private void heard(String topic, byte[] payload, boolean retained) {
    if (payload.length == 0) {
      return; // somebody takes a retained command back
    }
    CommandTopics.Line line = topics.read(topic).orElse(null);
    if (line == null) {
      unsaid();
    } else if (!line.any() || upstream.isFirst()) {
      try {
        act(admit(line.verb(), payload, retained), line.result());
      } catch (Refusal e) {
        refuse(e, line.result());
      }
    }
  }

  private Command admit(String verb, byte[] payload, boolean retained) throws Refusal {
    synchronized (lock) {
      return admission.admit(verb, payload, retained, clock.millis(), System.nanoTime());
    }
  }

  private void refuse(Refusal refusal, String topic) {
    boolean may;
    synchronized (lock) {
      may = refusals.take(System.nanoTime());
    }
    if (may) {
      say(topic, results.refused(refusal));
    } else {
      unsaid();
    }
  }

  private void unsaid() {
    synchronized (lock) {
      unsaid++;
    }
  }

  /** Once a minute: what nobody was told of. */
  private void tally() {
    long quiet;
    long large;
    synchronized (lock) {
      quiet = unsaid;
      large = session.leftOut() - unread;
      unsaid = 0;
      unread += large;
    }
    if (quiet + large > 0) {
      String text =
          "within a minute %d messages on command topics were refused without a result and %d not read: more than %d a minute, or longer than %d KiB"
              .formatted(quiet, large, REFUSALS_PER_MINUTE, HEARD_MAX_BYTES >> 10);
      owner.accept(new Delivery.Warning("command", settings.gateway(), text));
    }
    session.later(TALLY_MILLIS, this::tally);
  }

  // ---- what is done

  private void act(Command command, String topic) {
    switch (command.verb()) {
      case Verb.Rows rows -> rows(command.id(), rows, topic);
      case Verb.Announce() -> say(topic, announce(command.id()));
      case Verb.Status() -> say(topic, status(command.id()));
    }
  }

  private void rows(String id, Verb.Rows asked, String topic) {
    CompletableFuture<Void> _ =
        inquirer
            .ask(asked.zone(), asked.query(), asked.timeoutSeconds())
            .thenAcceptAsync(answer -> say(topic, rows(id, answer)), Thread::startVirtualThread);
  }

  private byte[] rows(String id, Delivery.Inquired answer) {
    return switch (answer.outcome()) {
      case ROWS -> {
        byte[] result = results.done(id, json -> Rows.write(json, answer));
        yield result.length <= RESULT_MAX_BYTES
            ? result
            : results.failed(
                id,
                Reason.OVERSIZED,
                "all rows take " + result.length + " bytes: name a query, or ask over HTTP");
      }
      case UNKNOWN -> results.failed(id, Reason.UNKNOWN, answer.fault());
      case UNANSWERED -> results.failed(id, Reason.UNANSWERED, answer.fault());
      case BUSY -> results.failed(id, Reason.BUSY, answer.fault());
      case UNREADY -> results.failed(id, Reason.UNREADY, answer.fault());
    };
  }

  private byte[] announce(String id) {
    synchronized (lock) {
      long now = System.nanoTime();
      long waitNanos = announcedNanos + ANNOUNCE_EVERY_NANOS - now;
      if (waitNanos > 0) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(waitNanos) + 1;
        return results.failed(
            id, Reason.BUSY, "all was announced a moment ago: again in " + seconds + " s");
      }
      announcedNanos = now;
    }
    int count = upstream.announce();
    return results.done(id, json -> json.name("announced").value(count));
  }

  private byte[] status(String id) {
    return results.done(
        id,
        json -> {
          json.name("site").value(settings.site());
          json.name("version").value(settings.version());
          json.name("started").value(Instant.ofEpochMilli(settings.startedMillis()).toString());
          json.name("first").value(upstream.isFirst());
          json.name("broker").value(upstream.isUp() ? "online" : "offline");
          if (health.isPresent()) {
            int waiting = (int) upstream.stock().messages();
            byte[] own = Payloads.health(health.get(), waiting, upstream.stock());
            json.name("health").jsonValue(new String(own, UTF_8));
          }
        });
  }

  private void say(String topic, byte[] payload) {
    session.publish(
        new Message(topic, payload, 1, false),
        sent -> {
          if (!sent) {
            LOG.log(Level.DEBUG, "a result could not leave: {0}", topic);
          }
        });
  }

  private final class Ears implements BrokerSession.Listener {
    @Override
    public void state(boolean up, String reason) {
      LOG.log(up ? Level.INFO : Level.WARNING, "commands: {0}", reason);
    }

    @Override
    public void message(String topic, byte[] payload, boolean retained) {
      heard(topic, payload, retained);
    }
  }
}
