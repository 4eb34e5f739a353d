package starling.flash.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A stretch of a file or device. Nothing outside of it is read or written.
 *
 * @param at where it begins, in bytes
 * @param sizeBytes how long it is
 */
public record Region(FileChannel channel, long at, long sizeBytes) {
  /** All of an open file. */
  public static Region of(FileChannel channel) throws IOException {
    return new Region(channel, 0, channel.size());
  }

  /** A part of it. */
  public Region part(long from, long bytes) throws IOException {
    check(from, bytes);
    return new Region(channel, at + from, bytes);
  }

  /** The bytes from a place on. */
  byte[] read(long from, int bytes) throws IOException {
    check(from, bytes);
    ByteBuffer into = ByteBuffer.allocate(bytes);
    while (into.hasRemaining()) {
      if (channel.read(into, at + from + into.position()) < 0) {
        throw new EOFException("it ends at byte " + (at + from + into.position()));
      }
    }
    return into.array();
  }

  /** Puts bytes at a place. */
  void write(long from, byte[] bytes, int offset, int count) throws IOException {
    check(from, count);
    ByteBuffer rest = ByteBuffer.wrap(bytes, offset, count);
    while (rest.hasRemaining()) {
      channel.write(rest, at + from + rest.position() - offset);
    }
  }

  private void check(long from, long bytes) throws IOException {
    if (from < 0 || bytes < 0 || from > sizeBytes - bytes) {
      throw new EOFException(
          "bytes " + from + " to " + (from + bytes) + " are wanted of " + sizeBytes);
    }
  }
}
