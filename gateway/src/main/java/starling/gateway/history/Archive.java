package starling.gateway.history;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sqlite.SQLiteConfig;

/**
 * The history's tables, for the one who writes. WAL, so that others can read meanwhile; a commit
 * survives the process's death, and a power cut may take the last ones but tears nothing
 * (synchronous=NORMAL). Others write as well, what they have fetched, so a transaction that has
 * read is ended before another one writes: it would be refused after somebody else's.
 *
 * <p>A number is in one of three tables: in {@code full} as it came, later in {@code quarters} and
 * {@code hours} as count, mean, least and largest of what was there. {@code at} is the end of the
 * time that it stands for, in Unix milliseconds.
 */
final class Archive implements AutoCloseable {
  /** Of more series, further ones are left out. */
  static final int SERIES_MAX = 20_000;

  private static final double SLACK = 1.25;
  private static final int PAGE_BYTES = 4096;
  private static final int LOG_MAX_BYTES = 4 << 20;
  private static final int BUSY_MILLIS = 10_000;

  /** Points that wait for one sink; of more, the oldest are given up. */
  private static final int PENDING_MAX = 1_000_000;

  private static final String COARSE =
      "(series INTEGER, at INTEGER, n INTEGER NOT NULL, mean REAL NOT NULL, min REAL NOT NULL,"
          + " max REAL NOT NULL, PRIMARY KEY(series, at)) WITHOUT ROWID";

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE IF NOT EXISTS source(id INTEGER PRIMARY KEY, path TEXT NOT NULL,"
              + " query TEXT NOT NULL, UNIQUE(path, query))",
          "CREATE TABLE IF NOT EXISTS series(id INTEGER PRIMARY KEY, source INTEGER NOT NULL,"
              + " name TEXT NOT NULL, unit TEXT NOT NULL, UNIQUE(source, name, unit))",
          "CREATE TABLE IF NOT EXISTS full(series INTEGER, at INTEGER, span INTEGER NOT NULL,"
              + " rank INTEGER NOT NULL, value REAL NOT NULL, PRIMARY KEY(series, at))"
              + " WITHOUT ROWID",
          "CREATE TABLE IF NOT EXISTS quarters" + COARSE,
          "CREATE TABLE IF NOT EXISTS hours" + COARSE,
          "CREATE TABLE IF NOT EXISTS pending(sink TEXT, seq INTEGER, source INTEGER NOT NULL,"
              + " at INTEGER NOT NULL, PRIMARY KEY(sink, seq)) WITHOUT ROWID",
          "PRAGMA user_version = 1");

  private record Key(long source, String name, String unit) {}

  private final Connection db;
  private final Map<Point.Source, Long> sources = new HashMap<>();
  private final Map<Key, Long> series = new HashMap<>();
  private final PreparedStatement put;
  private final PreparedStatement owe;
  private final PreparedStatement used;

  private Archive(Connection db) throws SQLException {
    this.db = db;
    owe =
        db.prepareStatement(
            "INSERT INTO pending(sink, seq, source, at) VALUES(?1,"
                + " (SELECT COALESCE(MAX(seq), 0) + 1 FROM pending WHERE sink = ?1), ?2, ?3)");
    put =
        db.prepareStatement(
            "INSERT INTO full(series, at, span, rank, value) VALUES(?, ?, ?, ?, ?)"
                + " ON CONFLICT(series, at) DO UPDATE SET span = excluded.span,"
                + " rank = excluded.rank, value = excluded.value WHERE excluded.rank > rank");
    used =
        db.prepareStatement(
            "SELECT (page_count - freelist_count) * page_size"
                + " FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()");
  }

