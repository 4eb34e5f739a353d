package starling.node;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A node's durable state: one append-only log, keyed, latest wins. A record is on disk when {@link
 * #append} returns; one with an empty value forgets its key.
 *
 * <pre>
 * CRC-32C 4 (of the rest) | length 2 (of the value) | protocol 1 | key 8 | value
 * </pre>
 *
 * <p>A torn or damaged tail, as a power cut leaves it, is cut off when the log is opened, and said:
 * what remains is the state of an earlier moment, whole. The log is rewritten, by a second file and
 * a rename, when more than half of it is outdated; a cut at any step leaves the old or the new one.
 *
 * <p>The lock is on a file of its own, which is never replaced.
 */
final class Journal implements AutoCloseable {
  static final String FILE = "journal.log";
  static final String NEXT = "journal.next";
  static final String LOCK = "journal.lock";

  /** Far more than a node keeps: its charter pages, a few hundred boots, eight windows. */
  static final long LIVE_MAX_BYTES = 1024 * 1024;

  /** What the log may grow to before it is rewritten, beyond twice what is live. */
  static final long SLACK_BYTES = 256 * 1024;

  private static final long FILE_MAX_BYTES = 2 * LIVE_MAX_BYTES + 2 * SLACK_BYTES;
  private static final int HEADER_BYTES = 15;
  private static final int VALUE_MAX_BYTES = 0xFFFF;

  private final Path directory;
  private final FileChannel lock;
  private final Map<Key, byte[]> live = new LinkedHashMap<>();
  private FileChannel channel;
  private long liveBytes;
  private long fileBytes;
  private long tornBytes;

  /** Whose record, and which. */
  record Key(int protocol, long key) {}

  /** One record. */
  record Entry(Key key, byte[] value) {}

  private Journal(Path directory, FileChannel lock) throws IOException {
    this.directory = directory;
    this.lock = lock;
    Files.deleteIfExists(directory.resolve(NEXT));
    channel =
        FileChannel.open(
            directory.resolve(FILE),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
  }

  /**
   * Opens a log, or makes one.
   *
   * @throws IOException another process has it, or it can't be a node's; it is left as it is
   */
  static Journal open(Path directory) throws IOException {
    Files.createDirectories(directory);
    Journal journal = null;
    FileChannel lock =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (lock(lock) == null) {
        throw new IOException(
            directory + " is in use by another process: is this node running already?");
      }
      journal = new Journal(directory, lock);
      journal.load();
      force(directory);
      return journal;
    } catch (IOException e) {
      lock.close();
      if (journal != null) {
        journal.close();
      }
      throw e;
    }
  }

  private static @Nullable FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this very process has it
    }
  }

  private void load() throws IOException {
    long size = channel.size();
    if (size > FILE_MAX_BYTES) {
      throw new IOException(
          directory.resolve(FILE)
              + " has "
              + size
              + " bytes, a node's log at most "
              + FILE_MAX_BYTES
              + "; move it away and the node starts as a new one");
    }
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
    for (Entry entry = next(in); entry != null; entry = next(in)) {
      remember(entry);
      fileBytes += HEADER_BYTES + entry.value().length;
    }
    tornBytes = size - fileBytes;
    if (tornBytes > 0) {
      channel.truncate(fileBytes);
      channel.force(true);
    }
    channel.position(fileBytes);
  }

  /** The next record, or null where whole records end. */
  private static @Nullable Entry next(DataInputStream in) throws IOException {
    try {
      int crc = in.readInt();
      byte[] value = new byte[in.readUnsignedShort()];
      Key key = new Key(in.readUnsignedByte(), in.readLong());
      in.readFully(value);
      Entry entry = new Entry(key, value);
      return encode(List.of(entry)).getInt() == crc ? entry : null;
    } catch (EOFException e) {
      return null;
    }
  }

  private void remember(Entry entry) {
    byte[] old = live.remove(entry.key());
    liveBytes -= old == null ? 0 : HEADER_BYTES + old.length;
    if (entry.value().length > 0) {
      live.put(entry.key(), entry.value());
      liveBytes += HEADER_BYTES + entry.value().length;
    }
  }

  /** What is held, the longest unchanged first. */
  Map<Key, byte[]> entries() {
    return Collections.unmodifiableMap(live);
  }

  /** Bytes cut off the end when the log was opened. */
  long tornBytes() {
    return tornBytes;
  }

  /**
   * Appends records and waits until they are on disk.
   *
   * @throws IOException they may be there or not: this log is of no use any more
   */
  void append(List<Entry> entries) throws IOException {
    ByteBuffer bytes = encode(entries);
    if (liveBytes + bytes.remaining() > LIVE_MAX_BYTES) {
      throw new IOException("a node's durable state has at most " + LIVE_MAX_BYTES + " bytes");
    }
    fileBytes += bytes.remaining();
    write(bytes, channel);
    channel.force(false);
    entries.forEach(this::remember);
    if (fileBytes > 2 * liveBytes + SLACK_BYTES) {
      compact();
    }
  }

  private static ByteBuffer encode(List<Entry> entries) {
    ByteBuffer to =
        ByteBuffer.allocate(entries.stream().mapToInt(e -> HEADER_BYTES + e.value().length).sum());
    for (Entry entry : entries) {
      if (entry.value().length > VALUE_MAX_BYTES) {
        throw new IllegalArgumentException("a record has at most " + VALUE_MAX_BYTES + " bytes");
      }
      int start = to.position();
      to.putInt(0).putShort((short) entry.value().length);
      to.put((byte) entry.key().protocol()).putLong(entry.key().key()).put(entry.value());
      CRC32C check = new CRC32C();
      check.update(to.slice(start + 4, to.position() - start - 4));
      to.putInt(start, (int) check.getValue());
    }
    return to.flip();
  }

  private static void write(ByteBuffer bytes, FileChannel to) throws IOException {
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  private void compact() throws IOException {
    FileChannel fresh =
        FileChannel.open(
            directory.resolve(NEXT),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    write(
        encode(live.entrySet().stream().map(e -> new Entry(e.getKey(), e.getValue())).toList()),
        fresh);
    fresh.force(true);
    Files.move(
        directory.resolve(NEXT),
        directory.resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    force(directory);
    channel.close();
    channel = fresh;
    fileBytes = liveBytes;
  }

  private static void force(Path directory) throws IOException {
    try (FileChannel entries = FileChannel.open(directory)) {
      entries.force(true);
    }
  }

  /** Idempotent. */
  @Override
  public void close() throws IOException {
    channel.close();
    lock.close();
  }
}
