package starling;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The source tree that these tests run in. */
public final class Repository {
  private static final List<String> MODULES =
      List.of("radio-transport", "edge-node", "gateway", "tools");

  private Repository() {}

  /** The directory that holds the modules. */
  public static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(directory.resolve("radio-transport/pom.xml"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  /** The modules from the bottom up: each may import those before it. */
  static List<String> modules() {
    return MODULES;
  }

  /** Every tracked Java file; without git, every Java file in the modules' source directories. */
  static List<Path> javaFiles() throws IOException, InterruptedException {
    Path root = root();
    if (Files.exists(root.resolve(".git"))) {
      return tracked(root);
    }
    try (Stream<Path> files =
        MODULES.stream().flatMap(module -> walk(root.resolve(module).resolve("src")))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static List<Path> tracked(Path root) throws IOException, InterruptedException {
    Process git =
        new ProcessBuilder("git", "-c", "safe.directory=*", "ls-files", "-z", "*.java")
            .directory(root.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String names = new String(git.getInputStream().readAllBytes(), UTF_8);
    if (git.waitFor() != 0) {
      throw new IOException("git ls-files failed in " + root);
    }
    return Stream.of(names.split("\0")).map(root::resolve).filter(Files::exists).toList();
  }

  private static Stream<Path> walk(Path directory) {
    try {
      return Files.isDirectory(directory) ? Files.walk(directory) : Stream.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
