package starling.flash.disk;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a FAT16 or FAT32 volume. New bytes go where nothing was; only a commit, which is a
 * few sectors, lets the volume refer to them. So a volume whose writing was given up half-way, for
 * want of room or of power, is what it was before.
 */
public final class Fat implements BootFiles {
  private static final long FILE_MAX_BYTES = 0xFFFFFFFFL;
  private static final int NAME_MAX = 255;
  private static final int ROOT = 0;

  private final Region volume;
  private final FatLayout layout;
  private final FatTable table;
  private final LocalDateTime now;
  private final Map<Integer, FatDirectory> directories = new LinkedHashMap<>(); // by first cluster

  /**
   * Opens a volume.
   *
   * @param now what files are dated
   */
  public static Fat open(Region volume, LocalDateTime now) throws IOException {
    return new Fat(volume, FatLayout.read(volume), now);
  }

  private Fat(Region volume, FatLayout layout, LocalDateTime now) throws IOException {
    this.volume = volume;
    this.layout = layout;
    this.table = new FatTable(volume, layout);
    this.now = now;
  }

  @Override
  public boolean exists(String name) throws IOException {
    return find(name).isPresent();
  }

  @Override
  public Optional<byte[]> read(String name) throws IOException {
    Optional<FatDirectory.Entry> found = find(name);
    if (found.isEmpty() || found.get().directory()) {
      return Optional.empty();
    }
    if (found.get().sizeBytes() > READ_MAX_BYTES) {
      throw new IOException(name + " has more than " + READ_MAX_BYTES + " bytes");
    }
    try (InputStream in = open(name)) {
      return Optional.of(in.readAllBytes());
    }
  }

  @Override
  public InputStream open(String name) throws IOException {
    FatDirectory.Entry entry = find(name).orElseThrow(() -> new IOException("no file " + name));
    int[] chain = entry.cluster() == 0 ? new int[0] : table.chain(entry.cluster());
    if ((long) chain.length * layout.clusterBytes() < entry.sizeBytes()) {
      throw new IOException("its FAT volume is damaged: " + name + " is longer than its clusters");
    }
    return new FatInput(volume, layout, chain, entry.sizeBytes());
  }

  @Override
  public void write(String name, InputStream from, long sizeBytes) throws IOException {
    if (sizeBytes > FILE_MAX_BYTES) {
      throw new IOException(name + " has " + sizeBytes + " bytes, more than a FAT file can have");
    }
    int[] chain = table.allocate(Math.toIntExact(clusters(sizeBytes)));
    copy(from, sizeBytes, chain);
    int cluster = chain.length == 0 ? 0 : chain[0];
    int slash = name.lastIndexOf('/');
    int parent = slash < 0 ? ROOT : directory(name.substring(0, slash));
    String last = name.substring(slash + 1);
    Optional<FatDirectory.Entry> before = held(parent).find(last);
    if (before.isPresent()) {
      if (before.get().directory()) {
        throw new IOException(name + " is a directory on the boot partition");
      }
      if (before.get().cluster() != 0) {
        table.giveUp(table.chain(before.get().cluster()));
      }
      held(parent).replace(before.get(), cluster, sizeBytes, now);
    } else {
      add(parent, last, false, cluster, sizeBytes);
    }
  }

  private long clusters(long bytes) {
    return (bytes + layout.clusterBytes() - 1) / layout.clusterBytes();
  }

  private void copy(InputStream from, long sizeBytes, int[] chain) throws IOException {
    byte[] buffer = new byte[layout.clusterBytes()];
    long rest = sizeBytes;
    for (int cluster : chain) {
      int count = (int) Math.min(rest, buffer.length);
      if (from.readNBytes(buffer, 0, count) < count) {
        throw new EOFException("a file is shorter than it was said to be");
      }
      Arrays.fill(buffer, count, buffer.length, (byte) 0);
      volume.write(layout.clusterAt(cluster), buffer, 0, buffer.length);
      rest -= count;
    }
  }

