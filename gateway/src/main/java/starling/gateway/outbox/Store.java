package starling.gateway.outbox;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sqlite.SQLiteConfig;

/**
 * The outbox's tables. A transaction that was committed is on disk (WAL, synchronous=FULL); one
 * that a power cut tore is not there at all, as each frame of the log carries a checksum. No other
 * process can open the file meanwhile.
 */
final class Store implements AutoCloseable {
  /** For the last few messages while older ones are being thinned out. */
  private static final double SLACK = 1.25;

  private static final int PAGE_BYTES = 4096;
  private static final int LOG_MAX_BYTES = 8 << 20;

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE IF NOT EXISTS topic(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
          // pace: of how many windows, as a power of two, this one is left; null for events.
          "CREATE TABLE IF NOT EXISTS message(seq INTEGER PRIMARY KEY, topic INTEGER NOT NULL,"
              + " number INTEGER NOT NULL, length INTEGER NOT NULL, reported INTEGER NOT NULL,"
              + " revision INTEGER NOT NULL, pace INTEGER, payload BLOB NOT NULL,"
              + " UNIQUE(topic, number))",
          "CREATE INDEX IF NOT EXISTS pace ON message(pace)",
          "CREATE TABLE IF NOT EXISTS gap(topic INTEGER PRIMARY KEY, start INTEGER NOT NULL,"
              + " end INTEGER NOT NULL, missing INTEGER NOT NULL, every INTEGER NOT NULL)",
          "CREATE TABLE IF NOT EXISTS known(topic INTEGER PRIMARY KEY, ranks TEXT NOT NULL)",
          "CREATE TABLE IF NOT EXISTS event(id INTEGER PRIMARY KEY, number INTEGER NOT NULL)",
          "PRAGMA user_version = 1");

  private static final String ENTRY =
      "SELECT m.seq, t.name, m.number, m.length, m.reported, m.revision, m.payload"
          + " FROM message m JOIN topic t ON t.id = m.topic ";

  private final Connection db;
  private final Map<String, Long> topics = new HashMap<>();
  private Prepared sql;

  private Store(Connection db) throws SQLException {
    this.db = db;
    sql = new Prepared(db);
  }

  /** Statements of a connection. The driver closes one that has failed, whatever the reason. */
  private static final class Prepared implements AutoCloseable {
    private final PreparedStatement addTopic;
    private final PreparedStatement put;
    private final PreparedStatement done;
    private final PreparedStatement know;
    private final PreparedStatement forget;
    private final PreparedStatement number;
    private final PreparedStatement page;
    private final PreparedStatement used;

    Prepared(Connection db) throws SQLException {
      addTopic = db.prepareStatement("INSERT INTO topic(name) VALUES(?)");
      put =
          db.prepareStatement(
              "INSERT INTO message(topic, number, length, reported, revision, pace, payload)"
                  + " VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT(topic, number) DO UPDATE SET"
                  + " reported = excluded.reported, revision = excluded.revision,"
                  + " payload = excluded.payload WHERE excluded.reported > reported"
                  + " OR (excluded.reported = reported AND excluded.revision > revision)");
      done =
          db.prepareStatement(
              "DELETE FROM message WHERE topic = ? AND number = ?"
                  + " AND (reported < ? OR (reported = ? AND revision <= ?))");
      know = db.prepareStatement("INSERT OR REPLACE INTO known(topic, ranks) VALUES(?, ?)");
      forget = db.prepareStatement("DELETE FROM known WHERE topic = ?");
      number = db.prepareStatement("INSERT OR REPLACE INTO event(id, number) VALUES(0, ?)");
      page = db.prepareStatement(ENTRY + "WHERE m.seq > ? ORDER BY m.seq LIMIT ?");
      used =
          db.prepareStatement(
              "SELECT (page_count - freelist_count) * page_size"
                  + " FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()");
    }

    @Override
    public void close() throws SQLException {
      for (PreparedStatement one : List.of(addTopic, put, done, know, forget, number, page, used)) {
        one.close();
      }
    }
  }

