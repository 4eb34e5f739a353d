package starling.flash.software;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The boards' Java runtime, as {@code tools/lib/arm64-runtime} has made it.
 *
 * @param directory which has {@code runtime}, {@code sysroot} to try it out with, and {@code glibc}
 */
public record Arm64Runtime(Path directory) {
  private static final int AARCH64 = 183; // System V ABI, AArch64 supplement: EM_AARCH64
  private static final int ELF_HEADER_BYTES = 20;

  /** A runtime whose debugging symbols were not left out has 654 MB, and no tool says so. */
  private static final long BYTES_MAX = 60L << 20;

  private static final long BYTES_MIN = 25L << 20;

  /**
   * Has it made if it is not there yet; what is fetched is told on standard error.
   *
   * @param home the repository's root
   */
  public static Arm64Runtime ready(Path home) throws IOException {
    return run(List.of(home.resolve("tools/lib/arm64-runtime").toString()));
  }

  private static Arm64Runtime run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("there is no Java runtime for the boards: see above");
      }
    } catch (InterruptedException e) {
      process.destroy();
      throw new IOException("interrupted", e);
    }
    return new Arm64Runtime(Path.of(said.strip())).check();
  }

  /** The runtime's own files. */
  Path runtime() {
    return directory.resolve("runtime");
  }

  /** The C library that it needs at least, such as 2.38. */
  String glibc() throws IOException {
    return Files.readString(directory.resolve("glibc")).strip();
  }

  /**
   * Refuses what is not for these boards, or not what was meant.
   *
   * @throws IOException the wrong machine, or a size that can't be right
   */
  public Arm64Runtime check() throws IOException {
    for (String name : List.of("bin/java", "lib/server/libjvm.so")) {
      int machine = machine(runtime().resolve(name));
      if (machine != AARCH64) {
        throw new IOException(
            runtime().resolve(name) + " is for machine " + machine + ", not arm64 (183)");
      }
    }
    long bytes = sizeBytes();
    if (bytes < BYTES_MIN || bytes > BYTES_MAX) {
      throw new IOException(
          "%s has %d MiB, not %d to %d: delete %s and try again"
              .formatted(runtime(), bytes >> 20, BYTES_MIN >> 20, BYTES_MAX >> 20, directory));
    }
    return this;
  }

  private long sizeBytes() throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(runtime())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  /** What an ELF file is for; -1 if it is none of 64 bits, little-endian. */
  static int machine(Path file) throws IOException {
    byte[] header;
    try (InputStream in = Files.newInputStream(file)) {
      header = in.readNBytes(ELF_HEADER_BYTES);
    }
    ByteBuffer view = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    boolean elf =
        header.length == ELF_HEADER_BYTES
            && view.getInt(0) == 0x464C457F
            && header[4] == 2
            && header[5] == 1;
    return elf ? view.getShort(18) : -1;
  }
}