  /** The first cluster of a directory, which is made if it is not there. */
  private int directory(String name) throws IOException {
    int slash = name.lastIndexOf('/');
    int parent = slash < 0 ? ROOT : directory(name.substring(0, slash));
    String last = name.substring(slash + 1);
    Optional<FatDirectory.Entry> found = held(parent).find(last);
    if (found.isPresent()) {
      if (!found.get().directory()) {
        throw new IOException(name + " is a file on the boot partition, not a directory");
      }
      return found.get().cluster();
    }
    int cluster = table.allocate(1)[0];
    FatDirectory made = FatDirectory.fresh(layout.clusterBytes(), cluster, parent, now);
    directories.put(cluster, made);
    add(parent, last, true, cluster, 0);
    return cluster;
  }

  private void add(int parent, String name, boolean directory, int cluster, long size)
      throws IOException {
    if (name.isEmpty() || name.length() > NAME_MAX) {
      throw new IOException("'" + name + "' is no name for a file");
    }
    FatDirectory held = held(parent);
    int slots = FatDirectory.slots(name);
    while (held.room(slots) < 0) {
      grow(parent, held);
    }
    held.add(name, held.room(slots), directory, cluster, size, now);
  }

  private void grow(int directory, FatDirectory held) throws IOException {
    if (directory == ROOT && !layout.wide()
        || held.bytes().length + layout.clusterBytes() > FatDirectory.BYTES_MAX) {
      throw new IOException("no room: a directory of the boot partition takes no more names");
    }
    int added = table.extend(table.chain(first(directory)));
    byte[] empty = new byte[layout.clusterBytes()];
    volume.write(layout.clusterAt(added), empty, 0, empty.length);
    held.grow(empty.length);
  }

  private Optional<FatDirectory.Entry> find(String name) throws IOException {
    int directory = ROOT;
    String rest = name;
    for (int slash = rest.indexOf('/'); slash >= 0; slash = rest.indexOf('/')) {
      Optional<FatDirectory.Entry> next = held(directory).find(rest.substring(0, slash));
      if (next.isEmpty() || !next.get().directory()) {
        return Optional.empty();
      }
      directory = next.get().cluster();
      rest = rest.substring(slash + 1);
    }
    return held(directory).find(rest);
  }

  private int first(int directory) {
    return directory == ROOT ? layout.rootCluster() : directory;
  }

  private FatDirectory held(int directory) throws IOException {
    FatDirectory held = directories.get(directory);
    if (held == null) {
      held = new FatDirectory(load(directory));
      directories.put(directory, held);
    }
    return held;
  }

  private byte[] load(int directory) throws IOException {
    if (directory == ROOT && !layout.wide()) {
      return volume.read(layout.rootAt(), layout.rootBytes());
    }
    int[] chain = table.chain(first(directory));
    int each = layout.clusterBytes();
    if ((long) chain.length * each > FatDirectory.BYTES_MAX) {
      throw new IOException("its FAT volume is damaged: a directory without end");
    }
    byte[] bytes = new byte[chain.length * each];
    for (int i = 0; i < chain.length; i++) {
      System.arraycopy(volume.read(layout.clusterAt(chain[i]), each), 0, bytes, i * each, each);
    }
    return bytes;
  }

  @Override
  public long freeBytes() {
    return (long) table.free() * layout.clusterBytes();
  }

  @Override
  public void commit() throws IOException {
    volume.channel().force(false);
    table.write();
    volume.channel().force(false);
    for (Map.Entry<Integer, FatDirectory> one : directories.entrySet()) {
      if (one.getValue().dirty()) {
        save(one.getKey(), one.getValue().bytes());
        one.getValue().clean();
      }
    }
    volume.channel().force(false);
    table.release();
    table.write();
    volume.channel().force(false);
  }

  private void save(int directory, byte[] bytes) throws IOException {
    if (directory == ROOT && !layout.wide()) {
      volume.write(layout.rootAt(), bytes, 0, bytes.length);
      return;
    }
    int[] chain = table.chain(first(directory));
    int each = layout.clusterBytes();
    for (int i = 0; i < chain.length; i++) {
      volume.write(layout.clusterAt(chain[i]), bytes, i * each, each);
    }
  }
}
