package starling.gateway.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.gateway.history.History;
import starling.link.mqtt.Eventually;
import starling.link.mqtt.Login;
import starling.model.Delivery;

/** With servers as the distribution has them. */
class OutletTest {
  private static final long NOON_MILLIS = 1_780_315_200_000L;

  @TempDir Path directory;
  private final List<Delivery> warnings = new CopyOnWriteArrayList<>();

  @Test
  void postgresHasEveryWindowOnceAlsoAfterItWasAway() throws Exception {
    try (PostgresServer server = new PostgresServer();
        History history = history(Postgres.NAME)) {
      Postgres.Settings right =
          new Postgres.Settings(
              server.url(), Optional.of(new Login(PostgresServer.USER, PostgresServer.PASSWORD)));
      try (Outlet _ = Outlet.start(history.file(), new Postgres(right, "berlin"), warnings::add)) {
        history.accept(answer(0, 5, 20));
        history.accept(answer(0, 6, 21));
        history.accept(readings());
        Eventually.until("three rows of the zone", () -> count(server) == 3);
        server.kill();
        for (int window = 1; window < 700; window++) {
          history.accept(answer(window, 6, window));
        }
        Eventually.until("that it is away is said", () -> !warnings.isEmpty());
        server.start();
        Eventually.until("all windows are there", () -> count(server) == 3 * 700);
      }
      assertFalse(warnings.toString().contains("kind=history"), "nobody keeps it from writing");
      assertEquals(
          "2026-06-01 12:00:00+00 60 /berlin/north climate avg_temperature Cel 21",
          select(
              server,
              "SELECT concat_ws(' ', ts AT TIME ZONE 'UTC' || '+00', span_s, zone, query, name,"
                  + " unit, value) FROM starling_zone ORDER BY ts, name LIMIT 1"));
      assertEquals(
          "/berlin/north/n1 battery V 3.7",
          select(server, "SELECT concat_ws(' ', node, name, unit, value) FROM starling_node"));
    }
  }

  @Test
  void influxHasEveryWindowOnceAlsoAfterItWasAway() throws Exception {
    try (InfluxServer server = new InfluxServer(directory);
        History history = history(Influx.NAME)) {
      Influx.Settings right =
          new Influx.Settings(
              server.uri("/write?db=orchard"),
              Optional.of(Influx.Settings.basic(InfluxServer.USER, InfluxServer.PASSWORD)));
      try (Outlet _ = Outlet.start(history.file(), new Influx(right, "berlin"), warnings::add)) {
        history.accept(answer(0, 5, 20));
        history.accept(answer(0, 6, 21));
        history.accept(readings());
        Eventually.until("one window", () -> server("1", server));
        server.kill();
        for (int window = 1; window < 700; window++) {
          history.accept(answer(window, 6, window));
        }
        Eventually.until("that it is away is said", () -> !warnings.isEmpty());
        server.start();
        Eventually.until("all windows are there", () -> server("700", server));
      }
      String first = server.ask("SELECT * FROM starling_zone LIMIT 1");
      assertTrue(
          first.contains(
              "\"columns\":[\"time\",\"avg_temperature\",\"coverage.expected\","
                  + "\"coverage.reported\",\"query\",\"site\",\"zone\"],\"values\":[[1780315200000,"
                  + "21,18,6,\"climate\",\"berlin\",\"/berlin/north\"]]"),
          first);
      String node = server.ask("SELECT * FROM starling_node");
      assertTrue(node.contains("[[1780315200000,3.7,\"/berlin/north/n1\",\"berlin\"]]"), node);
    }
  }

  @Test
  void aWrongPasswordIsSaidAndNotShown() throws Exception {
    try (InfluxServer server = new InfluxServer(directory);
        History history = history(Influx.NAME)) {
      Influx.Settings wrong =
          new Influx.Settings(
              server.uri("/write?db=orchard"),
              Optional.of(Influx.Settings.basic(InfluxServer.USER, "hush-hush")));
      try (Outlet _ = Outlet.start(history.file(), new Influx(wrong, "berlin"), warnings::add)) {
        history.accept(answer(0, 5, 20));
        Eventually.until("it is said", () -> !warnings.isEmpty());
        String said = warnings.getFirst().toString();
        assertTrue(said.contains("it answers 401"), said);
        assertTrue(!said.contains("hush"), said);
      }
    }
  }

  @Test
  void aPasswordIsNotSentInTheClear() {
    Optional<String> password = Optional.of("Basic eHh4");
    assertThrows(
        IllegalArgumentException.class,
        () -> new Influx.Settings(URI.create("http://192.0.2.1:8086/write?db=orchard"), password));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Postgres.Settings("postgresql://me:secret@host/field", Optional.empty()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Postgres.Settings("postgresql://host/field?password=x", Optional.empty()));
  }

  private static boolean server(String windows, InfluxServer server) {
    try {
      return server
          .ask("SELECT COUNT(avg_temperature) FROM starling_zone")
          .contains("[[0," + windows + "]]");
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  private static long count(PostgresServer server) {
    try {
      return Long.parseLong(select(server, "SELECT COUNT(*) FROM starling_zone"));
    } catch (SQLException e) {
      return -1;
    }
  }

  private static String select(PostgresServer server, String sql) throws SQLException {
    try (Connection db =
            DriverManager.getConnection(
                "jdbc:" + server.url(), PostgresServer.USER, PostgresServer.PASSWORD);
        Statement statement = db.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      List<String> all = new ArrayList<>();
      while (row.next()) {
        all.add(row.getString(1));
      }
      return String.join("\n", all);
    }
  }

  private History history(String sink) throws IOException {
    return History.open(
        new History.Settings(directory.resolve("history.db"), 16 << 20, 7, 90, List.of(sink)),
        warnings::add);
  }

  private static Delivery readings() {
    return new Delivery.Latest(
        "/berlin/north/n1",
        NOON_MILLIS,
        new TreeMap<>(Map.of("battery", 3.7)),
        new TreeMap<>(Map.of("battery", "V")));
  }

  private static Delivery answer(int window, int reported, double average) {
    long end = NOON_MILLIS + window * 60_000L;
    return new Delivery.Result(
        "/berlin/north",
        "climate",
        end - 60_000,
        end,
        new TreeMap<>(Map.of("avg_temperature", average)),
        new TreeMap<>(Map.of("avg_temperature", "Cel")),
        reported,
        18,
        0,
        reported,
        0);
  }
}
