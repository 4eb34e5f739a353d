package starling.flash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import starling.keys.Bundle;
import starling.keys.Enrolment;
import starling.keys.SiteDirectory;

/**
 * One flashing: from a stock image, or a boot partition, to a node that is in the roster.
 *
 * <p>All that can be refused is refused before anything is changed, the roster last. If writing
 * fails after that, the roster is as it was, with a higher version.
 *
 * @param target a folder where a boot partition is mounted, or an image
 * @param image what a new target is made from, packed or not
 * @param scheme instead of looking for one
 * @param settings what the board is told
 * @param software the archive of the programs, if the board gets them now
 * @param now what files are dated
 */
public record Flash(
    Path target,
    Optional<Path> image,
    Optional<Scheme> scheme,
    Settings settings,
    Optional<Path> software,
    LocalDateTime now) {
  /** Where a flashed node keeps what must outlive a power cut. */
  private static final String STATE = "/var/lib/starling";

  /** What the node's own files take at most, besides the software. */
  private static final long SMALL_FILES_BYTES = 4 << 20;

  /**
   * What was done.
   *
   * @param id the node's
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
    if (image.isEmpty()) {
      require(Files.exists(target), target + " does not exist; to make it, say --image STOCK.img");
      return prepare(target, site, bundle, terms, progress);
    }
    require(Files.notExists(target), target + " is there already; delete it, or name another file");
    Path part = target.resolveSibling(target.getFileName() + ".part");
    Unpacking.unpack(image.get(), part, progress);
    try {
      Done done = prepare(part, site, bundle, terms, progress);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      return done;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void require(boolean holds, String otherwise) throws IOException {
    if (!holds) {
      throw new IOException(otherwise);
    }
  }

  private Done prepare(
      Path place, SiteDirectory site, Bundle bundle, Enrolment.Terms terms, Progress progress)
      throws IOException {
    Scheme found = look(place);
    Enrolment enrolment = Enrolment.of(site, bundle, terms);
    try {
      Boot boot = write(place, found, enrolment, progress);
      enrolment.done();
      return new Done(found, enrolment.id().toString(), boot.names(), boot.sizeBytes());
    } catch (IOException | RuntimeException e) {
      enrolment.undo();
      throw e;
    }
  }

  /** Finds the scheme; refuses what won't do, while nothing is changed. */
  private Scheme look(Path place) throws IOException {
    try (Card card = Card.open(place, now)) {
      Scheme seen = scheme.isPresent() ? scheme.get() : Scheme.detect(card.files());
      long wanted = SMALL_FILES_BYTES + (software.isPresent() ? Files.size(software.get()) : 0);
      long free = card.files().freeBytes();
      require(
          wanted <= free,
          "the boot partition is full: %d MiB are wanted, and %d MiB are free"
              .formatted(wanted >> 20, free >> 20));
      return seen;
    }
  }

  private Boot write(Path place, Scheme found, Enrolment enrolment, Progress progress)
      throws IOException {
    Payload payload = payload(enrolment);
    String instance = "starling-" + enrolment.id() + "-" + now.toEpochSecond(ZoneOffset.UTC);
    Boot boot;
    try (Card card = Card.open(place, now)) {
      boot = Boot.of(card.files(), found, settings, payload, instance);
      boot.checkRoom(card.files());
      boot.write(card.files());
      card.files().commit();
    }
    progress.at("reading back", 0, 1);
    try (Card card = Card.open(place, now)) {
      boot.check(card.files());
    }
    progress.at("reading back", 1, 1);
    return boot;
  }

  private Payload payload(Enrolment enrolment) throws IOException {
    Path directory = Files.createTempDirectory("starling-flash"); // for its owner alone
    try {
      Path bundle = directory.resolve("node");
      enrolment.bundle().write(enrolment.site(), bundle, STATE);
      return Payload.of(bundle, software);
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(file -> {
            try {
              Files.delete(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
