package starling.flash.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where the parts of a FAT volume are, from its first sector. Source: Microsoft's FAT specification
 * 1.03, "Boot Sector and BPB" and "FAT Type Determination"; a volume without a 16-bit table size is
 * FAT32 whatever its number of clusters, as Linux takes it.
 *
 * <pre>
 * reserved sectors | table | table again | root (FAT16) | cluster 2 | cluster 3 | ...
 * </pre>
 *
 * @param clusterBytes of each cluster
 * @param tableAt where the first table begins, in bytes from the volume's beginning
 * @param tables how many copies there are, 1 or 2
 * @param tableBytes of each copy
 * @param rootAt where FAT16's root directory is
 * @param rootBytes of it; 0 on FAT32, whose root is like all directories
 * @param rootCluster where FAT32's root directory begins
 * @param dataAt where cluster 2 begins
 * @param clusters how many there are; they are numbered from 2
 * @param infoAt FAT32's information sector, or 0
 */
record FatLayout(
    int sectorBytes,
    int clusterBytes,
    long tableAt,
    int tables,
    long tableBytes,
    long rootAt,
    int rootBytes,
    int rootCluster,
    long dataAt,
    int clusters,
    long infoAt) {
  private static final int BOOT_BYTES = 512;
  private static final int FAT12_CLUSTERS_MAX = 4084;
  private static final int CLUSTERS_MAX = 1 << 24;
  private static final int ENTRY_BYTES = 32;

  /** Whether it is FAT32: entries of four bytes, of which 28 bits count. */
  boolean wide() {
    return rootBytes == 0;
  }

  /** Where a cluster begins, in bytes from the volume's beginning. */
  long clusterAt(int cluster) {
    return dataAt + (long) (cluster - 2) * clusterBytes;
  }

  /** Reads and checks a volume's first sector. */
  static FatLayout read(Region volume) throws IOException {
    ByteBuffer boot = ByteBuffer.wrap(volume.read(0, BOOT_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    int sector = boot.getShort(11) & 0xFFFF;
    int perCluster = boot.get(13) & 0xFF;
    int reserved = boot.getShort(14) & 0xFFFF;
    int tables = boot.get(16) & 0xFF;
    int rootEntries = boot.getShort(17) & 0xFFFF;
    boolean marked = boot.getShort(510) == (short) 0xAA55;
    boolean sane =
        Integer.bitCount(sector) == 1
            && sector >= 512
            && sector <= 4096
            && Integer.bitCount(perCluster) == 1
            && reserved > 0
            && tables >= 1
            && tables <= 2;
    require(marked && sane, "its boot partition holds no FAT volume");
    long narrow = boot.getShort(22) & 0xFFFF;
    boolean wide = narrow == 0;
    long tableBytes = (wide ? boot.getInt(36) & 0xFFFFFFFFL : narrow) * sector;
    require(wide == (rootEntries == 0), "its FAT volume contradicts itself");
    long total = boot.getShort(19) & 0xFFFF;
    total = (total == 0 ? boot.getInt(32) & 0xFFFFFFFFL : total) * sector;
    require(
        total <= volume.sizeBytes(),
        "it is cut short: its FAT volume has "
            + total
            + " bytes, of which only "
            + volume.sizeBytes()
            + " are there");
    long tableAt = (long) reserved * sector;
    long rootAt = tableAt + tables * tableBytes;
    int rootBytes = roundUp(rootEntries * ENTRY_BYTES, sector);
    long dataAt = rootAt + rootBytes;
    long clusters = (total - dataAt) / ((long) sector * perCluster);
    checkClusters(clusters, wide, tableBytes);
    return new FatLayout(
        sector,
        sector * perCluster,
        tableAt,
        tables,
        tableBytes,
        rootAt,
        rootBytes,
        wide ? boot.getInt(44) : 0,
        dataAt,
        (int) clusters,
        wide ? (long) (boot.getShort(48) & 0xFFFF) * sector : 0);
  }

  private static void checkClusters(long clusters, boolean wide, long tableBytes)
      throws IOException {
    require(clusters > 0 && clusters <= CLUSTERS_MAX, "its FAT volume has a size that can't be");
    require(
        wide || clusters > FAT12_CLUSTERS_MAX,
        "its boot partition is FAT12, which no such board's image is");
    require(
        (clusters + 2) * (wide ? 4 : 2) <= tableBytes,
        "its FAT volume has a table that is too short for its clusters");
  }

  private static int roundUp(int bytes, int to) {
    return (bytes + to - 1) / to * to;
  }

  private static void require(boolean holds, String otherwise) throws IOException {
    if (!holds) {
      throw new IOException(otherwise);
    }
  }
}