  /**
   * Opens it, and makes what is not there.
   *
   * @param file without, it is in memory
   * @throws SQLException also when the file is damaged, or another process has it
   */
  static Store open(Optional<Path> file, long bytesMax) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setPageSize(PAGE_BYTES);
    config.setMaxPageCount((int) Math.min(Integer.MAX_VALUE, bytesMax * SLACK / PAGE_BYTES));
    config.setJournalSizeLimit(LOG_MAX_BYTES);
    config.setGetGeneratedKeys(false); // Or each insertion asks for its key, too.
    String url = "jdbc:sqlite:" + file.map(Path::toString).orElse(":memory:");
    Connection db = config.createConnection(url);
    try {
      try (Statement statement = db.createStatement()) {
        for (String table : TABLES) {
          statement.execute(table);
        }
        statement.execute("PRAGMA wal_autocheckpoint = " + LOG_MAX_BYTES / PAGE_BYTES);
      }
      db.setAutoCommit(false);
      Store store = new Store(db);
      store.readTopics();
      return store;
    } catch (SQLException e) {
      db.close();
      throw e;
    }
  }

  void put(Entry entry) throws SQLException {
    sql.put.setLong(1, topic(entry.topic()));
    sql.put.setLong(2, entry.number());
    sql.put.setLong(3, entry.lengthMillis());
    sql.put.setInt(4, entry.reported());
    sql.put.setInt(5, entry.revision());
    sql.put.setObject(6, entry.isEvent() ? null : 0);
    sql.put.setBytes(7, entry.payload());
    sql.put.executeUpdate();
    if (entry.isEvent()) {
      sql.number.setLong(1, entry.number());
      sql.number.executeUpdate();
    }
  }

  /** Deletes a message and what is no better. */
  void done(Entry entry) throws SQLException {
    sql.done.setLong(1, topic(entry.topic()));
    sql.done.setLong(2, entry.number());
    sql.done.setInt(3, entry.reported());
    sql.done.setInt(4, entry.reported());
    sql.done.setInt(5, entry.revision());
    sql.done.executeUpdate();
  }

  /** Remembers a few words of a topic; none if they are empty. */
  void know(String topic, String ranks) throws SQLException {
    if (ranks.isEmpty()) {
      sql.forget.setLong(1, topic(topic));
      sql.forget.executeUpdate();
      return;
    }
    sql.know.setLong(1, topic(topic));
    sql.know.setString(2, ranks);
    sql.know.executeUpdate();
  }

  void commit() throws SQLException {
    db.commit();
  }

  /** Undoes what was not committed, as after a failure. */
  void rollback() throws SQLException {
    try {
      db.rollback();
    } catch (SQLException e) {
      // SQLite had undone it by itself, and the driver has not begun another.
      try (Statement begin = db.createStatement()) {
        begin.execute("BEGIN");
      }
    }
    sql.close();
    sql = new Prepared(db);
    readTopics();
  }

  /** What {@link #know} was told last, by topic. */
  Map<String, String> known() throws SQLException {
    Map<String, String> known = new HashMap<>();
    try (Statement statement = db.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT t.name, k.ranks FROM known k JOIN topic t ON t.id = k.topic")) {
      while (rows.next()) {
        known.put(rows.getString(1), rows.getString(2));
      }
    }
    return known;
  }

  /** Each topic's newest window. */
  List<Entry> newest() throws SQLException {
    try (PreparedStatement newest =
        db.prepareStatement(
            ENTRY
                + "JOIN (SELECT topic, MAX(number) AS number FROM message WHERE length > 0"
                + " GROUP BY topic) n ON n.topic = m.topic AND n.number = m.number")) {
      return entries(newest).entries();
    }
  }

  /** The highest number that an event ever had; 0 if there was none. */
  long lastEvent() throws SQLException {
    return one("SELECT COALESCE(MAX(number), 0) FROM event");
  }

  Page page(long after, int max) throws SQLException {
    sql.page.setLong(1, after);
    sql.page.setInt(2, max);
    return entries(sql.page);
  }

  long count() throws SQLException {
    return one("SELECT COUNT(*) FROM message");
  }

  /** Bytes of the file that are in use. */
  long usedBytes() throws SQLException {
    try (ResultSet row = sql.used.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Writes the log's pages where they belong, so that it can start anew. */
  void checkpoint() throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
  }

  Thinning thinning() throws SQLException {
    return new Thinning(db);
  }

  /** All gaps, the lowest topic's first. */
  List<Gap> gaps() throws SQLException {
    List<Gap> gaps = new ArrayList<>();
    try (Statement statement = db.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT t.name, g.start, g.end, g.missing, g.every FROM gap g"
                    + " JOIN topic t ON t.id = g.topic ORDER BY t.name")) {
      while (rows.next()) {
        gaps.add(
            new Gap(
                rows.getString(1),
                rows.getLong(2),
                rows.getLong(3),
                rows.getLong(4),
                rows.getLong(5)));
      }
    }
    return gaps;
  }

  void forgetGaps() throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.execute("DELETE FROM gap");
    }
  }

  @Override
  public void close() throws SQLException {
    db.close();
  }

  private static Page entries(PreparedStatement query) throws SQLException {
    List<Entry> entries = new ArrayList<>();
    long last = 0;
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        last = row.getLong(1);
        entries.add(
            new Entry(
                row.getString(2),
                row.getLong(3),
                row.getLong(4),
                row.getInt(5),
                row.getInt(6),
                row.getBytes(7)));
      }
    }
    return new Page(entries, last);
  }

  private long topic(String name) throws SQLException {
    Long id = topics.get(name);
    if (id == null) {
      sql.addTopic.setString(1, name);
      sql.addTopic.executeUpdate();
      id = one("SELECT last_insert_rowid()");
      topics.put(name, id);
    }
    return id;
  }

  private void readTopics() throws SQLException {
    topics.clear();
    try (Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, name FROM topic")) {
      while (rows.next()) {
        topics.put(rows.getString(2), rows.getLong(1));
      }
    }
  }

  private long one(String query) throws SQLException {
    try (Statement statement = db.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }
}
