package starling.flash.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The disks of a Linux system, from where its kernel tells of them.
 *
 * @param block {@code /sys/block}
 * @param proc {@code /proc}, which has {@code mounts} and {@code swaps}
 */
public record Disks(Path block, Path proc) {
  private static final int SECTOR_BYTES = 512; // what sizes are told in, whatever a disk's own are

  /** This system's. */
  public static Disks here() {
    return new Disks(Path.of("/sys/block"), Path.of("/proc"));
  }

  /**
   * One of them.
   *
   * @param device such as {@code /dev/sdb}, or a link to that
   * @throws IOException there is none of that name, or it is a part of one
   */
  public BlockDevice find(Path device) throws IOException {
    Path real = Files.exists(device) ? device.toRealPath() : device;
    String name = real.getFileName().toString();
    Path entry = block.resolve(name);
    if (!Files.isDirectory(entry)) {
      refusePart(real, name);
      throw new IOException(
          device + " is no disk here; there are " + String.join(", ", names(block, "")));
    }
    List<BlockDevice.Part> parts = new ArrayList<>();
    parts.add(part(entry, name));
    for (String child : names(entry, name)) {
      parts.add(part(entry.resolve(child), child));
    }
    return new BlockDevice(
        real,
        (text(entry, "device/vendor") + " " + text(entry, "device/model")).strip()
            + text(entry, "device/name"),
        number(entry, "size") * SECTOR_BYTES,
        isExternal(entry, name),
        number(entry, "ro") != 0,
        List.copyOf(parts));
  }

  private void refusePart(Path device, String name) throws IOException {
    for (String whole : names(block, "")) {
      if (Files.isDirectory(block.resolve(whole).resolve(name))) {
        throw new IOException(
            device + " is a partition; name the whole card: " + device.resolveSibling(whole));
      }
    }
  }

  private static List<String> names(Path directory, String beginning) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(beginning))
          .sorted()
          .toList();
    }
  }

  /** A card in its own slot, or whatever hangs on USB. */
  private static boolean isExternal(Path entry, String name) throws IOException {
    return number(entry, "removable") != 0
        || name.startsWith("mmcblk")
        || entry.toRealPath().toString().contains("/usb");
  }

  private BlockDevice.Part part(Path entry, String name) throws IOException {
    return new BlockDevice.Part(name, number(entry, "size") * SECTOR_BYTES, use(entry, name));
  }

  private Optional<String> use(Path entry, String name) throws IOException {
    for (String file : List.of("mounts", "swaps")) {
      for (String line : Files.readAllLines(proc.resolve(file))) {
        String[] words = line.split("\\s+", -1);
        if (words.length > 1 && isDevice(words[0], name)) {
          return Optional.of(file.equals("swaps") ? "swap space" : words[1]);
        }
      }
    }
    Path holders = entry.resolve("holders");
    if (Files.isDirectory(holders) && !names(holders, "").isEmpty()) {
      return Optional.of("held by " + String.join(", ", names(holders, "")));
    }
    return Optional.empty();
  }

  private static boolean isDevice(String word, String name) throws IOException {
    Path path = Path.of(word);
    return word.equals("/dev/" + name)
        || word.startsWith("/dev/")
            && Files.isSymbolicLink(path)
            && Files.exists(path)
            && path.toRealPath().endsWith(name);
  }

  private static String text(Path entry, String name) throws IOException {
    Path file = entry.resolve(name);
    return Files.isRegularFile(file) ? Files.readString(file).strip() : "";
  }

  private static long number(Path entry, String name) throws IOException {
    String text = text(entry, name);
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }
}
