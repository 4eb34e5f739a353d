package starling.gateway.sink;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import starling.gateway.history.Point;
import starling.link.mqtt.Login;

/**
 * Two tables in PostgreSQL, made if they are not there: {@code starling_zone} and {@code
 * starling_node}, a row for each number. Of one zone, query and window a row is only replaced by
 * one in which as many nodes are, so that several gateways may write to one database.
 */
public final class Postgres implements Sink {
  /** Under which name points wait for it. */
  public static final String NAME = "postgres";

  private static final String CONNECT_SECONDS = "5";
  private static final String ANSWER_SECONDS = "30";

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE IF NOT EXISTS starling_zone(site text, zone text, query text, name text,"
              + " ts timestamptz, span_s double precision NOT NULL, unit text NOT NULL,"
              + " value double precision NOT NULL, rank bigint NOT NULL,"
              + " PRIMARY KEY(site, zone, query, name, ts))",
          "CREATE TABLE IF NOT EXISTS starling_node(site text, node text, name text,"
              + " ts timestamptz, unit text NOT NULL, value double precision NOT NULL,"
              + " PRIMARY KEY(site, node, name, ts))");

  private static final String ZONE =
      "INSERT INTO starling_zone AS old(site, zone, query, name, ts, span_s, unit, value, rank)"
          + " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(site, zone, query, name, ts)"
          + " DO UPDATE SET span_s = excluded.span_s, unit = excluded.unit,"
          + " value = excluded.value, rank = excluded.rank WHERE excluded.rank >= old.rank";

  private static final String NODE =
      "INSERT INTO starling_node(site, node, name, ts, unit, value) VALUES(?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT(site, node, name, ts)"
          + " DO UPDATE SET unit = excluded.unit, value = excluded.value";

  /**
   * Where it is.
   *
   * @param url {@code postgresql://host:5432/database}, with {@code ?sslmode=verify-full} and what
   *     else PostgreSQL's JDBC driver takes
   * @param login if it wants one
   */
  public record Settings(String url, Optional<Login> login) {
    public Settings {
      if (!url.matches("postgresql://[^/@]+/[^/@?]+(\\?.*)?") || url.contains("password=")) {
        throw new IllegalArgumentException(
            "must look like postgresql://127.0.0.1:5432/field, without a password");
      }
    }
  }

  private final Settings settings;
  private final String site;
  private @Nullable Connection open;

  /**
   * A sink of one site's points.
   *
   * @param site the root zone's name
   */
  public Postgres(Settings settings, String site) {
    this.settings = settings;
    this.site = site;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void write(List<Point> points) throws IOException {
    try {
      Connection db = connection();
      try (PreparedStatement zone = db.prepareStatement(ZONE);
          PreparedStatement node = db.prepareStatement(NODE)) {
        for (Point point : points) {
          add(point.source().isZone() ? zone : node, point);
        }
        zone.executeBatch();
        node.executeBatch();
        db.commit();
      }
    } catch (SQLException e) {
      close();
      String state = Objects.requireNonNullElse(e.getSQLState(), "");
      String why = state + " " + e.getMessage();
      // Classes 22 and 23: it is the data that is wrong, and will be again.
      throw state.startsWith("22") || state.startsWith("23")
          ? new Refused(why)
          : new IOException(why, e);
    }
  }

  private Connection connection() throws SQLException {
    Connection db = open;
    if (db == null) {
      Properties how = new Properties();
      how.setProperty("connectTimeout", CONNECT_SECONDS);
      how.setProperty("socketTimeout", ANSWER_SECONDS);
      how.setProperty("ApplicationName", "starling");
      settings
          .login()
          .ifPresent(login -> {
            how.setProperty("user", login.user());
            how.setProperty("password", login.password());
          });
      db = DriverManager.getConnection("jdbc:" + settings.url(), how);
      open = db;
      db.setAutoCommit(false);
      try (Statement statement = db.createStatement()) {
        for (String table : TABLES) {
          statement.execute(table);
        }
      }
      db.commit();
    }
    return db;
  }

  private void add(PreparedStatement to, Point point) throws SQLException {
    OffsetDateTime time =
        OffsetDateTime.ofInstant(Instant.ofEpochMilli(point.endMillis()), ZoneOffset.UTC);
    for (Map.Entry<String, Double> value : point.values().entrySet()) {
      String unit = point.units().getOrDefault(value.getKey(), "1");
      Object[] row =
          point.source().isZone()
              ? new Object[] {
                site,
                point.source().path(),
                point.source().query(),
                value.getKey(),
                time,
                point.spanMillis() / 1000.0,
                unit,
                value.getValue(),
                point.rank()
              }
              : new Object[] {
                site, point.source().path(), value.getKey(), time, unit, value.getValue()
              };
      for (int i = 0; i < row.length; i++) {
        to.setObject(i + 1, row[i]);
      }
      to.addBatch();
    }
  }

  @Override
  public void close() {
    try {
      if (open != null) {
        open.close();
      }
    } catch (SQLException e) {
      // It is gone either way.
    }
    open = null;
  }
}
