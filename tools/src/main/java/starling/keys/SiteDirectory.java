package starling.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import starling.charter.Draft;
import starling.charter.Operator;
import starling.charter.PageCodec;
import starling.frame.Keyring;
import starling.model.Charter;
import starling.model.NodeId;
import starling.model.Page;
import starling.node.KeyFile;
import starling.wire.MalformedException;

/**
 * A directory that runs a site.
 *
 * <pre>
 * site.key             what seals frames; every node has it
 * operator.key         what signs the charter; stays here
 * charter.bin          the signed charter; every node has its branch of it
 * nodes/ZONE/NAME.key  identities that were made here
 * </pre>
 *
 * @param root the directory
 */
public record SiteDirectory(Path root) {
  static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /**
   * Makes keys and a charter; refuses to touch a directory that has them already.
   *
   * @param first the charter to begin with
   */
  public static SiteDirectory create(Path root, Draft first) throws IOException {
    SiteDirectory site = new SiteDirectory(root);
    Files.createDirectories(root, OWNER_ONLY);
    try {
      byte[] key = new byte[Keyring.KEY_BYTES];
      new SecureRandom().nextBytes(key);
      KeyFile.writeSite(site.siteKey(), Map.of(0, key));
      KeyFile.write(site.operatorKey(), KeyFile.generate());
    } catch (FileAlreadyExistsException e) {
      throw new IOException(
          e.getFile() + " exists: this directory has a site already; nothing was changed", e);
    }
    site.save(first);
    return site;
  }

  /** The site's key. */
  public Path siteKey() {
    return root.resolve("site.key");
  }

  /** The operator's key. */
  public Path operatorKey() {
    return root.resolve("operator.key");
  }

  /** The signed charter. */
  public Path charterFile() {
    return root.resolve("charter.bin");
  }

  /** Where the identity of a node made here is: by its path without the site's name. */
  public Path nodeKey(String path) {
    String below = path.substring(path.indexOf('/', 1) + 1);
    return root.resolve("nodes").resolve(below + ".key");
  }

  /** The operator's public key in hexadecimal: what every node's configuration names. */
  public String operatorHex() throws IOException {
    return HexFormat.of().formatHex(operator().publicKey());
  }

  KeyFile.Identity operator() throws IOException {
    try {
      return KeyFile.readIdentity(operatorKey());
    } catch (NoSuchFileException e) {
      throw new IOException(
          "there is no site in "
              + root.toAbsolutePath().normalize()
              + "; name its directory with --dir, or make one: starling keys new",
          e);
    }
  }

  /** The charter as it was last signed. */
  public Charter charter() throws IOException {
    return Charter.of(signed().keySet());
  }

  /** The part of the charter file that a node of a cell needs. */
  byte[] branch(int cell) throws IOException {
    Map<Page, byte[]> signed = signed();
    signed.keySet().retainAll(Charter.of(signed.keySet()).branch(cell).pages().values());
    return PageCodec.bundle(List.copyOf(signed.values()));
  }

  private Map<Page, byte[]> signed() throws IOException {
    Operator operator = new Operator(operator().publicKey());
    Map<Page, byte[]> pages = new LinkedHashMap<>();
    try {
      for (byte[] signed : PageCodec.unbundle(Files.readAllBytes(charterFile()))) {
        pages.put(PageCodec.open(signed, operator), signed);
      }
      return pages;
    } catch (NoSuchFileException e) {
      throw new IOException(charterFile() + " does not exist; restore it from a copy", e);
    } catch (MalformedException e) {
      throw new IOException(charterFile() + ": " + e.getMessage(), e);
    }
  }

  /** Makes a node's identity; never over an existing one. Answers its public key. */
  public byte[] newNode(String path) throws IOException {
    KeyFile.Identity identity = KeyFile.generate();
    write(path, identity);
    return identity.publicKey();
  }

  private void write(String path, KeyFile.Identity identity) throws IOException {
    Files.createDirectories(nodeKey(path).resolveSibling(""), OWNER_ONLY);
    KeyFile.write(nodeKey(path), identity);
  }

  /** Whether the private half of a node's identity is here. */
  public boolean holds(String path) {
    return Files.exists(nodeKey(path));
  }

