package starling.gateway.upstream;

import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import starling.gateway.homeassistant.Discovery;
import starling.gateway.outbox.Entry;
import starling.gateway.outbox.Outbox;
import starling.model.Charter;
import starling.model.Delivery;

/**
 * Turns what a node tells into messages: states on the shelf, events in the outbox, zones' answers
 * in both. Says of the gateway itself who it is and what it publishes. Under the upstream's lock.
 */
final class Intake {
  private static final System.Logger LOG = System.getLogger(Upstream.class.getName());

  private final Upstream.Settings settings;
  private final InstantSource clock;
  private final long startedMillis;
  private final Holdings holdings;
  private final Topics topics;
  private final Outbox outbox;
  private final Shelf shelf;
  private final Dispatch dispatch;
  private final String infoTopic;
  private final Optional<Discovery> discovery;
  private long windowMillis = 60_000; // until the charter says
  private long known; // messages
  private long refused;

  /**
   * An intake that has on the shelf what an earlier life left, and says that it is there.
   *
   * @param startedMillis since when, as others are told
   */
  Intake(
      Upstream.Settings settings,
      InstantSource clock,
      long startedMillis,
      Holdings holdings,
      Dispatch dispatch) {
    this.settings = settings;
    this.clock = clock;
    this.holdings = holdings;
    this.dispatch = dispatch;
    this.startedMillis = startedMillis;
    topics = holdings.topics();
    outbox = holdings.outbox();
    shelf = holdings.shelf();
    String statusTopic = topics.gateway(settings.gateway(), "status");
    infoTopic = topics.gateway(settings.gateway(), "info");
    discovery = settings.homeAssistant().map(prefix -> discovery(settings, prefix, statusTopic));
    shelf.put(statusTopic, Payloads.status(true));
    restore();
    introduce();
    discovery.ifPresent(announced -> announce(announced.gateway()));
  }

  private static Discovery discovery(
      Upstream.Settings settings, String prefix, String statusTopic) {
    return new Discovery(
        new Discovery.Settings(prefix, settings.site(), settings.gateway(), settings.version()),
        statusTopic);
  }

  private void restore() {
    outbox
        .known()
        .forEach((topic, words) -> {
          if (topics.path(topic).isPresent()) {
            shelf.restore(topic, words);
          } else {
            discovery.filter(d -> d.isConfig(topic)).ifPresent(d -> d.restore(topic, words));
          }
        });
    for (Entry entry : outbox.newest()) {
      shelf.restore(entry.topic(), entry.payload(), Rank.of(entry));
    }
  }

  /** Answers that were no news. */
  long known() {
    return known;
  }

  /** Deliveries that can't be published. */
  long refused() {
    return refused;
  }

  /** Where Home Assistant says that it has started; empty without discovery. */
  Optional<String> birthTopic() {
    return discovery.map(Discovery::birthTopic);
  }

  /** Spells out what a node tells, as far as that needs no lock; what is answered does. */
  static Consumer<Intake> spelled(Delivery delivery) {
    if (delivery instanceof Delivery.Result result) {
      byte[] payload = Payloads.result(result);
      return intake -> intake.take(() -> intake.turn(result, payload));
    }
    return intake -> intake.take(() -> intake.turn(delivery));
  }

  /** What can't be published is counted. */
  private void take(Runnable turn) {
    try {
      turn.run();
    } catch (IllegalArgumentException e) {
      refuse(String.valueOf(e.getMessage()));
    }
  }

  private void turn(Delivery delivery) {
    switch (delivery) {
      case Delivery.SampleDue _, Delivery.Inquired _ -> {}
      case Delivery.Result result -> turn(result, Payloads.result(result));
      case Delivery.Latest latest -> turn(latest);
      case Delivery.NodeState node -> turn(node);
      case Delivery.Health health ->
          retain(
              topics.node(health.node(), "health"),
              Payloads.health(health, dispatch.waiting(), outbox.stock()));
      case Delivery.Timing timing -> tell("timing", _ -> Payloads.timing(timing));
      case Delivery.Warning(String kind, String subject, String text) ->
          tell("warning", now -> Payloads.told(kind, subject, text, now));
      case Delivery.Notice(String kind, String subject, String text) ->
          tell("notice", now -> Payloads.told(kind, subject, text, now));
      case Delivery.InForce(Charter charter) -> tidy(charter);
    }
  }

