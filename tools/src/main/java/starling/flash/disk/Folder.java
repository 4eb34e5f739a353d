package starling.flash.disk;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a boot partition that the system has mounted, or of any folder. New files lie beside
 * what they replace until they are committed.
 */
public final class Folder implements BootFiles, Closeable {
  private static final String BESIDE = ".starling-new";

  private final Path root;
  private final Map<String, Path> staged = new LinkedHashMap<>();

  /** A folder that is there. */
  public Folder(Path root) {
    this.root = root;
  }

  private Path place(String name) {
    Path beside = staged.get(name);
    return beside == null ? root.resolve(name) : beside;
  }

  @Override
  public boolean exists(String name) {
    return Files.exists(place(name));
  }

  @Override
  public Optional<byte[]> read(String name) throws IOException {
    Path file = place(name);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    if (Files.size(file) > READ_MAX_BYTES) {
      throw new IOException(name + " has more than " + READ_MAX_BYTES + " bytes");
    }
    return Optional.of(Files.readAllBytes(file));
  }

  @Override
  public InputStream open(String name) throws IOException {
    return Files.newInputStream(place(name));
  }

  @Override
  public void write(String name, InputStream from, long sizeBytes) throws IOException {
    Path to = root.resolve(name);
    Files.createDirectories(to.resolveSibling(""));
    Path beside = to.resolveSibling(to.getFileName() + BESIDE);
    staged.put(name, beside);
    try (OutputStream out = Files.newOutputStream(beside)) {
      if (from.transferTo(out) != sizeBytes) {
        throw new EOFException("a file is shorter than it was said to be");
      }
    }
  }

  @Override
  public long freeBytes() throws IOException {
    return Files.getFileStore(root).getUsableSpace();
  }

  @Override
  public void commit() throws IOException {
    for (Path beside : staged.values()) {
      try (FileChannel file = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        file.force(true);
      }
    }
    for (Map.Entry<String, Path> one : staged.entrySet()) {
      Files.move(one.getValue(), root.resolve(one.getKey()), StandardCopyOption.REPLACE_EXISTING);
    }
    staged.clear();
  }

  /** Takes away what was not committed. */
  @Override
  public void close() throws IOException {
    for (Path beside : staged.values()) {
      try {
        Files.delete(beside);
      } catch (NoSuchFileException e) {
        // Its writing had not begun.
      }
    }
    staged.clear();
  }
}
