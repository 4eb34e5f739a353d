package starling.gateway.sparkplug;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * {@code bdSeq}: one more for each connection, 0 after 255, also across restarts. It is on disk
 * before the connection is made; where the disk takes nothing, it goes on from what was there.
 */
final class BirthDeath {
  private static final System.Logger LOG = System.getLogger(BirthDeath.class.getName());
  private static final int COUNT = 256;
  private static final int FILE_MAX_BYTES = 16;

  private final Path file;
  private int current;

  BirthDeath(Path file) {
    this.file = file;
    this.current = last(file);
  }

  /** The one of the connection that is there, or was last. */
  int current() {
    return current;
  }

  /** The one of the next connection. */
  int next() {
    current = (current + 1) % COUNT;
    try {
      Path next = file.resolveSibling(file.getFileName() + ".next");
      Files.writeString(next, current + "\n");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.WARNING, "bdSeq is not remembered for the next start: {0}", e.toString());
    }
    return current;
  }

  private static int last(Path file) {
    try {
      if (Files.exists(file) && Files.size(file) <= FILE_MAX_BYTES) {
        String text = Files.readString(file).strip();
        return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) % COUNT : COUNT - 1;
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "bdSeq begins anew: {0}", e.toString());
    }
    return COUNT - 1;
  }
}
