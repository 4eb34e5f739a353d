package starling.flash.software;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import starling.flash.disk.Tar;
import starling.node.Folders;
import starling.progress.Progress;

/**
 * One state of the programs, named after what is in it, so that it is built once.
 *
 * <pre>
 * RELEASE               its name
 * bin/starling-node     starts a node
 * lib/                  edge-node's jar, jvm.options, node.aot; libs/ those of others
 * runtime/              Java for arm64
 * system/               what goes to /etc
 * </pre>
 */
public final class Release {
  /** Where a board has it. */
  private static final String HOME = "/opt/starling/current";

  private static final int NAME_DIGITS = 12;

  /** The class cache looks at the jars' times: on every machine the same. */
  private static final long MTIME_SECONDS = 1_767_225_600; // 2026-01-01

  private static final List<String> BOARD_UNITS =
      List.of(
          "reset.service",
          "return.service",
          "prompt.path",
          "prompt.service",
          "node.service.d/board.conf");

  private static final Pattern GLIBC = Pattern.compile("-glibc(\\d+)\\.(\\d+)\\.tar\\.gz$");

  private final Map<String, Source> files = new TreeMap<>();
  private final Arm64Runtime arm64;

  private record Source(byte[] text, Optional<Path> file, int mode) {
    InputStream open() throws IOException {
      return file.isPresent()
          ? Files.newInputStream(file.get())
          : new java.io.ByteArrayInputStream(text);
    }
  }

  private Release(Arm64Runtime arm64) {
    this.arm64 = arm64;
  }

  /** The C library that an archive's programs need, if its name says so, such as 2.38 as 238. */
  public static Optional<Integer> glibc(Path archive) {
    Matcher name = GLIBC.matcher(archive.getFileName().toString());
    return name.find()
        ? Optional.of(100 * Integer.parseInt(name.group(1)) + Integer.parseInt(name.group(2)))
        : Optional.empty();
  }

  /**
   * The name of the release in an archive, and what it was made for, by the archive's name.
   *
   * @param machine as {@code uname -m} says it; empty for any with a Java of its own
   */
  public record Label(String name, String machine) {
    private static final Pattern FORM = Pattern.compile("starling-node-([0-9a-z]+)(-arm64)?[-.].*");

    /** Reads it. */
    public static Label of(Path archive) {
      Matcher form = FORM.matcher(archive.getFileName().toString());
      if (!form.matches()) {
        throw new IllegalArgumentException(
            archive
                + " is no archive of a release: they are called starling-node-NAME-arm64-….tar.gz");
      }
      return new Label(form.group(1), form.group(2) == null ? "" : "aarch64");
    }
  }

  /**
   * The archive of the programs as they are built now; made if it is not there yet.
   *
   * @param home the repository's root
   * @param arm64 the runtime
   */
  public static Path ready(Path home, Arm64Runtime arm64, Progress progress) throws IOException {
    Release release = new Release(arm64);
    release.collect(home);
    String name = release.name();
    Path kept = arm64.directory().resolveSibling("releases");
    Files.createDirectories(kept);
    Path archive =
        kept.resolve("starling-node-%s-arm64-glibc%s.tar.gz".formatted(name, arm64.glibc()));
    // One builder at a time; whoever waited finds the work done.
    try (FileChannel lock =
            FileChannel.open(
                kept.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = lock.lock()) {
      if (Files.notExists(archive)) {
        release.files.put("RELEASE", text(name + "\n", 0644));
        release.build(kept.resolve(name), archive, progress);
      }
    }
    return archive;
  }

  private void collect(Path home) throws IOException {
    Path packaging = home.resolve("edge-node/src/packaging");
    for (Path jar : jars(home.resolve("edge-node/target"))) {
      put("lib/" + jar.getFileName(), jar, 0644);
    }
    for (Path jar : jars(home.resolve("edge-node/target/lib"))) {
      put("lib/libs/" + jar.getFileName(), jar, 0644);
    }
    put("lib/jvm.options", packaging.resolve("jvm.options"), 0644);
    put("bin/starling-node", packaging.resolve("starling-node"), 0755);
    String system = "system/etc/";
    String unit = Files.readString(packaging.resolve("system/systemd/starling-node.service"));
    files.put(
        system + "systemd/system/starling-node.service", text(unit.replace("@HOME@", HOME), 0644));
    put(
        system + "sysusers.d/starling-node.conf",
        packaging.resolve("system/sysusers.d/starling-node.conf"),
        0644);
    put(
        system + "udev/rules.d/70-starling-node.rules",
        packaging.resolve("system/udev/70-starling-node.rules"),
        0644);
    put(
        system + "modules-load.d/starling-node.conf",
        packaging.resolve("system/modules-load.d/starling-node.conf"),
        0644);
    for (String one : BOARD_UNITS) {
      put(
          system + "systemd/system/starling-" + one,
          packaging.resolve("board/starling-" + one),
          0644);
    }
    put("bin/starling-reset", packaging.resolve("board/starling-reset"), 0755);
    try (Stream<Path> all = Files.walk(arm64.runtime())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        put(
            "runtime/" + arm64.runtime().relativize(file),
            file,
            Files.isExecutable(file) ? 0755 : 0644);
      }
    }
  }

