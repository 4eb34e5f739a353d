package starling.flash.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A disk, as the system sees it.
 *
 * @param path such as {@code /dev/sdb}
 * @param model what it says that it is
 * @param external whether it can be taken out: a card, or on USB
 * @param parts the disk itself and its partitions, with what they are used for
 */
public record BlockDevice(
    Path path, String model, long sizeBytes, boolean external, boolean readOnly, List<Part> parts) {
  /** No card that a board starts from is larger. */
  private static final long CARD_MAX_BYTES = 256L << 30;

  private static final Set<String> SYSTEM =
      Set.of("/", "/boot", "/boot/efi", "/usr", "/var", "/home");

  /**
   * Something on a disk.
   *
   * @param name such as {@code sdb1}
   * @param use where it is mounted, or what else has it; empty if nothing
   */
  public record Part(String name, long sizeBytes, Optional<String> use) {}

  /**
   * Refuses to be written to.
   *
   * @param bytes how many
   * @throws IOException the system lives on it, or uses it, or it is no card: what to do instead
   */
  public void check(long bytes) throws IOException {
    for (Part part : parts) {
      String use = part.use().orElse("");
      require(
          !SYSTEM.contains(use), "the system runs from it (" + part.name() + " is " + use + ")");
      require(
          use.isEmpty(),
          "/dev/"
              + part.name()
              + " is in use: "
              + use
              + "; to free it: umount /dev/"
              + part.name());
    }
    require(external, "it is built in, no card and not on USB: that is never written to");
    require(!readOnly, "it is read-only: has the card a little switch at its side?");
    require(
        sizeBytes <= CARD_MAX_BYTES,
        "it has " + size(sizeBytes) + ", more than any board's card; that is some other disk");
    require(sizeBytes > 0, "there is no card in it");
    require(
        bytes <= sizeBytes,
        "it is too small: it has " + size(sizeBytes) + ", and the image " + size(bytes));
  }

  private void require(boolean holds, String otherwise) throws IOException {
    if (!holds) {
      throw new IOException(path + " is not written to: " + otherwise);
    }
  }

  /** For whoever has to say yes. */
  public List<String> lines() {
    String first = "%s  %s  %s".formatted(path, size(sizeBytes), model.isEmpty() ? "?" : model);
    return Stream.concat(
            Stream.of(first),
            parts.stream().skip(1).map(part -> "  " + part.name() + "  " + size(part.sizeBytes())))
        .toList();
  }

  private static String size(long bytes) {
    return bytes < 1L << 30
        ? (bytes >> 20) + " MiB"
        : String.format(Locale.ROOT, "%.1f GiB", (double) bytes / (1L << 30));
  }
}
