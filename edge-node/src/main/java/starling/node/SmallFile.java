package starling.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that are read whole, and so may not have just any size. */
public final class SmallFile {
  static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

  private SmallFile() {}

  /** The bytes of a file that has at most so many. */
  public static byte[] read(Path file, int maxBytes) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new IOException(
            file + " has more than " + maxBytes + " bytes: is it the right file?");
      }
      return bytes;
    }
  }

  /** The bytes of a file that only its owner may read. */
  public static byte[] readSecret(Path file, int maxBytes) throws IOException {
    checkSecret(file);
    return read(file, maxBytes);
  }

  /** Refuses a file that others than its owner may read. */
  public static void checkSecret(Path file) throws IOException {
    if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
      throw new IOException(
          file + " must be for its owner alone (mode 0600); run: chmod 600 " + file);
    }
  }

  /**
   * Makes a file that only its owner may read, and has it on disk.
   *
   * @throws java.nio.file.FileAlreadyExistsException it is there
   */
  public static void createSecret(Path file, String text) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
    Set<StandardOpenOption> fresh =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
    try (SeekableByteChannel to =
        Files.newByteChannel(file, fresh, PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      while (bytes.hasRemaining()) {
        to.write(bytes);
      }
    }
  }
}
