package starling.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A node's durable state: one append-only log, keyed, latest wins. A record is on disk when {@link
 * #append} returns.
 *
 * <pre>
 * CRC-32C 4 (of the rest) | length 2 (of the value) | protocol 1 | key 8 | value
 * </pre>
 *
 * <p>A torn or damaged tail, as a power cut leaves it, is cut off when the log is opened, and said;
 * what was appended before stands. The log is rewritten, by a temporary file and rename, when more
 * than half of it is outdated.
 */
final class Journal implements AutoCloseable {
  private static final int HEADER_BYTES = 15;
  private static final int VALUE_MAX_BYTES = 0xFFFF;
  private static final long COMPACT_MIN_BYTES = 256 * 1024;

  private final Path file;
  private final Map<Key, byte[]> live = new LinkedHashMap<>();
  private FileChannel channel;
  private long liveBytes;
  private long fileBytes;
  private long tornBytes;

  /** Whose record, and which. */
  record Key(int protocol, long key) {}

  /** One record. */
  record Entry(Key key, byte[] value) {}

  private Journal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Opens a log, or makes one. */
  static Journal open(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve("journal.log");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      throw new IOException(file + " is in use by another process: is this node running already?");
    }
    Journal journal = new Journal(file, channel);
    journal.load();
    return journal;
  }

  private void load() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {}
    bytes.flip();
    int good = 0;
    while (bytes.remaining() >= HEADER_BYTES) {
      int crc = bytes.getInt();
      int length = bytes.getShort() & 0xFFFF;
      if (bytes.remaining() < 9 + length) {
        break;
      }
      CRC32C check = new CRC32C();
      check.update(bytes.slice(bytes.position() - 2, 11 + length));
      if ((int) check.getValue() != crc) {
        break;
      }
      Key key = new Key(bytes.get() & 0xFF, bytes.getLong());
      byte[] value = new byte[length];
      bytes.get(value);
      remember(new Entry(key, value));
      good = bytes.position();
    }
    tornBytes = channel.size() - good;
    if (tornBytes > 0) {
      channel.truncate(good);
      channel.force(true);
    }
    fileBytes = good;
    channel.position(good);
  }

  private void remember(Entry entry) {
    byte[] old = live.remove(entry.key());
    liveBytes -= old == null ? 0 : HEADER_BYTES + old.length;
    if (entry.value().length > 0) {
      live.put(entry.key(), entry.value());
      liveBytes += HEADER_BYTES + entry.value().length;
    }
  }

  /** What is held, oldest first. */
  Map<Key, byte[]> entries() {
    return Map.copyOf(live);
  }

  /** Bytes cut off the end when the log was opened. */
  long tornBytes() {
    return tornBytes;
  }

  /** Appends records and waits until they are on disk. */
  void append(List<Entry> entries) throws IOException {
    int bytes = entries.stream().mapToInt(e -> HEADER_BYTES + e.value().length).sum();
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    for (Entry entry : entries) {
      put(buffer, entry);
    }
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    channel.force(false);
    entries.forEach(this::remember);
    fileBytes += bytes;
    if (fileBytes > COMPACT_MIN_BYTES && fileBytes > 2 * liveBytes) {
      compact();
    }
  }

  private static void put(ByteBuffer to, Entry entry) {
    if (entry.value().length > VALUE_MAX_BYTES) {
      throw new IllegalArgumentException("a record has at most 65535 bytes");
    }
    int start = to.position();
    to.putInt(0).putShort((short) entry.value().length);
    to.put((byte) entry.key().protocol()).putLong(entry.key().key()).put(entry.value());
    CRC32C check = new CRC32C();
    check.update(to.slice(start + 4, to.position() - start - 4));
    to.putInt(start, (int) check.getValue());
  }

  private void compact() throws IOException {
    Path next = file.resolveSibling("journal.next");
    ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(liveBytes));
    live.forEach((key, value) -> put(buffer, new Entry(key, value)));
    buffer.flip();
    FileChannel fresh =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    while (buffer.hasRemaining()) {
      fresh.write(buffer);
    }
    fresh.force(true);
    fresh.lock();
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent())) {
      directory.force(true);
    }
    channel.close();
    channel = fresh;
    fileBytes = liveBytes;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