  private void turn(Delivery.Result result, byte[] payload) {
    String topic = topics.zone(result.zone(), result.query());
    Rank rank = Rank.of(result);
    boolean waiting = shelf.isDue(topic);
    Shelf.Verdict verdict = shelf.put(topic, payload, rank);
    switch (verdict) {
      case FULL -> refuse("more than " + Shelf.TOPICS_MAX + " topics");
      case DROP -> known++;
      case RETAIN, TELL -> {
        if (verdict == Shelf.Verdict.RETAIN) {
          shelf.hold(topic);
          holdings.remembered().add(topic);
          dispatch.stirIf(waiting);
          announce(result, topic);
        }
        if (holdings.rivals().hold(result.zone())) {
          introduce();
        }
        outbox.put(rank.entry(topic, payload));
      }
    }
  }

  private void announce(Delivery.Result result, String topic) {
    if (discovery.isPresent() && holdings.publishes(result.zone())) {
      discovery.get().answer(result, topic).ifPresent(this::announce);
    }
  }

  private void turn(Delivery.Latest latest) {
    String topic = topics.node(latest.node(), "latest");
    retain(topic, Payloads.latest(latest));
    if (discovery.isPresent() && holdings.publishes(latest.node())) {
      List<String> all =
          List.of(
              topic, topics.node(latest.node(), "status"), topics.node(latest.node(), "health"));
      discovery.get().latest(latest, all, windowMillis).ifPresent(this::announce);
    }
  }

  private void announce(Discovery.Config config) {
    if (config.payload().length == 0) {
      shelf.clear(config.topic());
      outbox.know(config.topic(), "");
    } else {
      retain(config.topic(), config.payload());
      outbox.know(config.topic(), config.path());
    }
  }

  /** Home Assistant has started, or this gateway may be another's successor. */
  void announceAgain() {
    discovery.ifPresent(announced ->
        announced.topics().stream()
            .filter(topic -> holdings.publishes(announced.path(topic)))
            .forEach(shelf::again));
  }

  private void turn(Delivery.NodeState node) {
    boolean online = node.state() != Delivery.State.GONE;
    retain(topics.node(node.node(), "status"), Payloads.status(online));
    tell("node", now -> Payloads.node(node, now));
  }

  private void retain(String topic, byte[] payload) {
    switch (shelf.put(topic, payload)) {
      case FULL -> refuse("more than " + Shelf.TOPICS_MAX + " topics");
      case RETAIN -> holdings.remembered().add(topic);
      case TELL, DROP -> {}
    }
  }

  /** Takes back what was published of zones and nodes that are not there any more. */
  private void tidy(Charter charter) {
    Set<String> ours = new HashSet<>(shelf.topics());
    ours.addAll(holdings.remembered().topics());
    for (String topic : ours) {
      if (topics.path(topic).filter(charter::excludes).isPresent()) {
        shelf.clear(topic);
      }
    }
    if (holdings.rivals().leave(charter::excludes)) {
      introduce();
    }
    charter.site().ifPresent(site -> windowMillis = site.windowMillis());
    discovery.ifPresent(announced -> announced.inForce(charter).forEach(this::announce));
  }

  private void tell(String kind, LongFunction<byte[]> payload) {
    outbox.put(event(kind, payload.apply(clock.millis())));
  }

  /** An event with the next number. Needs no lock: the outbox asks for some on its own thread. */
  Entry event(String kind, byte[] payload) {
    long number = outbox.nextEvent();
    return Entry.event(
        topics.event(kind), number, Payloads.stamped(payload, settings.gateway(), number));
  }

  /** Says who this gateway is, and which zones it publishes. */
  void introduce() {
    Rivals rivals = holdings.rivals();
    shelf.put(
        infoTopic,
        Payloads.info(
            settings.gateway(),
            settings.version(),
            startedMillis,
            rivals.publishes(),
            rivals.standsBy()));
  }

  private void refuse(String why) {
    if (refused++ == 0) {
      LOG.log(Level.WARNING, "not published, and further ones are counted only: {0}", why);
    }
  }
}
