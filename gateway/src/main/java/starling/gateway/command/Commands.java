package starling.gateway.command;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import starling.gateway.inquiry.Inquirer;
import starling.gateway.upstream.Upstream;
import starling.link.mqtt.BrokerSession;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Message;
import starling.model.Delivery;

/**
 * Hears commands at the broker, has them acted on, and publishes what came of each. Who may command
 * is the broker's business: whoever may write on these topics.
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

  private static final Logger LOG = System.getLogger(Commands.class.getName());

  /** Larger messages are not read, and so not even refused. */
  private static final int HEARD_MAX_BYTES = 64 << 10;

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
  private final Consumer<Delivery> owner;
  private final InstantSource clock;
  private final CommandTopics topics;
  private final Results results;
  private final Execution execution;
  private final BrokerSession session;
  private final Object lock = new Object();
  private final Admission admission = new Admission(System.nanoTime());
  private final Allowance refusals = new Allowance(REFUSALS_PER_MINUTE, System.nanoTime());
  private long unsaid; // refusals that nobody was told of
  private long unread; // of the messages that the session left out, those that were told of

  private Commands(
      Settings settings,
      InstantSource clock,
      Upstream upstream,
      Inquirer inquirer,
      Consumer<Delivery> owner) {
    this.settings = settings;
    this.clock = clock;
    this.upstream = upstream;
    this.owner = owner;
    this.topics = new CommandTopics(settings.site(), settings.gateway());
    this.results = new Results(settings.gateway(), clock);
    this.execution = new Execution(settings, upstream, inquirer, results);
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
    commands.session.later(TALLY_MILLIS, commands::tallyAgain);
    return commands;
  }

  /** Takes what the node tells of this gateway itself. */
  @Override
  public void accept(Delivery delivery) {
    if (delivery instanceof Delivery.Health told && told.self().isPresent()) {
      execution.know(told);
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
        Command command = admit(line.verb(), payload, retained);
        execution.act(command, result -> say(line.result(), result));
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

  private void tallyAgain() {
    tally();
    session.later(TALLY_MILLIS, this::tallyAgain);
  }

  /** Warns of what nobody was told of since the last time. */
  void tally() {
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
          ("within a minute %d messages on command topics were refused without a result, and %d not"
                  + " read: more than %d refusals, or longer than %d KiB")
              .formatted(quiet, large, REFUSALS_PER_MINUTE, HEARD_MAX_BYTES >> 10);
      owner.accept(new Delivery.Warning("command", settings.gateway(), text));
    }
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
