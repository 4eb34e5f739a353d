package starling.gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.gateway.broker.EmbeddedBroker;
import starling.gateway.broker.User;
import starling.gateway.inquiry.Inquirer;
import starling.gateway.inquiry.SmallSite;
import starling.gateway.upstream.Upstream;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Login;
import starling.link.mqtt.MosquittoSub;
import starling.model.Delivery;

/** Commands as others say them, with mosquitto's own clients, to a gateway with a field. */
class CommandsTest {
  private static final String COMMAND = "starling/berlin/command/";

  @AutoClose private static SmallSite site;
  @TempDir static Path field;

  @TempDir Path directory;
  private final Inquirer inquirer = new Inquirer();
  private final List<Delivery> warnings = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void startTheField() throws Exception {
    site = SmallSite.start(field);
  }

  @BeforeEach
  void ask() {
    inquirer.to(site.gate()::ask);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  @Test
  void rowsOfAZoneElsewhereAreTheResult() throws Exception {
    start("gate");
    JsonObject nodes = result("gate/rows", command("r1", ",\"zone\":\"/berlin/north\""));
    assertEquals("done", nodes.get("outcome").getAsString());
    assertEquals("r1", nodes.get("id").getAsString());
    assertEquals("gate", nodes.get("gateway").getAsString());
    assertEquals(SmallSite.NORTH, nodes.get("of").getAsString());
    JsonObject n1 = nodes.getAsJsonArray("rows").get(0).getAsJsonObject();
    assertEquals("/berlin/north/n1", n1.get("node").getAsString());
    JsonObject zones = result("gate/rows", command("r2", ",\"query\":\"climate\""));
    assertEquals(2, zones.getAsJsonArray("rows").size());
    JsonObject none = result("gate/rows", command("r3", ",\"zone\":\"/berlin/nort\""));
    assertEquals("failed", none.get("outcome").getAsString());
    assertEquals("unknown", none.get("reason").getAsString());
    assertTrue(none.get("text").getAsString().endsWith("did you mean north?"), none.toString());
    inquirer.to((_, _, _, _) -> {});
    JsonObject late = result("gate/rows", command("r4", ",\"timeout_s\":1"));
    assertEquals("unanswered", late.get("reason").getAsString());
  }

  @Test
  void announceSaysWhatIsRetainedAgainToWhoForgotIt() throws Exception {
    Upstream upstream = start("gate");
    String info = "starling/berlin/gateway/gate/info";
    Eventually.until("it is there", () -> !retained(info).isEmpty());
    publish(info, "", "-r");
    Eventually.until("it is taken away", () -> retained(info).isEmpty());
    JsonObject announced = result("gate/announce", command("a1", ""));
    assertTrue(announced.get("announced").getAsInt() >= 2, announced.toString());
    Eventually.until("it is there again", () -> !retained(info).isEmpty());
    JsonObject soon = result("gate/announce", command("a2", ""));
    assertEquals("failed", soon.get("outcome").getAsString());
    assertEquals("busy", soon.get("reason").getAsString());
    assertTrue(upstream.isUp());
  }

  @Test
  void statusTellsHowTheGatewayIs() throws Exception {
    Upstream upstream = upstream("gate");
    Commands commands = commands("gate", upstream);
    commands.accept(vitals());
    JsonObject status = result("gate/status", command("s1", ""));
    assertEquals("0.1.0", status.get("version").getAsString());
    assertTrue(status.get("first").getAsBoolean());
    JsonObject health = status.getAsJsonObject("health");
    assertEquals("/berlin/city/gate", health.get("node").getAsString());
    assertTrue(health.getAsJsonObject("outbox").get("writable").getAsBoolean());
  }

  @Test
  void whatIsRetainedExpiredRepeatedMalformedOrTooLongIsRefusedWithItsReason() throws Exception {
    String topic = COMMAND + "gate/status";
    publish(topic, command("kept", ""), "-r");
    try (MosquittoSub results = results("+/+/result")) {
      start("gate");
      assertRefused(results, "kept", "retained", "published without retain");
      publish(topic, "", "-r");
      publish(topic, "{\"id\":\"old\",\"expires\":\"2026-01-01T00:00:00Z\"}");
      assertRefused(results, "old", "expired", "it expired at 2026-01-01T00:00:00Z, and here");
      publish(topic, command("once", ""), "-q", "1");
      results.await("done", seen -> seen.payload().contains("\"id\":\"once\""));
      publish(topic, command("once", ""), "-q", "1");
      assertRefused(results, "once", "repeated", "take another id");
      publish(topic, "{\"id\":\"bad\",\"expires\":\"never\"}");
      assertRefused(results, "bad", "malformed", "such as 2026-06-01T12:00:00Z");
      publish(COMMAND + "gate/dance", command("odd", ""));
      assertRefused(results, "odd", "unknown", "no verb dance; there are rows, announce, status");
      publish(topic, "x".repeat(5_000));
      results.await("oversized", seen -> seen.payload().contains("1024 bytes, not 5000"));
      publish(topic, "not JSON");
      results.await("no id", seen -> seen.payload().contains("a command is a JSON object"));
      publish(topic, "x".repeat(5_000_000)); // left unread
      publish(COMMAND + "gate/No-Verb", command("mute", ""));
      publish(COMMAND + "gate/", command("mute", ""));
      publish(topic, command("end", ""));
      results.await("the end", seen -> seen.payload().contains("\"id\":\"end\""));
      assertFalse(results.seen().stream().anyMatch(seen -> seen.payload().contains("\"mute\"")));
      assertTrue(results.seen().stream().noneMatch(MosquittoSub.Seen::retained));
    }
  }

  @Test
  void aFloodIsActedOnThirtyTimesAndRefusedAsOftenAndTheRestIsCounted() throws Exception {
    Commands commands = commands("gate", upstream("gate"));
    try (MosquittoSub results = results("gate/+/result")) {
      String flood =
          String.join(
              "\n",
              Stream.iterate(1, i -> i + 1).limit(300).map(i -> command("f" + i, "")).toList());
      Path lines = Files.writeString(directory.resolve("flood"), flood + "\n");
      run(lines, "mosquitto_pub", "-l", "-q", "1", "-t", COMMAND + "gate/status");
      Eventually.until("done", () -> count(results, "done") >= Admission.PER_MINUTE);
      Eventually.until("busy", () -> count(results, "busy") >= Commands.REFUSALS_PER_MINUTE);
      JsonObject last =
          JsonParser.parseString(results.seen().getLast().payload()).getAsJsonObject();
      assertEquals("refused", last.get("outcome").getAsString());
      // A minute's allowance comes back evenly: some more may have gone through meanwhile.
      assertTrue(results.seen().size() < 100, results.seen().size() + " results");
      Eventually.until(
          "each was answered or counted",
          () -> {
            commands.tally();
            return results.seen().size() + counted() == 300;
          });
    }
  }

  @Test
  void ofTwoGatewaysTheFirstActsOnWhatIsForAnyAndTheNextOneWhenItIsGone() throws Exception {
    Upstream first = upstream("gate-a");
    Commands desk = commands("gate-a", first);
    Upstream second = upstream("gate-b");
    commands("gate-b", second);
    first.accept(answer());
    second.accept(answer());
    Eventually.until("they know each other", () -> first.isFirst() && !second.isFirst());
    // Status and info, and of the first the zone as well.
    assertEquals(3, result("gate-a/announce", command("a", "")).get("announced").getAsInt());
    assertEquals(2, result("gate-b/announce", command("b", "")).get("announced").getAsInt());
    try (MosquittoSub results = results("any/status/result")) {
      publish(COMMAND + "any/status", command("any-1", ""));
      results.await("a result", seen -> seen.payload().contains("any-1"));
      publish(COMMAND + "gate-b/status", command("own", ""));
      desk.close();
      first.close();
      Eventually.until("the second is the first now", second::isFirst);
      publish(COMMAND + "any/status", command("any-2", ""));
      results.await("another", seen -> seen.payload().contains("any-2"));
      assertEquals(2, results.seen().size(), results.seen().toString());
      assertTrue(results.seen().getFirst().payload().contains("\"gateway\":\"gate-a\""));
      assertTrue(results.seen().getLast().payload().contains("\"gateway\":\"gate-b\""));
    }
  }

  @Test
  void atTheEmbeddedBrokerWhoeverMayWriteThereMayCommand() throws Exception {
    List<User> users =
        Stream.of(
                "gate secret",
                "desk blue read starling/#",
                "ops green read starling/# write starling/berlin/command/gate/status")
            .map(User::parse)
            .toList();
    try (EmbeddedBroker own =
        EmbeddedBroker.start(
            new EmbeddedBroker.Settings(
                "127.0.0.1", 0, directory, users, Optional.empty(), false))) {
      Brokers brokers = Brokers.at(own.uri(), Optional.of(new Login("gate", "secret")));
      Upstream upstream = upstream("gate", brokers);
      commands("gate", upstream, brokers);
      int port = own.port();
      String[] ops = {"-u", "ops", "-P", "green"};
      try (MosquittoSub results =
          MosquittoSub.to(port, COMMAND + "+/+/result", "-u", "desk", "-P", "blue")) {
        publish(port, COMMAND + "gate/status", command("by-desk", ""), "-u", "desk", "-P", "blue");
        publish(port, COMMAND + "gate/rows", command("by-ops", ""), ops);
        publish(port, COMMAND + "gate/status", command("allowed", ""), ops);
        results.await("a result", seen -> seen.payload().contains("\"id\":\"allowed\""));
        assertEquals(1, results.seen().size(), results.seen().toString());
      }
    }
  }

  // ---- gateways

  private Upstream start(String gateway) throws Exception {
    Upstream upstream = upstream(gateway);
    commands(gateway, upstream);
    return upstream;
  }

  private Upstream upstream(String gateway) throws IOException {
    return upstream(gateway, Brokers.at(site.broker().uri(), Optional.empty()));
  }

  private Upstream upstream(String gateway, Brokers brokers) throws IOException {
    Upstream upstream =
        new Upstream(
            new Upstream.Settings(
                brokers, "berlin", gateway, "0.1.0", Upstream.Keeping.IN_MEMORY, Optional.empty()),
            InstantSource.system());
    upstream.open();
    open.add(upstream);
    return upstream;
  }

  private Commands commands(String gateway, Upstream upstream) {
    return commands(gateway, upstream, Brokers.at(site.broker().uri(), Optional.empty()));
  }

  /** Open, and heard: it answers. */
  private Commands commands(String gateway, Upstream upstream, Brokers brokers) {
    Commands commands =
        Commands.open(
            new Commands.Settings(brokers, "berlin", gateway, "0.1.0", 0),
            InstantSource.system(),
            upstream,
            inquirer,
            warnings::add);
    open.add(commands);
    Eventually.until("it listens", commands::isUp);
    return commands;
  }

  private static Delivery.Result answer() {
    long now = System.currentTimeMillis();
    return new Delivery.Result(
        "/berlin", "climate", now - 1000, now, new TreeMap<>(), new TreeMap<>(), 3, 3, 0, 3, 0);
  }

  private static Delivery.Health vitals() {
    Delivery.Vitals self =
        new Delivery.Vitals(
            5_000, 800, 0, List.of(), 0, 0, new TreeMap<>(), OptionalDouble.empty());
    return new Delivery.Health(
        "/berlin/city/gate", 0, Delivery.State.UP, 1, Optional.empty(), Optional.of(self));
  }

  // ---- who commands

  private static String command(String id, String more) {
    Instant expires = Instant.now().plusSeconds(60);
    return "{\"id\":\"" + id + "\",\"expires\":\"" + expires + "\"" + more + "}";
  }

  private JsonObject result(String to, String command) throws Exception {
    try (MosquittoSub results = results(to + "/result")) {
      publish(COMMAND + to, command);
      MosquittoSub.Seen seen = results.await("a result", _ -> true);
      return JsonParser.parseString(seen.payload()).getAsJsonObject();
    }
  }

  private static MosquittoSub results(String below) {
    return MosquittoSub.to(site.broker().port(), COMMAND + below);
  }

  /** Messages that warnings say were refused without a result. */
  private int counted() {
    return warnings.stream()
        .map(warning -> ((Delivery.Warning) warning).text())
        .mapToInt(text -> Integer.parseInt(text.replaceAll("within a minute (\\d+) .*", "$1")))
        .sum();
  }

  private static String retained(String topic) {
    return MosquittoSub.retained(site.broker().port(), topic);
  }

  private static void assertRefused(MosquittoSub results, String id, String reason, String text) {
    MosquittoSub.Seen seen =
        results.await(
            reason,
            one ->
                one.payload().contains("\"id\":\"" + id + "\"")
                    && one.payload().contains("\"reason\":\"" + reason + "\""));
    JsonObject result = JsonParser.parseString(seen.payload()).getAsJsonObject();
    assertEquals("refused", result.get("outcome").getAsString());
    assertTrue(result.get("text").getAsString().contains(text), result.toString());
  }

  private static long count(MosquittoSub results, String word) {
    return results.seen().stream().filter(s -> s.payload().contains("\"" + word + "\"")).count();
  }

  private void publish(String topic, String payload, String... options) throws Exception {
    publish(site.broker().port(), topic, payload, options);
  }

  private void publish(int port, String topic, String payload, String... options) throws Exception {
    Path file = Files.writeString(directory.resolve("payload"), payload);
    List<String> command = new ArrayList<>(List.of("mosquitto_pub", "-p", "" + port, "-t", topic));
    command.addAll(payload.isEmpty() ? List.of("-n") : List.of("-f", file.toString()));
    command.addAll(List.of(options));
    run(file, command.toArray(String[]::new));
  }

  private static void run(Path input, String... words) {
    List<String> command = new ArrayList<>(List.of(words));
    command.addAll(List.of("-h", "127.0.0.1"));
    if (!command.contains("-p")) {
      command.addAll(List.of("-p", "" + site.broker().port()));
    }
    try {
      new ProcessBuilder(command).redirectInput(input.toFile()).start().onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