  /**
   * Opens it, and makes what is not there.
   *
   * @throws SQLException also when the file is damaged
   */
  static Archive open(Path file, long bytesMax) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setPageSize(PAGE_BYTES);
    config.setMaxPageCount(pages(bytesMax));
    config.setJournalSizeLimit(LOG_MAX_BYTES);
    config.setBusyTimeout(BUSY_MILLIS);
    Connection db = config.createConnection("jdbc:sqlite:" + file);
    try {
      try (Statement statement = db.createStatement()) {
        for (String table : TABLES) {
          statement.execute(table);
        }
      }
      db.setAutoCommit(false);
      Archive archive = new Archive(db);
      archive.readNames();
      archive.commit();
      return archive;
    } catch (SQLException e) {
      db.close();
      throw e;
    }
  }

  /**
   * Takes a point's numbers, unless better ones are there; of too many series, none.
   *
   * @param sinks for whom it is to wait
   */
  void put(Point point, List<String> sinks) throws SQLException {
    long source = source(point.source());
    boolean news = false;
    for (Map.Entry<String, Double> value : point.values().entrySet()) {
      Key key = new Key(source, value.getKey(), point.units().getOrDefault(value.getKey(), "1"));
      if (series.size() < SERIES_MAX || series.containsKey(key)) {
        put.setLong(1, series(key));
        put.setLong(2, point.endMillis());
        put.setLong(3, point.spanMillis());
        put.setLong(4, point.rank());
        put.setDouble(5, value.getValue());
        news |= put.executeUpdate() > 0;
      }
    }
    for (String sink : news ? sinks : List.<String>of()) {
      owe.setString(1, sink);
      owe.setLong(2, source);
      owe.setLong(3, point.endMillis());
      owe.executeUpdate();
    }
  }

  /**
   * Gives up what nobody will fetch: of sinks that are none any more, and the oldest of too many.
   *
   * @param sinks that there are
   * @return how many of those
   */
  int giveUp(List<String> sinks) throws SQLException {
    int tooMany = 0;
    for (String sink : sinks) {
      try (PreparedStatement delete =
          db.prepareStatement(
              "DELETE FROM pending WHERE sink = ?1 AND seq <="
                  + " (SELECT MAX(seq) - ?2 FROM pending WHERE sink = ?1)")) {
        delete.setString(1, sink);
        delete.setLong(2, PENDING_MAX);
        tooMany += delete.executeUpdate();
      }
    }
    String names = String.join("', '", sinks); // ours, without quotes
    try (Statement statement = db.createStatement()) {
      statement.execute("DELETE FROM pending WHERE sink NOT IN ('" + names + "')");
    }
    db.commit();
    return tooMany;
  }

  void commit() throws SQLException {
    db.commit();
  }

  /** Undoes what was not committed. */
  void rollback() throws SQLException {
    db.rollback();
    readNames();
    db.commit();
  }

  /** How large the file may become. */
  void limit(long bytesMax) throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.execute("PRAGMA max_page_count = " + pages(bytesMax));
    }
  }

  private static int pages(long bytesMax) {
    return (int) Math.min(Integer.MAX_VALUE, bytesMax * SLACK / PAGE_BYTES);
  }

  /** Bytes of the file that are in use. */
  long usedBytes() throws SQLException {
    try (ResultSet row = used.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  Ageing ageing() throws SQLException {
    return new Ageing(db);
  }

  /** Forgets the names of what has no number left. */
  void tidy() throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.execute(
          "DELETE FROM series WHERE NOT EXISTS(SELECT 1 FROM full WHERE series = series.id)"
              + " AND NOT EXISTS(SELECT 1 FROM quarters WHERE series = series.id)"
              + " AND NOT EXISTS(SELECT 1 FROM hours WHERE series = series.id)");
      statement.execute(
          "DELETE FROM source WHERE NOT EXISTS(SELECT 1 FROM series WHERE source = source.id)");
    }
    readNames();
    db.commit();
  }

  @Override
  public void close() throws SQLException {
    db.close();
  }

  private long source(Point.Source of) throws SQLException {
    Long id = sources.get(of);
    if (id == null) {
      id = add("INSERT INTO source(path, query) VALUES(?, ?)", of.path(), of.query());
      sources.put(of, id);
    }
    return id;
  }

  private long series(Key of) throws SQLException {
    Long id = series.get(of);
    if (id == null) {
      id =
          add(
              "INSERT INTO series(source, name, unit) VALUES(?, ?, ?)",
              of.source(),
              of.name(),
              of.unit());
      series.put(of, id);
    }
    return id;
  }

  private long add(String sql, Object... values) throws SQLException {
    try (PreparedStatement insert = db.prepareStatement(sql + " RETURNING id")) {
      for (int i = 0; i < values.length; i++) {
        insert.setObject(i + 1, values[i]);
      }
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private void readNames() throws SQLException {
    sources.clear();
    series.clear();
    try (Statement statement = db.createStatement()) {
      try (ResultSet rows = statement.executeQuery("SELECT id, path, query FROM source")) {
        while (rows.next()) {
          sources.put(new Point.Source(rows.getString(2), rows.getString(3)), rows.getLong(1));
        }
      }
      try (ResultSet rows = statement.executeQuery("SELECT id, source, name, unit FROM series")) {
        while (rows.next()) {
          series.put(
              new Key(rows.getLong(2), rows.getString(3), rows.getString(4)), rows.getLong(1));
        }
      }
    }
  }
}
