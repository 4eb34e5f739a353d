package starling.flash.disk;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * The files of a boot partition, in an image, on a card, or in a folder. What is written counts
 * only once it is committed: until then whoever reads them elsewhere sees what was there before.
 * Names are separated by slashes, such as {@code starling/node.tar}.
 */
public interface BootFiles {
  /** The largest file that is read whole, in bytes. */
  int READ_MAX_BYTES = 1 << 20;

  /** Whether there is a file or directory of that name. */
  boolean exists(String name) throws IOException;

  /**
   * A file's bytes, as committed or written since.
   *
   * @throws IOException it has more than {@link #READ_MAX_BYTES}
   */
  Optional<byte[]> read(String name) throws IOException;

  /** A file's bytes from its beginning to its end, however many. */
  InputStream open(String name) throws IOException;

  /**
   * Makes a file or replaces it; directories that its name has are made too.
   *
   * @param sizeBytes how many bytes {@code from} gives
   */
  void write(String name, InputStream from, long sizeBytes) throws IOException;

  /** Makes a file or replaces it. */
  default void write(String name, byte[] bytes) throws IOException {
    write(name, new java.io.ByteArrayInputStream(bytes), bytes.length);
  }

  /** How much there is room for, in bytes; what will be replaced still takes its room. */
  long freeBytes() throws IOException;

  /** Makes all that was written count, and waits until it is on the disk. */
  void commit() throws IOException;
}