  /** The jars in a directory by name, as a shell in the C locale lists them; no tests. */
  static List<Path> jars(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      List<Path> jars =
          all.filter(file -> file.toString().endsWith(".jar"))
              .filter(file -> !file.toString().endsWith("-tests.jar"))
              .sorted(Comparator.comparing(file -> file.getFileName().toString()))
              .toList();
      if (jars.isEmpty()) {
        throw new IOException(directory + " has no jar: the programs are not built");
      }
      return jars;
    }
  }

  private void put(String name, Path file, int mode) {
    files.put(name, new Source(new byte[0], Optional.of(file), mode));
  }

  private static Source text(String text, int mode) {
    return new Source(text.getBytes(UTF_8), Optional.empty(), mode);
  }

  private String name() throws IOException {
    try (DigestOutputStream digest =
        new DigestOutputStream(
            OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"))) {
      for (Map.Entry<String, Source> one : files.entrySet()) {
        digest.write((one.getKey() + '\0' + one.getValue().mode() + '\0').getBytes(UTF_8));
        try (InputStream in = one.getValue().open()) {
          in.transferTo(digest);
        }
      }
      String hex = HexFormat.of().formatHex(digest.getMessageDigest().digest());
      return hex.substring(0, NAME_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime lacks SHA-256", e);
    }
  }

  private void build(Path stage, Path archive, Progress progress) throws IOException {
    Folders.delete(stage);
    try {
      lay(stage);
      Optional<String> emulator = ClassCache.emulator();
      Path cache = stage.resolve("lib/node.aot");
      progress.at("class cache", 0, 2);
      Path log = archive.resolveSibling("class-cache.log");
      Files.deleteIfExists(log);
      if (emulator.isPresent() && new ClassCache(arm64, stage, log).make(emulator.get(), cache)) {
        put("lib/node.aot", cache, 0644);
      }
      progress.at("packing", 1, 2);
      Path part = archive.resolveSibling(archive.getFileName() + ".part");
      pack(part);
      Files.move(
          part, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      progress.at("packing", 2, 2);
    } finally {
      Folders.delete(stage);
    }
  }

  /** Puts the files where they can be run, with the times that they will have. */
  private void lay(Path stage) throws IOException {
    for (Map.Entry<String, Source> one : files.entrySet()) {
      Path to = stage.resolve(one.getKey());
      Files.createDirectories(to.resolveSibling(""));
      try (InputStream in = one.getValue().open()) {
        Files.copy(in, to);
      }
      if (one.getValue().mode() == 0755 && !to.toFile().setExecutable(true)) {
        throw new IOException(to + " can't be made executable");
      }
      Files.setLastModifiedTime(to, FileTime.fromMillis(1000 * MTIME_SECONDS));
    }
  }

  private void pack(Path to) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(to));
        OutputStream packed = new GZIPOutputStream(out, 1 << 16);
        Tar tar = new Tar(packed, MTIME_SECONDS)) {
      for (Map.Entry<String, Source> one : files.entrySet()) {
        Source source = one.getValue();
        long size =
            source.file().isPresent() ? Files.size(source.file().get()) : source.text().length;
        try (InputStream in = source.open()) {
          tar.file(one.getKey(), source.mode(), in, size);
        }
      }
    }
  }
}
