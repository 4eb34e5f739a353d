package starling.flash.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import starling.flash.StockImage;

/** Our FAT beside mtools and dosfstools: both must see the same files. */
class FatTest {
  private static final LocalDateTime NOW = LocalDateTime.of(2026, 6, 1, 12, 30, 20);

  @TempDir Path directory;

  private interface Work {
    void on(Fat fat) throws IOException;
  }

  private static void with(Path image, Work work) throws IOException {
    try (FileChannel channel =
        FileChannel.open(image, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Region disk = Region.of(channel);
      PartitionTable.Partition boot = PartitionTable.read(disk).boot();
      work.on(Fat.open(disk.part(boot.startBytes(), boot.sizeBytes()), NOW));
    }
  }

  private Path image(int mib, String... mkfs) throws Exception {
    Map<String, String> files = Map.of("cmdline.txt", "root=x\n", "LONG name here.txt", "long");
    return StockImage.make(directory.resolve("x.img"), files, mib, mkfs);
  }

  @ParameterizedTest
  @CsvSource({"36, 32, 1", "8, 16, 1", "64, 16, 32"})
  void whatItWritesOthersRead(int mib, String bits, String perCluster) throws Exception {
    Path image = image(mib, "-F", bits, "-s", perCluster);
    Map<String, byte[]> meant = new HashMap<>();
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 60; i++) {
      byte[] bytes = new byte[random.nextInt(3) * 511 + random.nextInt(20_000)];
      random.nextBytes(bytes);
      meant.put((i % 3 == 0 ? "starling/deep/" : "") + "a file with a long name " + i, bytes);
    }
    meant.put("cmdline.txt", "root=y quiet\n".getBytes(UTF_8));
    meant.put("empty", new byte[0]);
    with(
        image,
        fat -> {
          assertEquals("long", new String(fat.read("long NAME here.txt").orElseThrow(), UTF_8));
          for (Map.Entry<String, byte[]> one : meant.entrySet()) {
            fat.write(one.getKey(), one.getValue());
          }
          fat.commit();
        });
    StockImage.check(image);
    for (Map.Entry<String, byte[]> one : meant.entrySet()) {
      assertArrayEquals(one.getValue(), StockImage.read(image, one.getKey()), one.getKey());
    }
    with(
        image,
        fat -> {
          for (Map.Entry<String, byte[]> one : meant.entrySet()) {
            assertArrayEquals(one.getValue(), fat.read(one.getKey()).orElseThrow(), one.getKey());
          }
        });
  }

  @Test
  void nothingCountsBeforeItIsCommitted() throws Exception {
    Path image = image(16, "-F", "16", "-s", "1");
    with(
        image,
        fat -> {
          fat.write("cmdline.txt", "changed\n".getBytes(UTF_8));
          fat.write("starling/new", new byte[100_000]);
          assertTrue(fat.exists("STARLING/NEW"));
        });
    assertEquals("root=x\n", new String(StockImage.read(image, "cmdline.txt"), UTF_8));
    assertThrows(IOException.class, () -> StockImage.read(image, "starling/new"));
    StockImage.check(image);
  }

  @Test
  void whatWasReplacedIsFreeAfterTheCommitAndNotBefore() throws Exception {
    Path image = image(16, "-F", "16", "-s", "1");
    with(
        image,
        fat -> {
          fat.write("big", new byte[5 << 20]);
          fat.commit();
          long free = fat.freeBytes();
          fat.write("big", new byte[5 << 20]);
          assertEquals(free - (5 << 20), fat.freeBytes());
          fat.commit();
          assertEquals(free, fat.freeBytes());
        });
    StockImage.check(image);
  }

  @Test
  void aFullVolumeTakesNothingAndStaysWhatItWas() throws Exception {
    Path image = image(16, "-F", "16", "-s", "1");
    byte[] before = Files.readAllBytes(image);
    with(
        image,
        fat -> {
          IOException full =
              assertThrows(
                  IOException.class,
                  () -> fat.write("huge", InputStream.nullInputStream(), 1L << 30));
          assertTrue(full.getMessage().startsWith("no room"), full.getMessage());
        });
    assertArrayEquals(before, Files.readAllBytes(image));
  }

  @Test
  void aDirectoryStandsNotForAFile() throws Exception {
    Path image = image(16, "-F", "16", "-s", "1");
    with(
        image,
        fat -> {
          fat.write("starling/x", new byte[1]);
          assertThrows(IOException.class, () -> fat.write("starling", new byte[1]));
          assertThrows(IOException.class, () -> fat.write("cmdline.txt/x", new byte[1]));
          assertFalse(fat.read("starling").isPresent());
        });
  }

  /** Whatever a volume's first sectors, table and root say, it ends with a message. */
  @Test
  void noiseEndsWithAMessage() throws Exception {
    Path image = image(4, "-F", "16", "-s", "1");
    int end = (int) StockImage.BOOT_AT + 80_000; // reserved sectors, tables, root, first clusters
    byte[] sound = Arrays.copyOf(Files.readAllBytes(image), end);
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 400; i++) {
      byte[] bytes = sound.clone();
      for (int j = 0; j < 1 + i % 20; j++) {
        int far = i % 2 == 0 ? 64 : end - (int) StockImage.BOOT_AT;
        bytes[(int) StockImage.BOOT_AT + random.nextInt(far)] = (byte) random.nextInt();
      }
      try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(bytes), 0);
      }
      try {
        with(image, FatTest::change);
      } catch (IOException e) {
        assertFalse(String.valueOf(e.getMessage()).isEmpty());
      }
    }
  }

  private static void change(Fat fat) throws IOException {
    fat.read("cmdline.txt");
    fat.write("cmdline.txt", new byte[5000]);
    fat.write("starling/new file", new byte[5000]);
    fat.commit();
  }

  @Test
  void aTableThatReachesPastTheEndIsACutImage() throws Exception {
    Path image = image(16, "-F", "16", "-s", "1");
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      channel.truncate(10 << 20);
    }
    IOException cut = assertThrows(IOException.class, () -> with(image, _ -> {}));
    assertTrue(cut.getMessage().contains("cut short"), cut.getMessage());
  }
}
