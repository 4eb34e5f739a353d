package starling.gateway.outbox;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What SQLite's errors mean, and what becomes of a file that is none of its any more. */
final class Damage {
  private static final int PRIMARY = 0xff;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int NOT_A_DATABASE = 26;
  private static final int PROBE_BYTES = 8 << 10;

  private Damage() {}

  static boolean is(SQLException e) {
    int code = e.getErrorCode() & PRIMARY;
    return code == CORRUPT || code == NOT_A_DATABASE;
  }

  static boolean isFull(SQLException e) {
    return (e.getErrorCode() & PRIMARY) == FULL;
  }

  /** One line for a person. */
  static String why(Exception e) {
    String text = String.valueOf(e.getMessage());
    if (e instanceof SQLException sql && (sql.getErrorCode() & PRIMARY) == FULL) {
      return "no room on the disk (" + text + ")";
    }
    return text.contains("SQLITE_BUSY") ? "another process uses it (" + text + ")" : text;
  }

  /** What the system says when something else is written beside a file, as SQLite does not tell. */
  static String ofDisk(Path file) {
    Path probe = file.resolveSibling(file.getFileName() + ".probe");
    try {
      Files.write(probe, new byte[PROBE_BYTES]);
      return "";
    } catch (IOException e) {
      return "; the disk says: " + Objects.requireNonNullElse(reason(e), e.getMessage());
    } finally {
      delete(probe);
    }
  }

  private static @Nullable String reason(IOException e) {
    return e instanceof FileSystemException of ? of.getReason() : null;
  }

  private static void delete(Path probe) {
    try {
      Files.deleteIfExists(probe);
    } catch (IOException e) {
      // It is empty, or was not there.
    }
  }

  /** Renames the file and its log, over those that were set aside before; says so. */
  static String setAside(Optional<Path> file, SQLException why) throws IOException {
    if (file.isEmpty()) {
      return "the outbox in memory was damaged: " + why(why);
    }
    for (String part : List.of("", "-wal", "-shm")) {
      Path from = file.get().resolveSibling(file.get().getFileName() + part);
      Path to = file.get().resolveSibling(file.get().getFileName() + ".damaged" + part);
      Files.deleteIfExists(to);
      if (Files.exists(from)) {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return "the outbox was damaged ("
        + why(why)
        + "): what waited in it is set aside in "
        + file.get().getFileName()
        + ".damaged and not sent; a new one was begun";
  }
}
