package starling.gateway.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes room: of the oldest windows that are still dense, every other one goes. What stays are the
 * windows that a query of half the pace would have answered, since {@code EVERY} samples windows
 * too; their bytes are as they were. Only when all are {@value #PACE_MAX} times halved does the
 * oldest window go altogether, and each topic's newest never goes. What is gone is a {@link Gap}.
 */
final class Thinning {
  /** One window in 64 is left: of one a minute, about one an hour. */
  static final int PACE_MAX = 6;

  /** Events that are kept; of more, the oldest go. */
  static final int EVENTS_MAX = 20_000;

  private static final int AT_ONCE = 2048;

  private record Row(long seq, long topic, long number, long lengthMillis) {}

  private final Connection db;
  private final Map<Long, Gap> gaps = new HashMap<>();

  Thinning(Connection db) {
    this.db = db;
  }

  /** Deletes some in one transaction, not committed yet; whether there were any left to delete. */
  boolean thin() throws SQLException {
    return dropEvents() || halve() || dropOldest();
  }

  private boolean dropEvents() throws SQLException {
    if (one("SELECT COUNT(*) FROM message WHERE pace IS NULL") <= EVENTS_MAX) {
      return false;
    }
    return drop(rows("pace IS NULL", AT_ONCE));
  }

  private boolean halve() throws SQLException {
    long pace = one("SELECT COALESCE(MIN(pace), " + PACE_MAX + ") FROM message WHERE pace >= 0");
    if (pace >= PACE_MAX) {
      return false;
    }
    Map<Long, Long> newest = newest();
    try (PreparedStatement keep =
        db.prepareStatement("UPDATE message SET pace = ? WHERE seq = ?")) {
      for (Row row : rows("pace = " + pace, AT_ONCE)) {
        long everyMillis = row.lengthMillis << (pace + 1);
        if (row.number % everyMillis == 0 || newest.getOrDefault(row.topic, 0L) == row.number) {
          keep.setLong(1, pace + 1);
          keep.setLong(2, row.seq);
          keep.executeUpdate();
        } else {
          drop(row, everyMillis);
        }
      }
    }
    writeGaps();
    return true;
  }

  private boolean dropOldest() throws SQLException {
    Map<Long, Long> newest = newest();
    List<Row> rows = rows("pace >= 0", AT_ONCE);
    rows.removeIf(row -> newest.getOrDefault(row.topic, 0L) == row.number);
    return drop(rows);
  }

  private boolean drop(List<Row> rows) throws SQLException {
    for (Row row : rows) {
      drop(row, 0);
    }
    writeGaps();
    return !rows.isEmpty();
  }

  private void drop(Row row, long everyMillis) throws SQLException {
    try (PreparedStatement drop = db.prepareStatement("DELETE FROM message WHERE seq = ?")) {
      drop.setLong(1, row.seq);
      drop.executeUpdate();
    }
    Gap gap = new Gap("", row.number - row.lengthMillis, row.number, 1, everyMillis);
    gaps.merge(row.topic, gap, Gap::and);
  }

  private void writeGaps() throws SQLException {
    try (PreparedStatement write =
        db.prepareStatement(
            "INSERT INTO gap(topic, start, end, missing, every) VALUES(?, ?, ?, ?, ?)"
                + " ON CONFLICT(topic) DO UPDATE SET start = MIN(start, excluded.start),"
                + " end = MAX(end, excluded.end), missing = missing + excluded.missing,"
                + " every = CASE WHEN MIN(every, excluded.every) = 0 THEN 0"
                + " ELSE MAX(every, excluded.every) END")) {
      for (Map.Entry<Long, Gap> gap : gaps.entrySet()) {
        write.setLong(1, gap.getKey());
        write.setLong(2, gap.getValue().fromMillis());
        write.setLong(3, gap.getValue().toMillis());
        write.setLong(4, gap.getValue().missing());
        write.setLong(5, gap.getValue().everyMillis());
        write.executeUpdate();
      }
    }
    gaps.clear();
  }

  private Map<Long, Long> newest() throws SQLException {
    Map<Long, Long> newest = new HashMap<>();
    try (Statement statement = db.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT topic, MAX(number) FROM message GROUP BY topic")) {
      while (rows.next()) {
        newest.put(rows.getLong(1), rows.getLong(2));
      }
    }
    return newest;
  }

  private List<Row> rows(String which, int max) throws SQLException {
    List<Row> found = new ArrayList<>();
    try (Statement statement = db.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT seq, topic, number, length FROM message WHERE "
                    + which
                    + " ORDER BY seq LIMIT "
                    + max)) {
      while (rows.next()) {
        found.add(new Row(rows.getLong(1), rows.getLong(2), rows.getLong(3), rows.getLong(4)));
      }
    }
    return found;
  }

  private long one(String query) throws SQLException {
    try (Statement statement = db.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }
}
