package starling.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import starling.charter.Operator;
import starling.frame.Keyring;

/**
 * Keys on disk: text files of mode 0600, a title line and then a name and a value in hexadecimal a
 * line. A key file that others may read is refused.
 *
 * <pre>
 * starling identity 1          starling site key 1
 * public  3b6a...              epoch-0  9f86...
 * private 302e...
 * </pre>
 */
public final class KeyFile {
  private static final String IDENTITY = "starling identity 1";
  private static final String SITE = "starling site key 1";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private KeyFile() {}

  /**
   * An Ed25519 key pair: a node's identity, or the operator's.
   *
   * @param publicKey raw, 32 bytes
   */
  public record Identity(byte[] publicKey, PrivateKey privateKey) {
    @Override
    public String toString() {
      return "Identity " + HexFormat.of().formatHex(publicKey); // never the private key
    }
  }

  /** A new key pair. */
  public static Identity generate() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      return new Identity(Operator.raw(pair.getPublic()), pair.getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime lacks Ed25519", e);
    }
  }

  /** Writes a key pair; never over an existing file. */
  public static void write(Path file, Identity identity) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("public", identity.publicKey());
    entries.put("private", identity.privateKey().getEncoded());
    write(file, IDENTITY, entries);
  }

  /** Reads a key pair. */
  public static Identity readIdentity(Path file) throws IOException {
    Map<String, byte[]> entries = read(file, IDENTITY);
    byte[] publicKey = entries.get("public");
    byte[] privateKey = entries.get("private");
    if (publicKey == null || privateKey == null || publicKey.length != Operator.KEY_BYTES) {
      throw new IOException(file + " lacks its public or private key");
    }
    try {
      PrivateKey key =
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(privateKey));
      return new Identity(publicKey, key);
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " has no Ed25519 private key: " + e.getMessage(), e);
    }
  }

  /** Writes the site keys by epoch; never over an existing file. */
  public static void writeSite(Path file, Map<Integer, byte[]> keys) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    new TreeMap<>(keys).forEach((epoch, key) -> entries.put("epoch-" + epoch, key));
    write(file, SITE, entries);
  }

  /** Reads the site keys. */
  public static Keyring readSite(Path file) throws IOException {
    Keyring keyring = new Keyring();
    for (Map.Entry<String, byte[]> entry : read(file, SITE).entrySet()) {
      try {
        keyring.add(Integer.parseInt(entry.getKey().replace("epoch-", "")), entry.getValue());
      } catch (IllegalArgumentException e) {
        throw new IOException(file + ": " + entry.getKey() + ": " + e.getMessage(), e);
      }
    }
    return keyring;
  }

  private static void write(Path file, String title, Map<String, byte[]> entries)
      throws IOException {
    StringBuilder text = new StringBuilder(title).append('\n');
    entries.forEach((name, value) ->
        text.append(name).append(' ').append(HexFormat.of().formatHex(value)).append('\n'));
    Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    Files.writeString(file, text, StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
  }

  private static Map<String, byte[]> read(Path file, String title) throws IOException {
    for (PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
      if (!permission.name().startsWith("OWNER")) {
        throw new IOException(
            file + " may be read by others than its owner; run: chmod 600 " + file);
      }
    }
    Map<String, byte[]> entries = new LinkedHashMap<>();
    int line = 0;
    for (String text : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
      line++;
      if (line == 1 && !text.equals(title)) {
        throw new IOException(file + " does not begin with '" + title + "'");
      }
      String[] words = text.strip().split("\\s+");
      if (line > 1 && !text.isBlank()) {
        try {
          entries.put(words[0], HexFormat.of().parseHex(words[words.length - 1]));
        } catch (IllegalArgumentException e) {
          throw new IOException(file + ":" + line + ": not a name and hexadecimal digits", e);
        }
      }
    }
    if (entries.isEmpty()) {
      throw new IOException(file + " holds no keys");
    }
    return entries;
  }
}
