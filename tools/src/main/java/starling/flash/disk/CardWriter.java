package starling.flash.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Set;
import starling.progress.Progress;

/**
 * Writes an image to a card, and reads back what is on it then. The partition table is written
 * last: a card that was pulled half-way, or whose power went, has none, no board starts from it,
 * and whoever looks sees that it is not done.
 */
public final class CardWriter {
  /** What holds the partition table; also the most that is written at once. */
  private static final int CHUNK_BYTES = 1 << 20;

  private final Path image;
  private final Path device;
  private final Progress progress;

  /** From a finished image to a device that {@link BlockDevice#check} has let pass. */
  public CardWriter(Path image, Path device, Progress progress) {
    this.image = image;
    this.device = device;
    this.progress = progress;
  }

  /**
   * Writes, waits until it is on the card, reads it back, compares.
   *
   * @throws IOException the card is gone or bad: how far it came, and what that means
   */
  public void write() throws IOException {
    byte[] meant;
    try (FileChannel from = FileChannel.open(image, StandardOpenOption.READ)) {
      meant = copy(from);
      byte[] found = readBack(from.size());
      if (!Arrays.equals(meant, found)) {
        throw new IOException(
            device
                + " reads back as something else than was written: the card or its reader is bad;"
                + " use neither for a node");
      }
    }
  }

  private byte[] copy(FileChannel from) throws IOException {
    long size = from.size();
    long at = 0;
    try (FileChannel to = FileChannel.open(device, StandardOpenOption.WRITE)) {
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
      MessageDigest digest = sha256();
      ByteBuffer first = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, size));
      fill(from, first, 0);
      digest.update(first.duplicate());
      put(to, ByteBuffer.allocate(first.remaining()), 0);
      to.force(true);
      for (at = first.remaining(); at < size; at += chunk.limit()) {
        fill(from, chunk.clear(), at);
        digest.update(chunk.duplicate());
        put(to, chunk.duplicate(), at);
        progress.at("writing", at, size);
      }
      to.force(true);
      put(to, first, 0);
      to.force(true);
      progress.at("writing", size, size);
      return digest.digest();
    } catch (IOException e) {
      throw new IOException(
          "%s: writing stopped at %d of %d MiB (%s): was the card pulled, or is it bad? No board"
                  .formatted(device, at >> 20, size >> 20, e.getMessage())
              + " starts from it as it is, and the node is not in the roster; try again, or another"
              + " card",
          e);
    }
  }

  private byte[] readBack(long size) throws IOException {
    MessageDigest digest = sha256();
    try (FileChannel card = uncached()) {
      int align = 4096;
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES + align).alignedSlice(align);
      for (long at = 0; at < size; ) {
        chunk.clear().limit(CHUNK_BYTES);
        int n = card.read(chunk, at);
        if (n <= 0) {
          throw new IOException(device + " ends at byte " + at + ": it is no " + size);
        }
        chunk.flip();
        chunk.limit((int) Math.min(n, size - at));
        digest.update(chunk);
        at += n;
        progress.at("reading back", Math.min(at, size), size);
      }
      return digest.digest();
    }
  }

  /** Past the system's memory of what was just written, which would read back whatever happened. */
  private FileChannel uncached() throws IOException {
    try {
      return FileChannel.open(device, Set.of(StandardOpenOption.READ, direct()));
    } catch (IOException | UnsupportedOperationException | ReflectiveOperationException e) {
      return FileChannel.open(device, StandardOpenOption.READ); // a system without that
    }
  }

  /** The compiler warns of whoever names this option of the JDK's, whatever is suppressed. */
  private static OpenOption direct() throws ReflectiveOperationException {
    Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
    return (OpenOption) options.getField("DIRECT").get(null);
  }

  private static void fill(FileChannel from, ByteBuffer into, long at) throws IOException {
    while (into.hasRemaining()) {
      if (from.read(into, at + into.position()) < 0) {
        break;
      }
    }
    into.flip();
  }

  private static void put(FileChannel to, ByteBuffer bytes, long at) throws IOException {
    int from = bytes.position();
    while (bytes.hasRemaining()) {
      to.write(bytes, at + bytes.position() - from);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime lacks SHA-256", e);
    }
  }
}
