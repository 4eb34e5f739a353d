package starling.link.mqtt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Certifies who is who, by openssl. */
public final class Authority {
  private static final List<String> NEW_KEY =
      List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes");

  private final Path directory;
  private final String name;

  private Authority(Path directory, String name) {
    this.directory = directory;
    this.name = name;
  }

  /** A new one, with its files in a directory. */
  public static Authority create(Path directory, String name) {
    Authority authority = new Authority(directory, name);
    List<String> request = new ArrayList<>(List.of("req", "-x509"));
    request.addAll(NEW_KEY);
    request.addAll(
        List.of("-keyout", name + ".key", "-out", name + ".pem", "-subj", "/CN=" + name));
    authority.openssl(request);
    return authority;
  }

  /** Its own certificate. */
  public Path certificate() {
    return directory.resolve(name + ".pem");
  }

  /** A new certificate for this machine that is good for some days; fewer than 0: was good. */
  public Tls.Identity certify(String who, int days) {
    return certify(who, "IP:127.0.0.1,DNS:localhost", days);
  }

  /** A new certificate for some names. */
  public Tls.Identity certify(String who, String names, int days) {
    try {
      Files.writeString(directory.resolve(who + ".names"), "subjectAltName=" + names);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> request = new ArrayList<>(List.of("req"));
    request.addAll(NEW_KEY);
    request.addAll(List.of("-keyout", who + ".key", "-out", who + ".csr", "-subj", "/CN=" + who));
    openssl(request);
    openssl(
        List.of(
            "x509",
            "-req",
            "-in",
            who + ".csr",
            "-CA",
            name + ".pem",
            "-CAkey",
            name + ".key",
            "-CAcreateserial",
            "-days",
            "" + days,
            "-extfile",
            who + ".names",
            "-out",
            who + ".pem"));
    return new Tls.Identity(directory.resolve(who + ".pem"), directory.resolve(who + ".key"));
  }

  private void openssl(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(Mosquitto.program("openssl")));
    command.addAll(arguments);
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("openssl.log").toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new AssertionError(Files.readString(directory.resolve("openssl.log")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
