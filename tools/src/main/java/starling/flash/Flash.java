package starling.flash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import starling.flash.disk.BlockDevice;
import starling.flash.disk.BootFiles;
import starling.flash.disk.CardWriter;
import starling.flash.software.Release;
import starling.keys.Admission;
import starling.keys.Bundle;
import starling.keys.Enrolment;
import starling.keys.SiteDirectory;
import starling.node.Folders;
import starling.progress.Progress;

/**
 * One flashing: from a stock image, or a boot partition, to a node that is in the roster.
 *
 * <p>All that can be refused is refused before anything is changed, the roster last. If writing
 * fails after that, the roster is as it was, with a higher version.
 *
 * @param target a folder where a boot partition is mounted, an image, or a card's device
 * @param image what a new target, or a card, is made from, packed or not
 * @param card the target, if that is a card; whoever owns it has agreed
 * @param scheme instead of looking for one
 * @param settings what the board is told
 * @param software the archive of the programs, if the board gets them now
 * @param now what files are dated
 */
public record Flash(
    Path target,
    Optional<Path> image,
    Optional<BlockDevice> card,
    Optional<Scheme> scheme,
    Settings settings,
    Optional<Path> software,
    LocalDateTime now) {
  /** Where a flashed node keeps what must outlive a power cut. */
  private static final String STATE = "/var/lib/starling";

  /** Where there is room for an image that is prepared; {@code /tmp} may be memory. */
  private static final Path ROOM = Path.of("/var/tmp");

  /** What the node's own files take at most, besides the software. */
  private static final long SMALL_FILES_BYTES = 4 << 20;

  /**
   * What was done.
   *
   * @param id the node's, or its invite's
   * @param files what was written to the boot partition, and read back
   * @param bytes how many
   */
  public record Done(Scheme scheme, String id, List<String> files, long bytes) {}

  /**
   * Does it.
   *
   * @throws IllegalArgumentException the node can't be enrolled like that
   * @throws IOException the image or the card won't do: what to do instead
   */
  public Done run(SiteDirectory site, Bundle bundle, Enrolment.Terms terms, Progress progress)
      throws IOException {
    return run(() -> Enrolment.of(site, bundle, terms), progress);
  }

  /** Admits the board, once all else is known to be in order. */
  public interface Door {
    /** Does it. */
    Admission open() throws IOException;
  }

  /** The same for whoever the board becomes. */
  public Done run(Door door, Progress progress) throws IOException {
    if (image.isEmpty()) {
      require(card.isEmpty(), target + " is a card; say what goes onto it: --image STOCK.img");
      require(Files.exists(target), target + " does not exist; to make it, say --image STOCK.img");
      return prepare(target, door, () -> {}, progress);
    }
    if (card.isEmpty()) {
      require(
          Files.notExists(target), target + " is there already; delete it, or name another file");
      Path part = target.resolveSibling(target.getFileName() + ".part");
      return make(part, door, () -> moveTo(target, part), progress);
    }
    Path room = Files.createTempDirectory(ROOM, "starling-flash"); // for its owner alone
    try {
      Path part = room.resolve("card.img");
      Finish write = () -> writeCard(part, progress);
      return make(part, door, write, progress);
    } finally {
      Folders.delete(room);
    }
  }

  /** What makes a prepared image count. */
  private interface Finish {
    void run() throws IOException;
  }

  private Done make(Path part, Door door, Finish finish, Progress progress) throws IOException {
    Unpacking.unpack(image.orElseThrow(), part, progress);
    try {
      checkCard(Files.size(part));
      return prepare(part, door, finish, progress);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void moveTo(Path target, Path part) throws IOException {
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private void checkCard(long bytes) throws IOException {
    if (card.isPresent()) {
      card.get().check(bytes);
    }
  }

  private void writeCard(Path part, Progress progress) throws IOException {
    new CardWriter(part, card.orElseThrow().path(), progress).write();
  }

  private static void require(boolean holds, String otherwise) throws IOException {
    if (!holds) {
      throw new IOException(otherwise);
    }
  }

  private Done prepare(Path place, Door door, Finish finish, Progress progress) throws IOException {
    Scheme found = look(place);
    Admission board = door.open();
    try {
      Boot boot = write(place, found, board, progress);
      finish.run();
      board.done();
      return new Done(found, board.label(), boot.names(), boot.sizeBytes());
    } catch (IOException | RuntimeException e) {
      board.undo();
      throw e;
    }
  }

  /** Finds the scheme; refuses what won't do, while nothing is changed. */
  private Scheme look(Path place) throws IOException {
    try (BootPartition opened = BootPartition.open(place, now)) {
      Scheme seen = scheme.isPresent() ? scheme.get() : Scheme.detect(opened.files());
      if (software.isPresent()) {
        checkSystem(opened.files(), software.get());
      }
      long wanted = SMALL_FILES_BYTES + (software.isPresent() ? Files.size(software.get()) : 0);
      long free = opened.files().freeBytes();
      require(
          wanted <= free,
          "the boot partition is full: %d MiB are wanted, and %d MiB are free"
              .formatted(wanted >> 20, free >> 20));
      return seen;
    }
  }

  /** Refuses a system that the programs can't run on: it would be found out in the field. */
  private static void checkSystem(BootFiles boot, Path software) throws IOException {
    for (String kernel : List.of("kernel.img", "kernel7.img", "kernel7l.img")) {
      require(
          !boot.exists(kernel),
          "it is a 32-bit system (armhf: it has "
              + kernel
              + "), and the programs' Java runtime is for 64 bit; take the 64-bit image, which"
              + " every board since the Pi 3 and the Zero 2 runs");
    }
    int needs = Release.glibc(software).orElse(0);
    require(
        needs <= Scheme.BOOKWORM_GLIBC || !Scheme.isBookworm(boot),
        "it is Raspberry Pi OS 12 (bookworm), whose C library is 2.36, and the programs' Java"
            + " runtime needs "
            + needs / 100
            + "."
            + needs % 100
            + "; take Raspberry Pi OS 13 (trixie)");
  }

  private Boot write(Path place, Scheme found, Admission board, Progress progress)
      throws IOException {
    Payload payload = payload(board);
    String instance = "starling-" + board.label() + "-" + now.toEpochSecond(ZoneOffset.UTC);
    Boot boot;
    try (BootPartition opened = BootPartition.open(place, now)) {
      boot = Boot.of(opened.files(), found, settings, payload, instance);
      boot.checkRoom(opened.files());
      boot.write(opened.files());
      opened.files().commit();
    }
    progress.at("reading back", 0, 1);
    try (BootPartition opened = BootPartition.open(place, now)) {
      boot.check(opened.files());
    }
    progress.at("reading back", 1, 1);
    return boot;
  }

  private Payload payload(Admission board) throws IOException {
    Path directory = Files.createTempDirectory("starling-flash"); // for its owner alone
    try {
      Path bundle = directory.resolve("node");
      board.write(bundle, STATE);
      return Payload.of(bundle, software);
    } finally {
      Folders.delete(directory);
    }
  }
}
