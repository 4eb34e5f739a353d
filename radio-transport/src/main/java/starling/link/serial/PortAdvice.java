package starling.link.serial;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why a port does not open, and what to do about it, in one line for a person. */
final class PortAdvice {
  private static final int NAMED_MAX = 8;
  private static final Path PROCESSES = Path.of("/proc");

  private PortAdvice() {}

  static String missing(String port) {
    List<String> others = new ArrayList<>();
    list(Path.of("/dev/serial/by-id"), "*", others);
    list(Path.of("/dev"), "tty{USB,ACM,AMA}*", others);
    return "no serial port "
        + port
        + ": is the radio plugged in? Ports here: "
        + (others.isEmpty() ? "none" : String.join(", ", others));
  }

  static String forbidden(String port) {
    String user = System.getProperty("user.name", "this user");
    String group = group(port).orElse("dialout");
    return "no permission to open "
        + port
        + ": run 'sudo usermod -aG "
        + group
        + " "
        + user
        + "', then log in again (or restart the service)";
  }

  static String busy(String port) {
    return port
        + " is in use"
        + holder(port).map(who -> " by " + who).orElse("")
        + ": stop that program, or name another port";
  }

  static String notSerial(String port) {
    return port + " is not a serial port: check the port's name in the configuration";
  }

  /** The process, other than this, that has the port open, as far as this user may see. */
  static Optional<String> holder(String port) {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      Path device = Path.of(port).toRealPath();
      long self = ProcessHandle.current().pid();
      for (Path process : processes) {
        if (!process.endsWith(Long.toString(self)) && holds(process, device)) {
          String command = Files.readString(process.resolve("comm")).strip();
          return Optional.of(command + " (pid " + process.getFileName() + ")");
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Advice is best effort: a process that ended meanwhile, or no /proc.
    }
    return Optional.empty();
  }

  private static boolean holds(Path process, Path device) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        if (Files.readSymbolicLink(file).equals(device)) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Another user's process, or one that has ended: it is not named.
    }
    return false;
  }

  private static Optional<String> group(String port) {
    try {
      return Optional.of(Files.getAttribute(Path.of(port), "posix:group").toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void list(Path directory, String glob, List<String> names) {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, glob)) {
      for (Path path : found) {
        if (names.size() < NAMED_MAX) {
          names.add(path.toString());
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // No such directory: no such ports.
    }
  }
}
