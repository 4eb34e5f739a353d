package starling.flash.push;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import starling.Mosquitto;

/** OpenSSH's server on a port of its own, for whoever runs the test; ended by its process. */
final class Sshd implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/sshd");

  private final Process process;
  private final Path directory;
  private final int port;

  private Sshd(Process process, Path directory, int port) {
    this.process = process;
    this.directory = directory;
    this.port = port;
  }

  static boolean isThere() {
    return Files.isExecutable(PROGRAM);
  }

  static Sshd start(Path directory) throws Exception {
    Files.createDirectories(directory);
    keygen(directory.resolve("host"));
    keygen(directory.resolve("me"));
    Files.copy(directory.resolve("me.pub"), directory.resolve("authorized"));
    if (System.getProperty("user.name").equals("root")) {
      Files.createDirectories(Path.of("/run/sshd")); // the package makes it when its service starts
    }
    int port = Mosquitto.freePort();
    Path config = directory.resolve("sshd_config");
    Files.write(
        config,
        List.of(
            "ListenAddress 127.0.0.1:" + port,
            "HostKey " + directory.resolve("host"),
            "AuthorizedKeysFile " + directory.resolve("authorized"),
            "PidFile none",
            "StrictModes no",
            "UsePAM no",
            "PasswordAuthentication no",
            "PermitRootLogin yes"));
    Process process =
        new ProcessBuilder(PROGRAM.toString(), "-D", "-e", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    Sshd sshd = new Sshd(process, directory, port);
    sshd.awaitListening();
    return sshd;
  }

  private static void keygen(Path file) throws Exception {
    Process made =
        new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString())
            .inheritIO()
            .start();
    if (made.waitFor() != 0) {
      throw new IOException("no key was made");
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private void awaitListening() throws Exception {
    for (int i = 0; i < 600 && process.isAlive(); i++) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    throw new IOException(Files.readString(directory.resolve("log")));
  }

  /** As behind {@code ssh -o}. */
  List<String> options() {
    return List.of(
        "Port=" + port,
        "IdentityFile=" + directory.resolve("me"),
        "IdentitiesOnly=yes",
        "UserKnownHostsFile=" + directory.resolve("known"),
        "StrictHostKeyChecking=accept-new",
        "LogLevel=ERROR");
  }

  Ssh board() {
    return new Ssh(System.getProperty("user.name") + "@127.0.0.1", options());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