  /** Forgets a node's private half: it is where it belongs, on the node, and nowhere else. */
  public void forget(String path) throws IOException {
    Files.deleteIfExists(nodeKey(path));
  }

  /** The identity that was made here for a path, or a new one that is not on disk yet. */
  public KeyFile.Identity identity(String path) throws IOException {
    try {
      return KeyFile.readIdentity(nodeKey(path));
    } catch (NoSuchFileException e) {
      return KeyFile.generate();
    }
  }

  /**
   * Saves a draft that has a node in it of which nothing is on disk yet: its identity goes with the
   * charter, or neither does.
   *
   * @return the charter, signed
   */
  public Charter save(Draft draft, String path, KeyFile.Identity identity) throws IOException {
    boolean fresh = Files.notExists(nodeKey(path));
    if (fresh) {
      CharterCheck.check(draft.charter());
      write(path, identity);
    }
    try {
      return save(draft);
    } catch (IOException | RuntimeException e) {
      if (fresh) {
        Files.delete(nodeKey(path));
      }
      throw e;
    }
  }

  /**
   * Saves a draft in which a node's place is another key's: that takes the old one's place here
   * too, or nothing is changed.
   *
   * @return the charter, signed
   */
  public Charter replace(Draft draft, String path, KeyFile.Identity identity) throws IOException {
    CharterCheck.check(draft.charter());
    Path key = nodeKey(path);
    Path lost = key.resolveSibling(key.getFileName() + ".lost");
    boolean held = holds(path);
    if (held) {
      Files.move(key, lost, StandardCopyOption.REPLACE_EXISTING);
    }
    try {
      Charter charter = save(draft, path, identity);
      Files.deleteIfExists(lost);
      return charter;
    } catch (IOException | RuntimeException e) {
      if (held) {
        Files.move(lost, key, StandardCopyOption.REPLACE_EXISTING);
      }
      throw e;
    }
  }

  /**
   * Saves a draft in which nodes have other paths than before: their identities go along, or
   * nothing is changed.
   *
   * @param from the paths of nodes before, by their keys
   * @param to and after
   * @return the charter, signed
   * @throws IllegalArgumentException something else is where an identity should go
   */
  public Charter save(Draft draft, Map<NodeId, String> from, Map<NodeId, String> to)
      throws IOException {
    CharterCheck.check(draft.charter());
    Map<Path, Path> moved = new LinkedHashMap<>();
    from.forEach((node, path) -> {
      Path key = nodeKey(path);
      Path next = nodeKey(to.getOrDefault(node, path));
      if (!next.equals(key) && Files.exists(key)) {
        refuseTaken(next);
        moved.put(key, next);
      }
    });
    List<Path> done = new ArrayList<>();
    try {
      for (Map.Entry<Path, Path> one : moved.entrySet()) {
        Files.createDirectories(one.getValue().resolveSibling(""), OWNER_ONLY);
        Files.move(one.getKey(), one.getValue(), StandardCopyOption.ATOMIC_MOVE);
        done.add(one.getKey());
      }
      return save(draft);
    } catch (IOException | RuntimeException e) {
      for (Path key : done.reversed()) {
        Files.move(Objects.requireNonNull(moved.get(key)), key, StandardCopyOption.ATOMIC_MOVE);
      }
      throw e;
    }
  }

  private static void refuseTaken(Path key) {
    if (Files.exists(key)) {
      throw new IllegalArgumentException(
          key + " is the identity of a node that was retired; put it elsewhere first");
    }
  }

  /**
   * Checks a draft, signs it, and replaces the charter file in one step.
   *
   * @return the charter, signed
   * @throws IllegalArgumentException if the draft makes no charter that can be lived by
   */
  public Charter save(Draft draft) throws IOException {
    Charter charter = draft.charter();
    CharterCheck.check(charter);
    KeyFile.Identity key = operator();
    Operator operator = new Operator(key.publicKey());
    List<byte[]> signed =
        charter.pages().values().stream()
            .map(page -> PageCodec.sign(page, operator, key.privateKey()))
            .toList();
    replace(charterFile(), PageCodec.bundle(signed));
    return charter;
  }

  /** Whoever looks, now or after a power cut, sees the old file or the new one. */
  private static void replace(Path file, byte[] bytes) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try (FileChannel to =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        to.write(rest);
      }
      to.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
