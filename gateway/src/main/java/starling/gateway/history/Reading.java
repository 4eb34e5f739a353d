package starling.gateway.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig;

/**
 * Reads a history as it was when reading began, also while another process writes it. For one
 * thread.
 */
public final class Reading implements AutoCloseable {
  private static final String SERIES =
      "SELECT s.id, o.path, o.query, s.name, s.unit FROM series s JOIN source o ON o.id = s.source"
          + " WHERE (?1 = '' OR o.path = ?1 OR substr(o.path, 1, length(?1) + 1) = ?1 || '/')"
          + " AND (?2 = '' OR o.query = ?2) AND (?3 = '' OR s.name = ?3)"
          + " ORDER BY o.path, o.query, s.name, s.unit";

  private static final String WHERE = " WHERE series = ?1 AND at > ?2 AND at <= ?3";

  private static final String NUMBERS =
      "SELECT at, span, 1, value, value, value FROM full"
          + WHERE
          + " UNION ALL SELECT at, 900000, n, mean, min, max FROM quarters"
          + WHERE
          + " UNION ALL SELECT at, 3600000, n, mean, min, max FROM hours"
          + WHERE
          + " ORDER BY 1";

  /** Takes rows, one after the other. */
  public interface Rows {
    /** The next one. */
    void take(Row row) throws IOException;
  }

  private final Connection db;

  private Reading(Connection db) {
    this.db = db;
  }

  /** Begins to read. */
  public static Reading open(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException("there is no history at " + file);
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    try {
      Connection db = config.createConnection("jdbc:sqlite:" + file);
      db.setAutoCommit(false);
      return new Reading(db);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** What there is numbers of. */
  public List<Row.Series> series(Selection of) throws IOException {
    List<Row.Series> found = new ArrayList<>();
    try (PreparedStatement statement = db.prepareStatement(SERIES)) {
      statement.setString(1, of.path());
      statement.setString(2, of.query());
      statement.setString(3, of.name());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found.add(
              new Row.Series(
                  row.getLong(1),
                  row.getString(2),
                  row.getString(3),
                  row.getString(4),
                  row.getString(5)));
        }
      }
      return found;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Hands over all rows, by series, oldest first. */
  public void rows(Selection of, Rows to) throws IOException {
    for (Row.Series series : series(of)) {
      try (PreparedStatement statement = db.prepareStatement(NUMBERS)) {
        statement.setLong(1, series.id());
        statement.setLong(2, of.fromMillis());
        statement.setLong(3, of.toMillis());
        try (ResultSet row = statement.executeQuery()) {
          while (row.next()) {
            to.take(
                new Row(
                    series,
                    row.getLong(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getDouble(4),
                    row.getDouble(5),
                    row.getDouble(6)));
          }
        }
      } catch (SQLException e) {
        throw failed(e);
      }
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

  private static IOException failed(SQLException e) {
    return new IOException("the history can't be read: " + e.getMessage(), e);
  }
}
