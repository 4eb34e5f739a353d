package starling.flash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Small images with the layout of stock Raspberry Pi OS ones, formatted and read by dosfstools and
 * mtools, which know nothing of our code.
 */
public final class StockImage {
  /** Where the boot partition begins. */
  public static final long BOOT_AT = 1 << 20;

  /** What stands where a stock image has its root file system. */
  static final byte[] ROOT = "root file system ".repeat(4096).getBytes(UTF_8);

  static final String TRIXIE_CMDLINE =
      "console=serial0,115200 console=tty1 root=PARTUUID=5ed3f9b2-02 rootfstype=ext4"
          + " fsck.repair=yes rootwait resize\n";
  static final String BOOKWORM_CMDLINE =
      "console=serial0,115200 console=tty1 root=PARTUUID=4e639091-02 rootfstype=ext4"
          + " fsck.repair=yes rootwait quiet init=/usr/lib/raspberrypi-sys-mods/firstboot\n";
  static final String CONFIG =
      "# For more options and information see\n# http://rptl.io/configtxt\n"
          + "#dtparam=i2c_arm=on\ndtparam=audio=on\n[all]\n";

  private StockImage() {}

  /** The files of a boot partition by scheme, as they are before anybody has touched them. */
  static Map<String, String> files(Scheme scheme) {
    return switch (scheme) {
      case CLOUD_INIT ->
          Map.of(
              "cmdline.txt",
              TRIXIE_CMDLINE,
              "config.txt",
              CONFIG,
              "user-data",
              "#cloud-config\n#hostname: raspberrypi\n",
              "network-config",
              "network:\n  version: 2\n",
              "meta-data",
              "dsmode: local\ninstance_id: rpios-image\n",
              "kernel8.img",
              "kernel");
      case PRESEED ->
          Map.of(
              "cmdline.txt",
              TRIXIE_CMDLINE,
              "config.txt",
              CONFIG,
              "rpi-preseed.toml",
              "# nothing yet\n");
      case CUSTOM_TOML ->
          Map.of(
              "cmdline.txt",
              BOOKWORM_CMDLINE,
              "config.txt",
              CONFIG,
              "custom.toml",
              "config_version = 1\n");
      case FIRSTRUN -> Map.of("cmdline.txt", BOOKWORM_CMDLINE, "config.txt", CONFIG);
    };
  }

  /** Makes a small image: its boot partition is FAT16, of 8 MiB. */
  static Path make(Path image, Map<String, String> files) throws Exception {
    return make(image, files, 8, "-F", "16", "-s", "1");
  }

  /** Makes an image; {@code mkfs} has what its boot partition's maker is told. */
  public static Path make(Path image, Map<String, String> files, int mib, String... mkfs)
      throws Exception {
    Path fat = image.resolveSibling(image.getFileName() + ".fat");
    try (RandomAccessFile file = new RandomAccessFile(fat.toFile(), "rw")) {
      file.setLength((long) mib << 20);
    }
    List<String> command = new ArrayList<>(List.of("/usr/sbin/mkfs.fat", "-n", "bootfs"));
    command.addAll(List.of(mkfs));
    command.add(fat.toString());
    run(command);
    for (Map.Entry<String, String> one : files.entrySet()) {
      Path content = Files.writeString(image.resolveSibling("content"), one.getValue());
      run(List.of("mcopy", "-i", fat.toString(), content.toString(), "::" + one.getKey()));
    }
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.write(table(BOOT_AT, (long) mib << 20));
      file.seek(BOOT_AT);
      file.write(Files.readAllBytes(fat));
      file.write(ROOT);
    }
    Files.delete(fat);
    return image;
  }

  private static byte[] table(long bootAt, long bootBytes) {
    ByteBuffer sector = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
    sector.put(446 + 4, (byte) 0x0C).putInt(446 + 8, (int) (bootAt / 512));
    sector.putInt(446 + 12, (int) (bootBytes / 512));
    sector.put(462 + 4, (byte) 0x83).putInt(462 + 8, (int) ((bootAt + bootBytes) / 512));
    sector.putInt(462 + 12, ROOT.length / 512);
    return sector.putShort(510, (short) 0xAA55).array();
  }

  /** A file of an image's boot partition, as mtools reads it. */
  public static byte[] read(Path image, String name) throws Exception {
    Path to = Files.createTempFile("starling-test", "");
    try {
      run(List.of("mcopy", "-n", "-o", "-i", image + "@@" + BOOT_AT, "::" + name, to.toString()));
      return Files.readAllBytes(to);
    } finally {
      Files.delete(to);
    }
  }

  static String text(Path image, String name) throws Exception {
    return new String(read(image, name), UTF_8);
  }

  /** Lets dosfstools look whether the boot partition is sound, and compares what is behind it. */
  public static void check(Path image) throws Exception {
    byte[] all = Files.readAllBytes(image);
    Path fat = image.resolveSibling("checked.fat");
    int end = all.length - ROOT.length;
    Files.write(fat, Arrays.copyOfRange(all, (int) BOOT_AT, end));
    run(List.of("/usr/sbin/fsck.fat", "-n", fat.toString()));
    Files.delete(fat);
    if (!Arrays.equals(all, end, all.length, ROOT, 0, ROOT.length)) {
      throw new AssertionError("the root file system was touched");
    }
  }

  static String run(List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MTOOLS_SKIP_CHECK", "1");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + " failed: " + said);
    }
    return said;
  }
}
