package starling.demo;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import starling.keys.SiteDirectory;
import starling.node.Folders;

/**
 * Where the files of one demo lie, as they would be spread over a site's machines: keys, charter,
 * configurations, state, logs and the radios' device names.
 *
 * @param root absolute
 * @param temporary whether it goes away with the demo
 */
record Workspace(Path root, boolean temporary) implements AutoCloseable {

  /**
   * Makes the directory.
   *
   * @param keep an empty or new directory that stays; a temporary one if not given
   * @throws IOException it can't be made, or somebody's files are in it
   */
  static Workspace open(Optional<Path> keep) throws IOException {
    if (keep.isEmpty()) {
      return new Workspace(Files.createTempDirectory("starling-demo-"), true);
    }
    Path root = keep.get().toAbsolutePath().normalize();
    try {
      Files.createDirectories(root);
      try (Stream<Path> files = Files.list(root)) {
        if (files.findAny().isPresent()) {
          throw new IOException(root + " is not empty: name another directory to --keep");
        }
      }
    } catch (FileAlreadyExistsException | NotDirectoryException e) {
      throw new IOException(root + " is no directory: name another to --keep", e);
    }
    return new Workspace(root, false);
  }

  /** Keys and charter, as an operator keeps them. */
  SiteDirectory keys() {
    return new SiteDirectory(root);
  }

  Path configuration(String node) {
    return root.resolve(last(node) + ".toml");
  }

  Path state(String node) {
    return root.resolve("state").resolve(last(node));
  }

  Path logs() {
    return root.resolve("logs");
  }

  /** Where a radio cell's device names lie. */
  Path air(Site.Cell cell) {
    return root.resolve("radio").resolve(last(cell.path()));
  }

  /** The serial port that a node's radio hangs on. */
  Path port(Site.Cell cell, Site.Node node) {
    return air(cell).resolve(node.station());
  }

  /** Removes everything if it was temporary. */
  @Override
  public void close() throws IOException {
    if (temporary) {
      Folders.delete(root);
    }
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
