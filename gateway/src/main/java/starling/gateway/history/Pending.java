package starling.gateway.history;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.sqlite.SQLiteConfig;

/**
 * What somebody else has yet to be told: points of the history, in the order in which they came,
 * until they are {@link #done}. Survives restarts. A point is there again when a better one came.
 * For one thread.
 */
public final class Pending implements AutoCloseable {
  private static final int BUSY_MILLIS = 10_000;

  private static final String POINTS =
      "SELECT p.seq, o.path, o.query, p.at, f.span, f.rank, s.name, s.unit, f.value"
          + " FROM (SELECT * FROM pending WHERE sink = ?1 ORDER BY seq LIMIT ?2) p"
          + " JOIN source o ON o.id = p.source JOIN series s ON s.source = o.id"
          + " JOIN full f ON f.series = s.id AND f.at = p.at ORDER BY p.seq";

  private static final String LAST =
      "SELECT COALESCE(MAX(seq), 0)"
          + " FROM (SELECT seq FROM pending WHERE sink = ?1 ORDER BY seq LIMIT ?2)";

  private final Connection db;
  private final String sink;
  private long handedOut;

  private Pending(Connection db, String sink) {
    this.db = db;
    this.sink = sink;
  }

  /** Opens what waits for one of the sinks that the history was opened with. */
  public static Pending open(Path file, String sink) throws IOException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    try {
      return new Pending(config.createConnection("jdbc:sqlite:" + file), sink);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** The first of what waits; the same again until that is {@link #done}. */
  public List<Point> next(int max) throws IOException {
    List<Point> points = new ArrayList<>();
    try (PreparedStatement last = asked(LAST, max);
        PreparedStatement all = asked(POINTS, max);
        ResultSet seq = last.executeQuery();
        ResultSet row = all.executeQuery()) {
      seq.next();
      handedOut = seq.getLong(1);
      long of = -1;
      while (row.next() && row.getLong(1) <= handedOut) {
        if (row.getLong(1) != of) {
          of = row.getLong(1);
          points.add(
              new Point(
                  new Point.Source(row.getString(2), row.getString(3)),
                  row.getLong(4),
                  row.getLong(5),
                  row.getLong(6),
                  new TreeMap<>(),
                  new TreeMap<>()));
        }
        points.getLast().values().put(row.getString(7), row.getDouble(9));
        points.getLast().units().put(row.getString(7), row.getString(8));
      }
      return points;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /**
   * What was handed out last need not come again; of it, what is not in full any more never did.
   */
  public void done() throws IOException {
    try (PreparedStatement delete =
        db.prepareStatement("DELETE FROM pending WHERE sink = ? AND seq <= ?")) {
      delete.setString(1, sink);
      delete.setLong(2, handedOut);
      delete.executeUpdate();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      db.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private PreparedStatement asked(String sql, int max) throws SQLException {
    PreparedStatement statement = db.prepareStatement(sql);
    statement.setString(1, sink);
    statement.setInt(2, max);
    return statement;
  }

  private static IOException failed(SQLException e) {
    return new IOException("the history: " + e.getMessage(), e);
  }
}
