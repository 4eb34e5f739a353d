package starling.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk that becomes read-only while files on it are open for writing, as a worn card's file
 * system does by itself when it meets an error: an ext4 in a file, which the kernel is told that it
 * has met one. Only root may mount it.
 */
final class WornCard implements AutoCloseable {
  private static final long BYTES = 16 << 20;

  private final Path root;
  private final Path device;

  private WornCard(Path root, Path device) {
    this.root = root;
    this.device = device;
  }

  static WornCard mount(Path directory) throws IOException {
    assumeTrue(
        System.getProperty("user.name").equals("root")
            && Files.isWritable(Path.of("/dev/loop-control")),
        "only root may mount a file system, on a machine with loop devices");
    Path image = directory.resolve("card.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(BYTES);
    }
    Path root = Files.createDirectory(directory.resolve("card"));
    try {
      run("mkfs.ext4", "-q", "-F", image.toString());
      run("mount", "-o", "loop,errors=remount-ro", image.toString(), root.toString());
    } catch (IOException | AssertionError e) {
      return abort("not even root may mount a file system here: " + e.getMessage());
    }
    return new WornCard(root, Path.of(run("findmnt", "-no", "SOURCE", root.toString())));
  }

  Path root() {
    return root;
  }

  /** From now on nothing can be written. */
  void wearOut() throws IOException {
    Files.writeString(
        Path.of("/sys/fs/ext4", device.getFileName().toString(), "trigger_fs_error"), "1");
  }

  private static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes()).strip();
    assertEquals(0, process.onExit().join().exitValue(), said);
    return said;
  }

  @Override
  public void close() throws IOException {
    run("umount", root.toString());
  }
}
