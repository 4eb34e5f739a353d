package starling.gateway;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import starling.gateway.api.Api;
import starling.gateway.api.Present;
import starling.gateway.command.Commands;
import starling.gateway.history.History;
import starling.gateway.inquiry.Inquirer;
import starling.gateway.join.Joins;
import starling.gateway.sink.Influx;
import starling.gateway.sink.Outlet;
import starling.gateway.sink.Postgres;
import starling.gateway.sink.Sink;
import starling.gateway.sparkplug.EdgeNode;
import starling.gateway.upstream.Payloads;
import starling.gateway.upstream.Upstream;
import starling.gateway.web.Gauges;
import starling.gateway.web.WebServer;
import starling.link.mqtt.Brokers;
import starling.model.Delivery;

/**
 * What a gateway has besides a node and its upstream: history, sinks, commands and pages. Each can
 * be taken away and put back with other settings while all else runs, since none of them holds
 * anything that is not on disk or comes again.
 */
final class Parts implements Consumer<Delivery>, AutoCloseable {
  /** The tables of the configuration that are theirs. */
  static final Set<String> TABLES =
      Set.of("command", "history", "postgres", "influx", "sparkplug", "web");

  private final Brokers brokers;
  private final String site;
  private final Upstream upstream;
  private final Gauges gauges = new Gauges();
  private final Present present;
  private final Api.Gateway identity;
  private final Inquirer inquirer = new Inquirer();
  private final Optional<Joins> joins;
  private final Map<String, Outlet> outlets = new HashMap<>(); // by sink
  private GatewaySettings settings;
  private @Nullable History history;
  private @Nullable WebServer web;
  private volatile @Nullable Commands commands;
  private volatile Consumer<Delivery> edge = _ -> {};

  /** Starts them. */
  Parts(GatewaySettings settings, Brokers brokers, String site, String version, Upstream upstream)
      throws IOException {
    this(settings, brokers, site, version, upstream, Optional.empty());
  }

  /**
   * Starts them.
   *
   * @param joins where boards ask to join
   */
  Parts(
      GatewaySettings settings,
      Brokers brokers,
      String site,
      String version,
      Upstream upstream,
      Optional<Joins> joins)
      throws IOException {
    this.joins = joins;
    this.settings = settings;
    this.brokers = brokers;
    this.site = site;
    this.upstream = upstream;
    this.identity =
        new Api.Gateway(site, settings.name(), version, System.currentTimeMillis(), upstream::isUp);
    this.present =
        new Present(
            InstantSource.system(),
            health -> Payloads.health(health, (int) upstream.stock().messages(), upstream.stock()));
    if (settings.history().isPresent()) {
      history = History.open(settings.history().get(), this::warn);
    }
    try {
      hand(Optional.empty());
      listen();
      show();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** From now on the field can be asked through this node. */
  void ask(Inquirer.Source node) {
    inquirer.to(node);
  }

  /** Takes what the node tells. */
  @Override
  public void accept(Delivery delivery) {
    History kept = history;
    if (kept != null) {
      kept.accept(delivery);
    }
    edge.accept(delivery);
    Commands asked = commands;
    if (asked != null) {
      asked.accept(delivery);
    }
    // The charter comes once, and pages may be asked for later.
    if (settings.web().isPresent() || delivery instanceof Delivery.InForce) {
      gauges.accept(delivery);
      present.accept(delivery);
    }
  }

  /**
   * Goes on with other settings.
   *
   * @throws IOException when a page can't be shown there; all else goes on
   */
  synchronized void change(GatewaySettings next) throws IOException {
    GatewaySettings before = settings;
    settings = next;
    if (history != null && next.history().isPresent()) {
      history.change(next.history().get());
    }
    hand(Optional.of(before));
    if (before.commands() != next.commands()) {
      listen();
    }
    if (!before.web().equals(next.web())) {
      show();
    }
  }

  /** Whether a change of these settings needs nothing else than {@link #change}. */
  boolean canChangeTo(GatewaySettings next) {
    return settings.history().isPresent() == next.history().isPresent();
  }

  private void hand(Optional<GatewaySettings> before) {
    if (history == null) {
      return;
    }
    Path file = history.file();
    hand(
        file,
        Postgres.NAME,
        before.flatMap(GatewaySettings::postgres),
        settings.postgres(),
        to -> new Postgres(to, site));
    hand(
        file,
        Influx.NAME,
        before.flatMap(GatewaySettings::influx),
        settings.influx(),
        to -> new Influx(to, site));
    hand(
        file,
        EdgeNode.NAME,
        before.flatMap(GatewaySettings::sparkplug),
        settings.sparkplug(),
        to -> {
          EdgeNode opened =
              EdgeNode.open(
                  new EdgeNode.Settings(brokers, site, settings.name(), to.host(), to.counter()),
                  InstantSource.system());
          edge = opened;
          return opened;
        });
  }

  private <T> void hand(
      Path file, String name, Optional<T> before, Optional<T> now, Function<T, Sink> make) {
    if (before.equals(now)) {
      return;
    }
    Outlet old = outlets.remove(name);
    if (old != null) {
      old.close();
      edge = name.equals(EdgeNode.NAME) ? _ -> {} : edge;
    }
    now.ifPresent(to -> outlets.put(name, Outlet.start(file, make.apply(to), this::warn)));
  }

  private void listen() {
    Commands before = commands;
    if (before != null) {
      before.close();
    }
    commands =
        settings.commands()
            ? Commands.open(
                new Commands.Settings(
                    brokers, site, settings.name(), identity.version(), identity.startedMillis()),
                InstantSource.system(),
                upstream,
                inquirer,
                this::warn)
            : null;
  }

  private void show() throws IOException {
    if (web != null) {
      web.close();
      web = null;
    }
    if (settings.web().isPresent()) {
      Api api =
          new Api(
              identity, present, settings.history().map(History.Settings::file), inquirer, joins);
      web =
          WebServer.start(
              settings.web().get(),
              gauges,
              api,
              upstream,
              identity.version(),
              identity.startedMillis());
    }
  }

  private void warn(Delivery warning) {
    upstream.accept(warning);
    present.accept(warning);
  }

  @Override
  public synchronized void close() {
    if (web != null) {
      web.close();
    }
    Commands asked = commands;
    if (asked != null) {
      asked.close();
    }
    outlets.values().forEach(Outlet::close);
    if (history != null) {
      history.close();
    }
  }
}
