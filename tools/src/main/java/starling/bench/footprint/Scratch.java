package starling.bench.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import starling.node.Folders;

/** A directory that goes away again, with all that is in it. */
public record Scratch(Path directory) implements AutoCloseable {
  public static Scratch create() throws IOException {
    return new Scratch(Files.createTempDirectory("starling-bench"));
  }

  public Path resolve(String name) {
    return directory.resolve(name);
  }

  @Override
  public void close() throws IOException {
    Folders.delete(directory);
  }
}
