package starling.flash.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A FAT volume's table: which cluster follows which. Clusters that are given up are not given out
 * again before they were released on the disk, so what was there before stays whole until then.
 */
final class FatTable {
  private static final int FIRST = 2;
  private static final int WIDE_MASK = 0x0FFFFFFF;
  private static final int END = 0x0FFFFFFF;

  /** From here on a value is no cluster: reserved, bad, or the end of a chain. */
  private static final int NO_CLUSTER = 0x0FFFFFF0;

  private final Region volume;
  private final FatLayout layout;
  private final int[] next; // by cluster, FAT16's values widened
  private final int[] kept; // the four bits that are not ours
  private final BitSet givenUp = new BitSet();
  private final BitSet dirty = new BitSet(); // sectors of the table
  private int free;
  private int lookFrom = FIRST;

  FatTable(Region volume, FatLayout layout) throws IOException {
    this.volume = volume;
    this.layout = layout;
    int entries = layout.clusters() + FIRST;
    int width = layout.wide() ? 4 : 2;
    ByteBuffer bytes =
        ByteBuffer.wrap(volume.read(layout.tableAt(), entries * width))
            .order(ByteOrder.LITTLE_ENDIAN);
    next = new int[entries];
    kept = new int[layout.wide() ? entries : 0];
    for (int i = 0; i < entries; i++) {
      if (layout.wide()) {
        int value = bytes.getInt();
        kept[i] = value & ~WIDE_MASK;
        next[i] = value & WIDE_MASK;
      } else {
        int value = bytes.getShort() & 0xFFFF;
        next[i] = value >= 0xFFF0 ? value | 0x0FFF0000 : value;
      }
    }
    for (int i = FIRST; i < entries; i++) {
      free += next[i] == 0 ? 1 : 0;
    }
  }

  /** How many clusters can be given out now. */
  int free() {
    return free;
  }

  /**
   * A file's clusters in order.
   *
   * @throws IOException the chain leaves the volume, goes in a circle, or meets a free cluster
   */
  int[] chain(int first) throws IOException {
    int[] found = new int[16];
    int length = 0;
    for (int at = first; at < NO_CLUSTER; at = next[at]) {
      if (at < FIRST || at >= next.length || next[at] == 0 || length >= layout.clusters()) {
        throw new IOException("its FAT volume is damaged: a file's clusters lead nowhere");
      }
      if (length == found.length) {
        found = Arrays.copyOf(found, 2 * length);
      }
      found[length++] = at;
    }
    return Arrays.copyOf(found, length);
  }

  /** Gives out so many clusters as one chain. */
  int[] allocate(int count) throws IOException {
    if (count > free) {
      throw new IOException(
          "no room: %d bytes are wanted, and %d are free"
              .formatted(
                  (long) count * layout.clusterBytes(), (long) free * layout.clusterBytes()));
    }
    int[] given = new int[count];
    for (int i = 0; i < count; lookFrom++) {
      if (next[lookFrom] == 0) {
        given[i++] = lookFrom;
      }
    }
    for (int i = 0; i < count; i++) {
      set(given[i], i + 1 < count ? given[i + 1] : END);
    }
    free -= count;
    return given;
  }

  /** Adds a cluster at the end of a chain; answers it. */
  int extend(int[] chain) throws IOException {
    int added = allocate(1)[0];
    set(chain[chain.length - 1], added);
    return added;
  }

  /** Takes clusters out of use, once what refers to them is gone. */
  void giveUp(int[] chain) {
    Arrays.stream(chain).forEach(givenUp::set);
  }

  /** Frees what was given up. */
  void release() {
    givenUp.stream().forEach(cluster -> set(cluster, 0));
    free += givenUp.cardinality();
    givenUp.clear();
    lookFrom = FIRST;
  }

  private void set(int cluster, int value) {
    next[cluster] = value;
    dirty.set(cluster * (layout.wide() ? 4 : 2) / layout.sectorBytes());
  }

  /** Writes the sectors that changed, in every copy, and what FAT32 says of free clusters. */
  void write() throws IOException {
    for (int sector = dirty.nextSetBit(0); sector >= 0; sector = dirty.nextSetBit(sector + 1)) {
      byte[] bytes = sector(sector);
      for (int copy = 0; copy < layout.tables(); copy++) {
        long at = layout.tableAt() + copy * layout.tableBytes();
        volume.write(at + (long) sector * bytes.length, bytes, 0, bytes.length);
      }
    }
    dirty.clear();
    writeInfo();
  }

  private byte[] sector(int number) {
    ByteBuffer bytes = ByteBuffer.allocate(layout.sectorBytes()).order(ByteOrder.LITTLE_ENDIAN);
    int perSector = layout.sectorBytes() / (layout.wide() ? 4 : 2);
    int from = number * perSector;
    for (int i = from; i < Math.min(from + perSector, next.length); i++) {
      if (layout.wide()) {
        bytes.putInt(kept[i] | next[i]);
      } else {
        bytes.putShort((short) next[i]);
      }
    }
    return bytes.array();
  }

  private void writeInfo() throws IOException {
    if (layout.infoAt() == 0) {
      return;
    }
    byte[] info = volume.read(layout.infoAt(), layout.sectorBytes());
    ByteBuffer bytes = ByteBuffer.wrap(info).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getInt(0) == 0x41615252 && bytes.getInt(484) == 0x61417272) {
      bytes.putInt(488, free);
      bytes.putInt(492, FIRST);
      volume.write(layout.infoAt(), info, 0, info.length);
    }
  }
}
