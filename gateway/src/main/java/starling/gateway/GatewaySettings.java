package starling.gateway;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import starling.gateway.broker.EmbeddedBroker;
import starling.gateway.command.Commands;
import starling.gateway.history.History;
import starling.gateway.sink.Influx;
import starling.gateway.sink.Postgres;
import starling.gateway.sparkplug.EdgeNode;
import starling.gateway.upstream.Upstream;
import starling.gateway.web.WebServer;
import starling.link.mqtt.Brokers;
import starling.model.Names;
import starling.node.Configuration;
import starling.node.ConfigurationException;
import starling.node.NodeSettings;

/**
 * What a gateway is to be, besides a node.
 *
 * @param name in topics
 * @param brokers where to publish; empty if the broker is ours
 * @param embedded the broker to run here
 * @param keeping what is kept until the broker has it
 * @param homeAssistant the prefix of its discovery topics; empty for no discovery
 * @param commands whether it can be told to do something over MQTT
 * @param history what is kept of the past, if anything is
 * @param postgres where the history goes as well, if it does
 * @param influx the same
 * @param sparkplug who is to hear of it as a Sparkplug host, if anybody is
 * @param web where metrics are shown, if they are
 */
record GatewaySettings(
    String name,
    Optional<Brokers> brokers,
    Optional<EmbeddedBroker.Settings> embedded,
    Upstream.Keeping keeping,
    Optional<String> homeAssistant,
    boolean commands,
    Optional<History.Settings> history,
    Optional<Postgres.Settings> postgres,
    Optional<Influx.Settings> influx,
    Optional<Sparkplug> sparkplug,
    Optional<WebServer.Settings> web) {

  /**
   * What a Sparkplug edge node is besides this gateway.
   *
   * @param host its primary host, if it has one
   * @param counter where it counts its connections
   */
  record Sparkplug(Optional<String> host, Path counter) {}

  private static final long OUTBOX_MB = 256;
  private static final long OUTBOX_MAX_MB = 64 << 10;
  private static final long LATE_PER_SECOND = 500;
  private static final long LATE_MAX_PER_SECOND = 100_000;
  private static final long HISTORY_MB = 128;
  private static final long FULL_DAYS = 7;
  private static final long QUARTER_DAYS = 90;
  private static final long DAYS_MAX = 36_500;

  static final List<Configuration.Key> KEYS = keys();

  private static List<Configuration.Key> keys() {
    List<Configuration.Key> keys = new ArrayList<>(NodeSettings.KEYS);
    keys.add(new Configuration.Key("gateway.name", "its name in topics; gate if not set"));
    keys.addAll(BrokerTable.KEYS);
    keys.add(
        Configuration.Key.number(
            "outbox.max_mb",
            1,
            OUTBOX_MAX_MB,
            "disk for what the broker has not taken yet; 256 if not set"));
    keys.add(
        Configuration.Key.number(
            "outbox.late_per_second",
            1,
            LATE_MAX_PER_SECOND,
            "late messages a second, at most; 500 if not set"));
    keys.add(
        Configuration.Key.number(
            "history.max_mb",
            0,
            OUTBOX_MAX_MB,
            "disk for the numbers of the past; 128 if not set, 0 for none"));
    keys.add(
        Configuration.Key.number(
            "history.full_days",
            1,
            DAYS_MAX,
            "each window for so long, then quarters of an hour; 7 if not set"));
    keys.add(
        Configuration.Key.number(
            "history.quarter_days",
            1,
            DAYS_MAX,
            "quarters of an hour for so long, then hours; 90 if not set"));
    keys.add(
        new Configuration.Key(
            "postgres.url", "the history goes there as well: postgresql://host:5432/orchard"));
    keys.add(new Configuration.Key("postgres.user", "user name there"));
    keys.add(new Configuration.Key("postgres.password_file", "file with the password, mode 0600"));
    keys.add(
        new Configuration.Key(
            "influx.url", "and there: http://127.0.0.1:8086/write?db=orchard (line protocol)"));
    keys.add(new Configuration.Key("influx.user", "user name there"));
    keys.add(new Configuration.Key("influx.password_file", "file with the password, mode 0600"));
    keys.add(new Configuration.Key("influx.token_file", "or with a token, mode 0600"));
    keys.add(
        Configuration.Key.flag(
            "command.enabled", "false: takes no commands over MQTT; true if not set"));
    keys.add(
        Configuration.Key.flag(
            "sparkplug.enabled", "true: publish as a Sparkplug B edge node as well"));
    keys.add(
        new Configuration.Key(
            "sparkplug.host", "its primary host: while that is away, data waits in the history"));
    keys.add(new Configuration.Key("web.listen", "show /metrics and the API here: 127.0.0.1:9610"));
    keys.add(new Configuration.Key("web.user", "who may look; needed beyond this machine"));
    keys.add(new Configuration.Key("web.password_file", "file with the password, mode 0600"));
    keys.add(
        Configuration.Key.flag(
            "homeassistant.discovery", "true: Home Assistant finds zones and nodes by itself"));
    keys.add(
        new Configuration.Key(
            "homeassistant.prefix", "of its discovery topics; homeassistant if not set"));
    return List.copyOf(keys);
  }

  static GatewaySettings of(Configuration from) throws ConfigurationException, IOException {
    boolean embeds = from.text("broker.listen").isPresent();
    if (embeds == from.text("broker.url").isPresent()) {
      throw new ConfigurationException(
          "[broker] wants either listen = \"127.0.0.1:1883\" (run one here) or url ="
              + " \"mqtt://host:1883\"");
    }
    return new GatewaySettings(
        name(from),
        embeds ? Optional.empty() : Optional.of(BrokerTable.brokers(from)),
        embeds ? Optional.of(BrokerTable.embedded(from)) : Optional.empty(),
        keeping(from),
        homeAssistant(from),
        from.flag("command.enabled", true),
        history(from),
        postgres(from),
        influx(from),
        sparkplug(from),
        web(from));
  }

  private static String name(Configuration from) throws ConfigurationException {
    try {
      String name = Names.check(from.text("gateway.name").orElse("gate"));
      if (name.equals(Commands.ANY)) {
        throw from.refused("gateway.name", "any means whichever gateway is the first");
      }
      return name;
    } catch (IllegalArgumentException e) {
      throw from.refused("gateway.name", String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> homeAssistant(Configuration from) throws ConfigurationException {
    if (!from.flag("homeassistant.discovery", false)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Names.check(from.text("homeassistant.prefix").orElse("homeassistant")));
    } catch (IllegalArgumentException e) {
      throw from.refused("homeassistant.prefix", String.valueOf(e.getMessage()));
    }
  }

  private static Upstream.Keeping keeping(Configuration from) throws ConfigurationException {
    return new Upstream.Keeping(
        Optional.of(from.path("node.state")),
        from.number("outbox.max_mb", OUTBOX_MB) << 20,
        (int) from.number("outbox.late_per_second", LATE_PER_SECOND));
  }

  private static Optional<History.Settings> history(Configuration from)
      throws ConfigurationException {
    long bytesMax = from.number("history.max_mb", HISTORY_MB) << 20;
    List<String> sinks = sinks(from);
    if (bytesMax == 0) {
      if (!sinks.isEmpty()) {
        throw from.refused(
            "history.max_mb", "must not be 0: what " + sinks + " has not taken waits there");
      }
      return Optional.empty();
    }
    try {
      return Optional.of(
          new History.Settings(
              from.path("node.state").resolve("history.db"),
              bytesMax,
              (int) from.number("history.full_days", FULL_DAYS),
              (int) from.number("history.quarter_days", QUARTER_DAYS),
              sinks));
    } catch (IllegalArgumentException e) {
      throw from.refused("history.quarter_days", "must not be less than history.full_days");
    }
  }

  private static List<String> sinks(Configuration from) {
    List<String> sinks = new ArrayList<>();
    for (String sink : List.of(Postgres.NAME, Influx.NAME)) {
      from.text(sink + ".url").ifPresent(_ -> sinks.add(sink));
    }
    if (from.flag("sparkplug.enabled", false)) {
      sinks.add(EdgeNode.NAME);
    }
    return sinks;
  }

  private static Optional<Sparkplug> sparkplug(Configuration from) throws ConfigurationException {
    if (!from.flag("sparkplug.enabled", false)) {
      return Optional.empty();
    }
    Path counter = from.path("node.state").resolve("sparkplug.bdseq");
    try {
      return Optional.of(new Sparkplug(from.text("sparkplug.host").map(EdgeNode::host), counter));
    } catch (IllegalArgumentException e) {
      throw from.refused("sparkplug.host", String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Postgres.Settings> postgres(Configuration from)
      throws ConfigurationException, IOException {
    Optional<String> url = from.text("postgres.url");
    if (url.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Postgres.Settings(url.get(), Secrets.login(from, "postgres")));
    } catch (IllegalArgumentException e) {
      throw from.refused("postgres.url", String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Influx.Settings> influx(Configuration from)
      throws ConfigurationException, IOException {
    Optional<String> url = from.text("influx.url");
    if (url.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> authorization =
        from.text("influx.token_file").isPresent()
            ? Optional.of(Influx.Settings.token(Secrets.text(from, "influx.token_file")))
            : Secrets.login(from, "influx")
                .map(login -> Influx.Settings.basic(login.user(), login.password()));
    try {
      return Optional.of(new Influx.Settings(URI.create(url.get()), authorization));
    } catch (IllegalArgumentException e) {
      throw from.refused("influx.url", String.valueOf(e.getMessage()));
    }
  }

  private static Optional<WebServer.Settings> web(Configuration from)
      throws ConfigurationException, IOException {
    Optional<String> listen = from.text("web.listen");
    if (listen.isEmpty()) {
      return Optional.empty();
    }
    int colon = listen.get().lastIndexOf(':');
    try {
      String host = listen.get().substring(0, Math.max(0, colon)).replaceAll("[\\[\\]]", "");
      int port = Integer.parseInt(listen.get().substring(colon + 1));
      return Optional.of(new WebServer.Settings(host, port, Secrets.login(from, "web")));
    } catch (IllegalArgumentException e) {
      throw from.refused("web.listen", "must look like 127.0.0.1:9610 (" + e.getMessage() + ")");
    }
  }
}
