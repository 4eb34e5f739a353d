package starling.keys;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import starling.charter.Draft;
import starling.charter.Operator;
import starling.charter.PageCodec;
import starling.frame.Keyring;
import starling.model.Charter;
import starling.model.Page;
import starling.node.KeyFile;
import starling.query.Plan;
import starling.query.Query;
import starling.query.QueryException;
import starling.wire.MalformedException;

/**
 * A directory that runs a site.
 *
 * <pre>
 * site.key        what seals frames; every node has it
 * operator.key    what signs the charter; stays here
 * charter.bin     the signed charter; every node has it
 * nodes/NAME.key  identities that were made here
 * </pre>
 *
 * @param root the directory
 */
public record SiteDirectory(Path root) {
  /** The largest state that a row between zones can carry. */
  private static final int STATE_MAX_BYTES = 400;

  /**
   * Makes keys and a charter with only the root zone; refuses to touch a directory that has them
   * already.
   */
  public static SiteDirectory create(Path root, Draft first) throws IOException {
    SiteDirectory site = new SiteDirectory(root);
    Files.createDirectories(
        root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createDirectories(root.resolve("nodes"));
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
    return root.resolve("nodes").resolve(below.replace('/', '-') + ".key");
  }

  /** The operator's public key in hexadecimal: what every node's configuration names. */
  public String operatorHex() throws IOException {
    return HexFormat.of().formatHex(KeyFile.readIdentity(operatorKey()).publicKey());
  }

  /** The charter as it was last signed. */
  public Charter charter() throws IOException {
    Operator operator = new Operator(KeyFile.readIdentity(operatorKey()).publicKey());
    List<Page> pages = new ArrayList<>();
    try {
      for (byte[] signed : PageCodec.unbundle(Files.readAllBytes(charterFile()))) {
        pages.add(PageCodec.open(signed, operator));
      }
    } catch (MalformedException e) {
      throw new IOException(charterFile() + ": " + e.getMessage(), e);
    }
    return Charter.of(pages);
  }

  /** Makes a node's identity; never over an existing one. Answers its public key. */
  public byte[] newNode(String path) throws IOException {
    KeyFile.Identity identity = KeyFile.generate();
    Files.createDirectories(root.resolve("nodes"));
    KeyFile.write(nodeKey(path), identity);
    return identity.publicKey();
  }

  /** Checks a draft, signs it, and replaces the charter file in one step. */
  public Charter save(Draft draft) throws IOException {
    Charter charter = draft.charter();
    check(charter);
    KeyFile.Identity key = KeyFile.readIdentity(operatorKey());
    Operator operator = new Operator(key.publicKey());
    List<byte[]> signed =
        charter.pages().values().stream()
            .map(page -> PageCodec.sign(page, operator, key.privateKey()))
            .toList();
    Path next = root.resolve("charter.next");
    Files.write(next, PageCodec.bundle(signed));
    Files.move(
        next, charterFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return charter;
  }

  /**
   * Refuses queries that don't parse, don't fit the schemas, or whose results would not fit a row.
   */
  private static void check(Charter charter) throws IOException {
    Page.Site site = charter.site().orElseThrow();
    int leaves =
        charter.pages().values().stream()
            .mapToInt(page -> page instanceof Page.Cell cell ? cell.sensing() : 0)
            .sum();
    for (Page.StandingQuery query : site.queries()) {
      try {
        Query parsed = Query.parse(query.text());
        Plan plan = Plan.of(parsed, site.schemas(), site.binsMax());
        int bytes = plan.stateBytesMax(Math.max(1, leaves));
        if (bytes > STATE_MAX_BYTES) {
          throw new IOException(
              "query "
                  + query.name()
                  + ": its result may take "
                  + bytes
                  + " bytes, a row carries "
                  + STATE_MAX_BYTES
                  + "; ask for fewer columns");
        }
        long every = parsed.everyMillis().orElse(site.windowMillis());
        if (every != site.windowMillis()) {
          throw new IOException(
              "query "
                  + query.name()
                  + ": EVERY must be the site's window, "
                  + site.windowMillis()
                  + " ms, not "
                  + every
                  + " ms");
        }
      } catch (QueryException e) {
        throw new IOException("query " + query.name() + ":\n" + e.render(), e);
      }
    }
  }
}
