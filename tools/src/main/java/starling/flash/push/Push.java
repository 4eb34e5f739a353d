package starling.flash.push;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import starling.flash.Payload;
import starling.keys.Admission;
import starling.node.Folders;
import starling.progress.Progress;

/**
 * One push to a board that runs: the programs if it has others, and its identity if it has none.
 * New programs are on trial until they have shown that they work; if they don't, the old ones run
 * again with the state that they had.
 *
 * @param board where
 * @param software the archive of the programs
 * @param release its name
 * @param root a directory there to take for {@code /}; empty for the board's own
 * @param trial how long new programs have to show that they work
 */
public record Push(Ssh board, Path software, String release, String root, Trial trial) {
  private static final long SPARE_KB = 64 << 10;

  /**
   * How long new programs have to show that they work.
   *
   * @param rounds of their cell, in each of which everybody has a turn to speak
   * @param seconds whatever becomes of them, as for programs that don't start
   */
  public record Trial(int rounds, int seconds) {}

  /** What was done. */
  public enum Done {
    /** A board without a node has one. */
    INSTALLED,
    /** It has other programs than before, and they work. */
    UPDATED,
    /** It has these programs already. */
    SAME
  }

  /** What is there. */
  private record Found(Map<String, String> facts) {
    static Found read(String output) {
      Map<String, String> facts = new HashMap<>();
      output
          .lines()
          .forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
              facts.put(line.substring(0, equals), line.substring(equals + 1).strip());
            }
          });
      return new Found(facts);
    }

    String of(String name) {
      return facts.getOrDefault(name, "");
    }

    boolean hasIdentity() {
      return of("identity").equals("yes");
    }
  }

  /** Makes the identity of a board that has none; asked only then. */
  public interface Identity {
    Admission make() throws IOException;
  }

  /**
   * Does it.
   *
   * @param identity for a board without
   * @param glibc what the programs need of the C library, such as 238, 0 if nothing
   * @param machine what they were made for, empty for any
   */
  public Done run(Identity identity, int glibc, String machine, Progress progress)
      throws IOException, InterruptedException {
    String room = board.run("umask 077; mktemp -d").strip();
    if (!room.matches("/[A-Za-z0-9/._-]+")) {
      throw new IOException(board.host() + ": no place for temporary files: " + room);
    }
    Path script = script();
    try {
      board.put(script, room + "/push.sh", Progress.NONE);
      Found found = Found.read(board.run(command(room, "probe")));
      check(found, glibc, machine);
      return push(found, room, identity, progress);
    } finally {
      Files.delete(script);
      String _ = board.run("rm -rf '" + room + "'");
    }
  }

  private Done push(Found found, String room, Identity identity, Progress progress)
      throws IOException, InterruptedException {
    boolean same = found.of("release").equals(release) && found.of("trial").equals("no");
    if (same && found.hasIdentity()) {
      return Done.SAME;
    }
    if (!same) {
      checkRoom(found);
      board.put(software, room + "/software.tar.gz", progress);
    }
    if (found.hasIdentity()) {
      String _ =
          board.run(
              command(
                  room,
                  "update " + room + " " + release + " " + trial.rounds() + " " + trial.seconds()));
      return Done.UPDATED;
    }
    install(room, identity.make());
    return Done.INSTALLED;
  }

  private void install(String room, Admission node) throws IOException, InterruptedException {
    try {
      Path directory = Files.createTempDirectory("starling-push"); // for its owner alone
      try {
        node.write(directory.resolve("node"), root + "/var/lib/starling");
        Path tar = directory.resolve("node.tar");
        Files.write(tar, Payload.of(directory.resolve("node"), Optional.empty()).node());
        board.put(tar, room + "/node.tar", Progress.NONE);
      } finally {
        Folders.delete(directory);
      }
      String _ = board.run(command(room, "install " + room + " " + release));
      node.done();
    } catch (IOException | RuntimeException e) {
      node.undo();
      throw e;
    }
  }

  private String command(String room, String words) {
    String run = "sh " + room + "/push.sh " + words;
    return root.isEmpty()
        ? "if [ \"$(id -u)\" = 0 ]; then " + run + "; else sudo -n " + run + "; fi"
        : "STARLING_ROOT='" + root + "' " + run;
  }

  private void check(Found found, int glibc, String machine) throws IOException {
    String there = found.of("machine");
    if (!machine.isEmpty() && !there.equals(machine)) {
      throw new IOException(
          board.host()
              + " is a "
              + there
              + ", and the programs are for "
              + machine
              + (there.startsWith("arm") ? ": put a 64-bit system on it" : ""));
    }
    String[] has = found.of("glibc").split("\\.");
    if (glibc > 0
        && has.length >= 2
        && has[0].matches("\\d+")
        && has[1].matches("\\d+")
        && 100 * Integer.parseInt(has[0]) + Integer.parseInt(has[1]) < glibc) {
      throw new IOException(
          "%s has the C library %s, and the programs need %d.%d: Raspberry Pi OS 13 (trixie)"
              .formatted(board.host(), found.of("glibc"), glibc / 100, glibc % 100));
    }
  }

  private void checkRoom(Found found) throws IOException {
    long wanted = 3 * (Files.size(software) >> 10) + SPARE_KB;
    String free = found.of("free_kb");
    if (free.matches("\\d+") && Long.parseLong(free) < wanted) {
      throw new IOException(
          "%s is full: %d MiB are wanted, and %s MiB are free"
              .formatted(board.host(), wanted >> 10, Long.parseLong(free) >> 10));
    }
  }

  private static Path script() throws IOException {
    Path file = Files.createTempFile("starling-push", ".sh");
    try (InputStream in = Push.class.getResourceAsStream("push.sh")) {
      Files.copy(Objects.requireNonNull(in), file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }
}
