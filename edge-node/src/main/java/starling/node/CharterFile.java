package starling.node;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import starling.charter.PageCodec;
import starling.wire.MalformedException;

/**
 * The charter's file while the node runs: whoever puts a newer one in its place has the site learn
 * of it through this node. What is in it is believed only as far as it is signed.
 */
final class CharterFile {
  static final int BYTES_MAX = 2 * 1024 * 1024;

  private static final Logger LOG = System.getLogger(CharterFile.class.getName());

  private final Path file;
  private @Nullable FileTime seen;

  /** The file, whose content is known by now. */
  CharterFile(Path file) {
    this.file = file;
    this.seen = modified();
  }

  /** The signed pages in it if it was written since the last look. */
  List<byte[]> news() {
    FileTime now = modified();
    if (now == null || now.equals(seen)) {
      return List.of();
    }
    seen = now;
    try {
      return PageCodec.unbundle(SmallFile.read(file, BYTES_MAX));
    } catch (IOException e) {
      return refuse(Refusals.describe(e));
    } catch (MalformedException e) {
      return refuse(String.valueOf(e.getMessage()));
    }
  }

  private List<byte[]> refuse(String why) {
    LOG.log(Level.WARNING, "{0} was changed, and nothing taken from it: {1}", file, why);
    return List.of();
  }

  private @Nullable FileTime modified() {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return seen; // away, perhaps for the moment in which it is replaced
    }
  }
}
