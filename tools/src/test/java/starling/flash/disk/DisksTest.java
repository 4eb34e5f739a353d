package starling.flash.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.progress.Progress;

/** Disks as a kernel tells of them, in a tree of its own. */
class DisksTest {
  private static final long GIB = 1L << 30;

  @TempDir Path directory;
  private Path block;
  private Path proc;

  @BeforeEach
  void makeASystem() throws IOException {
    block = Files.createDirectory(directory.resolve("block"));
    proc = Files.createDirectory(directory.resolve("proc"));
    put(proc, "mounts", "/dev/nvme0n1p2 / ext4 rw 0 0\nproc /proc proc rw 0 0\n");
    put(proc, "swaps", "Filename Type Size Used Priority\n/dev/nvme0n1p3 partition 1 0 -2\n");
    disk("nvme0n1", 100 * GIB, 0);
    part("nvme0n1", "nvme0n1p2", 99 * GIB);
    part("nvme0n1", "nvme0n1p3", GIB);
    disk("sdb", 30 * GIB, 1);
    put(block, "sdb/device/vendor", "SanDisk \n");
    put(block, "sdb/device/model", "Ultra\n");
    part("sdb", "sdb1", GIB / 2);
  }

  private static void put(Path directory, String name, String text) throws IOException {
    Files.createDirectories(directory.resolve(name).resolveSibling(""));
    Files.writeString(directory.resolve(name), text);
  }

  private void disk(String name, long bytes, int removable) throws IOException {
    put(block, name + "/size", bytes / 512 + "\n");
    put(block, name + "/removable", removable + "\n");
    put(block, name + "/ro", "0\n");
  }

  private void part(String disk, String name, long bytes) throws IOException {
    put(block, disk + "/" + name + "/size", bytes / 512 + "\n");
  }

  private BlockDevice find(String name) throws IOException {
    return new Disks(block, proc).find(Path.of("/nodev", name));
  }

  private void refused(String why, String name, long bytes) throws IOException {
    String said = assertThrows(IOException.class, () -> find(name).check(bytes)).getMessage();
    assertTrue(said.contains(why), said);
  }

  @Test
  void aCardIsShownWithItsSizeModelAndPartitions() throws IOException {
    BlockDevice card = find("sdb");
    assertDoesNotThrow(() -> card.check(3 * GIB));
    assertEquals(List.of("/nodev/sdb  30.0 GiB  SanDisk Ultra", "  sdb1  512 MiB"), card.lines());
  }

  @Test
  void whatTheSystemRunsFromOrUsesIsNeverWrittenTo() throws IOException {
    refused("the system runs from it", "nvme0n1", GIB);
    put(proc, "mounts", "/dev/sdb1 /media/me/bootfs vfat rw 0 0\n");
    refused("umount /dev/sdb1", "sdb", GIB);
    refused("swap space", "nvme0n1", GIB);
    put(proc, "mounts", "");
    put(block, "sdb/sdb1/holders/dm-0/x", "");
    refused("held by dm-0", "sdb", GIB);
  }

  @Test
  void whatIsNoCardIsNeverWrittenTo() throws IOException {
    disk("sdc", 30 * GIB, 0);
    refused("built in", "sdc", GIB);
    disk("sdd", 2000 * GIB, 1);
    refused("some other disk", "sdd", GIB);
    disk("mmcblk0", 16 * GIB, 0);
    assertDoesNotThrow(() -> find("mmcblk0").check(GIB));
    disk("sde", 0, 1);
    refused("no card in it", "sde", GIB);
    refused("too small", "sdb", 31 * GIB);
    put(block, "sdb/ro", "1\n");
    refused("read-only", "sdb", GIB);
  }

  @Test
  void aPartitionIsNoCardAndAnUnknownNameTellsTheOthers() {
    String part = assertThrows(IOException.class, () -> find("sdb1")).getMessage();
    assertTrue(part.contains("name the whole card: /nodev/sdb"), part);
    String none = assertThrows(IOException.class, () -> find("sdx")).getMessage();
    assertTrue(none.contains("nvme0n1, sdb"), none);
  }

  @Test
  void aCardHoldsWhatTheImageDidAndKeepsWhatIsBehind() throws IOException {
    byte[] image = new byte[(5 << 20) + 4096];
    new SplittableRandom(3).nextBytes(image);
    Path from = Files.write(directory.resolve("image"), image);
    Path card = Files.write(directory.resolve("card"), new byte[7 << 20]);
    new CardWriter(from, card, Progress.NONE).write();
    byte[] found = Files.readAllBytes(card);
    assertEquals(7 << 20, found.length);
    assertArrayEquals(image, Arrays.copyOf(found, image.length));
  }

  /** A full device takes the place of a card that was pulled: writing stops half-way. */
  @Test
  void aCardThatStopsHalfWayIsSaidToBeUseless() throws IOException {
    Path from = Files.write(directory.resolve("image"), new byte[3 << 20]);
    CardWriter writer = new CardWriter(from, Path.of("/dev/full"), Progress.NONE);
    String said = assertThrows(IOException.class, writer::write).getMessage();
    assertTrue(said.contains("No board starts from it"), said);
    assertTrue(said.contains("not in the roster"), said);
  }
}
