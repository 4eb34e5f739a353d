package starling.packages;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import starling.Repository;
import starling.node.Folders;

/** A fresh Debian system in a directory, in which commands run as root, and no service does. */
final class Tree implements AutoCloseable {
  private static final int DEADLINE_S = 600;

  /** Mounts are the command's alone, and gone with it. */
  private static final String ENTER =
      "mount --bind \"$0\" \"$0\" && mount -t proc proc \"$0/proc\" && mount --rbind /dev"
          + " \"$0/dev\" && tree=$0 && exec chroot \"$tree\" \"$@\"";

  private final Path root;

  private Tree(Path root) {
    this.root = root;
  }

  /** Unpacks one into a directory that must not be there yet; it is made the first time. */
  static Tree fresh(Path root) throws Exception {
    String said = host(Repository.root().resolve("tools/lib/debian-tree").toString());
    String archive = said.strip().lines().toList().getLast(); // after what it did, the first time
    Files.createDirectory(root);
    host("tar", "-xf", archive, "-C", root.toString());
    return new Tree(root);
  }

  /** What a command in the tree says; fails with that if its status is not zero. */
  String run(String... command) throws Exception {
    List<String> words =
        new ArrayList<>(List.of("unshare", "--mount", "--pid", "--fork", "--kill-child"));
    words.addAll(List.of("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"));
    words.addAll(List.of("DEBIAN_FRONTEND=noninteractive", "sh", "-c", ENTER, root.toString()));
    words.addAll(List.of(command));
    return host(words.toArray(String[]::new));
  }

  /** A file's place on this machine. */
  Path path(String name) {
    return root.resolve(name.substring(1));
  }

  /** All files, apart from what dpkg, users' accounts and logs consist of. */
  SortedSet<String> files() throws IOException {
    SortedSet<String> names = new TreeSet<>();
    try (var all = Files.walk(root)) {
      all.map(path -> "/" + root.relativize(path))
          .filter(name -> !name.matches("/(var/lib/dpkg|var/log|run|tmp|proc|dev|root)/.*"))
          .filter(name -> !name.matches("/etc/(passwd|group|shadow|gshadow)-?|/etc/\\.pwd\\.lock"))
          .forEach(names::add);
    }
    return names;
  }

  /** What a command on this machine says. */
  static String host(String... command) throws Exception {
    Path said = Files.createTempFile("starling-test", "");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(List.of(command) + " takes too long: " + Files.readString(said));
      }
      String text = new String(Files.readAllBytes(said), UTF_8);
      if (process.exitValue() != 0) {
        throw new IOException(List.of(command) + " failed: " + text);
      }
      return text;
    } finally {
      Files.delete(said);
    }
  }

  @Override
  public void close() throws IOException {
    Folders.delete(root);
  }
}
