package starling.flash.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A disk's master boot record: where its four primary partitions are.
 *
 * <pre>
 *   0                446          462    478    494    510
 *   | boot code ...   | entry 1    | 2    | 3    | 4    | 55 AA |
 *   entry: flag 1 | CHS 3 | type 1 | CHS 3 | first sector 4 | sectors 4   (little-endian)
 * </pre>
 *
 * @param partitions those in use, by number
 */
public record PartitionTable(List<Partition> partitions) {
  private static final int SECTOR_BYTES = 512;
  private static final int ENTRIES_AT = 446;
  private static final int ENTRY_BYTES = 16;
  private static final int ENTRIES = 4;
  private static final int GPT = 0xEE;
  private static final Set<Integer> FAT_TYPES = Set.of(0x01, 0x04, 0x06, 0x0B, 0x0C, 0x0E);

  /**
   * One partition.
   *
   * @param number from 1
   * @param type what it says it is: 0x0C a FAT volume, 0x83 Linux
   */
  public record Partition(int number, int type, long startBytes, long sizeBytes) {
    /** Whether it says that it is a FAT volume. */
    public boolean fat() {
      return FAT_TYPES.contains(type);
    }
  }

  /**
   * Reads the table of a whole disk.
   *
   * @throws IOException there is none, or a partition reaches past the disk's end
   */
  public static PartitionTable read(Region disk) throws IOException {
    if (disk.sizeBytes() < SECTOR_BYTES) {
      throw new IOException("it has only " + disk.sizeBytes() + " bytes: no disk image");
    }
    ByteBuffer sector = ByteBuffer.wrap(disk.read(0, SECTOR_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    if (sector.getShort(SECTOR_BYTES - 2) != (short) 0xAA55) {
      throw new IOException(
          "it has no partition table: no disk image, or one whose writing was cut short");
    }
    List<Partition> found = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      entry(i + 1, sector, ENTRIES_AT + i * ENTRY_BYTES).ifPresent(found::add);
    }
    for (Partition one : found) {
      if (one.startBytes() + one.sizeBytes() > disk.sizeBytes()) {
        throw new IOException(
            "it is cut short: partition "
                + one.number()
                + " ends at byte "
                + (one.startBytes() + one.sizeBytes())
                + ", and there are only "
                + disk.sizeBytes());
      }
    }
    return new PartitionTable(List.copyOf(found));
  }

  private static Optional<Partition> entry(int number, ByteBuffer sector, int at)
      throws IOException {
    int type = sector.get(at + 4) & 0xFF;
    long first = sector.getInt(at + 8) & 0xFFFFFFFFL;
    long sectors = sector.getInt(at + 12) & 0xFFFFFFFFL;
    if (type == GPT) {
      throw new IOException("it has a GPT partition table; Raspberry Pi OS images have an MBR one");
    }
    if (type == 0 || sectors == 0) {
      return Optional.empty();
    }
    return Optional.of(new Partition(number, type, first * SECTOR_BYTES, sectors * SECTOR_BYTES));
  }

  /** The boot partition: the first that is a FAT volume. */
  public Partition boot() throws IOException {
    return partitions.stream()
        .filter(Partition::fat)
        .findFirst()
        .orElseThrow(() ->
            new IOException("it has no FAT partition to boot from: no image for such a board"));
  }
}
