package starling.flash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import starling.flash.disk.Tar;

/**
 * What the first start finds in the folder {@code starling} of the boot partition: what makes this
 * board this node, the software that all nodes share, the script that installs both, and the
 * digests by which it knows that they arrived whole.
 *
 * @param node a tar archive of the files that only this node has; secret
 * @param software the archive of the programs, if the board does not have them
 */
public record Payload(byte[] node, Optional<Path> software) {
  private static final String FOLDER = "starling/";
  private static final String SUMS = FOLDER + "SHA256SUMS";

  /** The payload for a directory that {@code keys} has made for one node. */
  public static Payload of(Path bundle, Optional<Path> software) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Tar tar = new Tar(bytes, 0);
        Stream<Path> files = Files.list(bundle)) {
      for (Path file : files.sorted().toList()) {
        tar.file(file.getFileName().toString(), 0600, Files.readAllBytes(file));
      }
    }
    return new Payload(bytes.toByteArray(), software);
  }

  /** The files that are held in memory, by name. */
  Map<String, byte[]> small() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(Scheme.FIRST_START, script());
    files.put(FOLDER + "node.tar", node);
    StringBuilder sums = new StringBuilder(line(sha256().digest(node), "node.tar"));
    if (software.isPresent()) {
      sums.append(line(digest(software.get()), "software.tar.gz"));
    }
    files.put(SUMS, sums.toString().getBytes(UTF_8));
    return files;
  }

  /** The file that is not. */
  String softwareName() {
    return FOLDER + "software.tar.gz";
  }

  private static byte[] script() throws IOException {
    try (InputStream in = Payload.class.getResourceAsStream("first-start.sh")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  private static String line(byte[] digest, String name) {
    return HexFormat.of().formatHex(digest) + "  " + name + "\n";
  }

  private static byte[] digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return digest(in);
    }
  }

  static byte[] digest(InputStream in) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 16];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      digest.update(buffer, 0, n);
    }
    return digest.digest();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime lacks SHA-256", e);
    }
  }
}
