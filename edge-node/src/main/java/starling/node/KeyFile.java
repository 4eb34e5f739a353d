package starling.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
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
  private static final int FILE_MAX_BYTES = 8 * 1024;
  private static final String IDENTITY = "starling identity 1";
  private static final String SITE = "starling site key 1";
  private static final String EPOCH = "epoch-";

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
      throw new IOException(file + " has no Ed25519 private key", e);
    }
  }

  /** Writes the site keys by epoch; never over an existing file. */
  public static void writeSite(Path file, Map<Integer, byte[]> keys) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    new TreeMap<>(keys).forEach((epoch, key) -> entries.put(EPOCH + epoch, key));
    write(file, SITE, entries);
  }

  /** Reads the site keys. */
  public static Keyring readSite(Path file) throws IOException {
    Keyring keyring = new Keyring();
    siteKeys(file).forEach(keyring::add);
    return keyring;
  }

  /** Reads the site keys to hand them on. */
  public static Map<Integer, byte[]> siteKeys(Path file) throws IOException {
    Map<Integer, byte[]> keys = new TreeMap<>();
    for (Map.Entry<String, byte[]> entry : read(file, SITE).entrySet()) {
      try {
        new Keyring().add(epoch(entry.getKey()), entry.getValue());
        keys.put(epoch(entry.getKey()), entry.getValue());
      } catch (IllegalArgumentException e) {
        throw new IOException(
            file + ": " + entry.getKey() + " is not epoch-0 to epoch-15 with 64 digits", e);
      }
    }
    return keys;
  }

  private static int epoch(String name) {
    return name.startsWith(EPOCH) ? Integer.parseInt(name.substring(EPOCH.length())) : -1;
  }

  private static void write(Path file, String title, Map<String, byte[]> entries)
      throws IOException {
    StringBuilder text = new StringBuilder(title).append('\n');
    entries.forEach((name, value) ->
        text.append(name).append(' ').append(HexFormat.of().formatHex(value)).append('\n'));
    SmallFile.createSecret(file, text.toString());
  }

  private static Map<String, byte[]> read(Path file, String title) throws IOException {
    byte[] bytes = SmallFile.readSecret(file, FILE_MAX_BYTES);
    String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1);
    if (!lines[0].strip().equals(title)) {
      throw new IOException(file + " does not begin with '" + title + "'");
    }
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      if (!lines[i].isBlank() && !add(lines[i].strip().split("\\s+", -1), entries)) {
        throw new IOException(file + ":" + (i + 1) + ": not a new name and hexadecimal digits");
      }
    }
    if (entries.isEmpty()) {
      throw new IOException(file + " holds no keys");
    }
    return entries;
  }

  private static boolean add(String[] words, Map<String, byte[]> to) {
    try {
      return words.length == 2 && to.put(words[0], HexFormat.of().parseHex(words[1])) == null;
    } catch (IllegalArgumentException e) {
      return false; // its message shows digits
    }
  }
}
