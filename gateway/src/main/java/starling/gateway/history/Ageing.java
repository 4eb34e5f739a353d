package starling.gateway.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes what is old coarser. What is moved and where it was leave in one transaction, so each
 * number is in one table at any moment; each few series are a transaction of their own, so that
 * nobody waits for long.
 */
final class Ageing {
  private static final int SERIES_A_COMMIT = 64;

  /** Of the time that a table spans, so much goes at once to make room. */
  private static final int EIGHTHS = 8;

  private static final long FULL_MIN_MILLIS = 86_400_000;
  private static final long QUARTERS_MIN_MILLIS = 7 * FULL_MIN_MILLIS;

  /** A table of numbers of one density. */
  enum Table {
    FULL("full", 0),
    QUARTERS("quarters", 900_000),
    HOURS("hours", 3_600_000);

    private final String sql;
    private final long spanMillis;

    Table(String sql, long spanMillis) {
      this.sql = sql;
      this.spanMillis = spanMillis;
    }

    private String numbers() {
      return this == FULL
          ? "COUNT(*), AVG(value), MIN(value), MAX(value)"
          : "SUM(n), SUM(mean * n) / SUM(n), MIN(min), MAX(max)";
    }
  }

  private final Connection db;

  Ageing(Connection db) {
    this.db = db;
  }

  /** Moves what is not younger than {@code atMillis} to the next coarser table. */
  void roll(Table from, long atMillis) throws SQLException {
    Table to = Table.values()[from.ordinal() + 1];
    long span = to.spanMillis;
    long last = Math.floorDiv(atMillis, span) * span;
    String move =
        "INSERT INTO "
            + to.sql
            + "(series, at, n, mean, min, max) SELECT series, ((at + "
            + (span - 1)
            + ") / "
            + span
            + ") * "
            + span
            + " AS slot, "
            + from.numbers()
            + " FROM "
            + from.sql
            + " WHERE series = ? AND at <= ? GROUP BY slot"
            + " ON CONFLICT(series, at) DO UPDATE SET"
            + " mean = (mean * n + excluded.mean * excluded.n) / (n + excluded.n),"
            + " n = n + excluded.n, min = MIN(min, excluded.min), max = MAX(max, excluded.max)";
    forEachSeries(List.of(move, drop(from)), last);
  }

  /**
   * Makes room: the oldest eighth of the time that a table spans becomes coarser, as long as a day
   * of full numbers and a week of quarters stay; then the oldest are dropped.
   *
   * @return whether there was anything to move or drop
   */
  boolean shrink(long nowMillis) throws SQLException {
    for (Table table : List.of(Table.FULL, Table.QUARTERS)) {
      long age = nowMillis - oldest(table);
      if (age > (table == Table.FULL ? FULL_MIN_MILLIS : QUARTERS_MIN_MILLIS)) {
        roll(table, nowMillis - age + age / EIGHTHS);
        return true;
      }
    }
    for (Table table : List.of(Table.HOURS, Table.QUARTERS, Table.FULL)) {
      long age = nowMillis - oldest(table);
      if (age >= 0) {
        forEachSeries(List.of(drop(table)), nowMillis - age + age / EIGHTHS);
        return true;
      }
    }
    return false;
  }

  private static String drop(Table from) {
    return "DELETE FROM " + from.sql + " WHERE series = ? AND at <= ?";
  }

  /** When the oldest number is, or the end of time where there is none. */
  private long oldest(Table in) throws SQLException {
    try (Statement statement = db.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT COALESCE(MIN((SELECT MIN(at) FROM "
                    + in.sql
                    + " WHERE series = series.id)), "
                    + Long.MAX_VALUE / 2
                    + ") FROM series")) {
      row.next();
      return row.getLong(1);
    }
  }

  private void forEachSeries(List<String> statements, long lastMillis) throws SQLException {
    List<Long> all = series();
    db.commit(); // only read so far
    for (int i = 0; i < all.size(); i += SERIES_A_COMMIT) {
      for (long one : all.subList(i, Math.min(all.size(), i + SERIES_A_COMMIT))) {
        for (String sql : statements) {
          execute(sql, one, lastMillis);
        }
      }
      db.commit();
    }
  }

  private void execute(String sql, long series, long lastMillis) throws SQLException {
    try (PreparedStatement statement = db.prepareStatement(sql)) {
      statement.setLong(1, series);
      statement.setLong(2, lastMillis);
      statement.executeUpdate();
    }
  }

  private List<Long> series() throws SQLException {
    List<Long> ids = new ArrayList<>();
    try (Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM series ORDER BY id")) {
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
    }
    return ids;
  }
}
