package starling.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import starling.Repository;

@Timeout(1800)
class InstallTest {
  private static final long CACHE_MIN_BYTES = 10 << 20;

  /** Systemd's scale is 0 to 10; this is in tenths. */
  private static final String EXPOSURE_MAX = "30";

  private static final Pattern OPTION = Pattern.compile("(?m)^  (--[a-z-]+)");

  @TempDir Path directory;

  /**
   * A package.
   *
   * @param user as whom its service runs, and what its directories are called
   */
  private record Deb(String name, String user, String module) {
    static final Deb NODE = new Deb("starling-node", "starling", "edge-node");
    static final Deb GATEWAY = new Deb("starling-gateway", "starling-gateway", "gateway");

    Optional<Path> built() throws Exception {
      Path target = Repository.root().resolve(module + "/target");
      try (var files = Files.newDirectoryStream(target, name + "_*_all.deb")) {
        Iterator<Path> all = files.iterator();
        return all.hasNext() ? Optional.of(all.next()) : Optional.empty();
      }
    }

    Path file() throws Exception {
      return built().orElseThrow();
    }
  }

  @BeforeAll
  static void somethingIsThereToBeInstalled() throws Exception {
    assumeTrue(Tree.host("id", "-u").strip().equals("0"), "dpkg wants root");
    boolean built = Deb.NODE.built().isPresent() && Deb.GATEWAY.built().isPresent();
    assumeTrue(built, "built by: mvn -Pdeb package");
  }

  @Test
  void lintianHasNothingToSay() throws Exception {
    for (Deb deb : List.of(Deb.NODE, Deb.GATEWAY)) {
      assertEquals("", Tree.host("lintian", "--allow-root", "--fail-on", "none", "" + deb.file()));
    }
  }

  @Test
  void whatIsInstalledWorksIsUpgradedAndIsGoneWhenItIsPurged() throws Exception {
    try (Tree tree = Tree.fresh(directory.resolve("tree"))) {
      SortedSet<String> before = tree.files();
      for (Deb deb : List.of(Deb.NODE, Deb.GATEWAY)) {
        install(tree, deb.file());
        works(tree, deb);
      }
      isUpgraded(tree);
      isRemovedAndPurged(tree, before);
    }
  }

  private static void install(Tree tree, Path deb) throws Exception {
    Files.copy(deb, tree.path("/root/" + deb.getFileName()));
    String said = tree.run("dpkg", "-i", "/root/" + deb.getFileName());
    assertFalse(said.contains("that failed"), said);
  }

  private static void works(Tree tree, Deb deb) throws Exception {
    String home = "/etc/" + deb.user();
    assertEquals("700 " + deb.user(), tree.run("stat", "-c", "%a %U", home).strip());
    String cache = "/var/cache/" + deb.name() + "/classes.aot";
    assertTrue(Files.size(tree.path(cache)) > CACHE_MIN_BYTES, "a class cache was made");
    assertEquals("644 root", tree.run("stat", "-c", "%a %U", cache).strip());
    // With this a cache that does not fit is an error, and not only slow.
    String help = tree.run("env", "JDK_JAVA_OPTIONS=-XX:AOTMode=on", deb.name(), "--help");
    assertTrue(help.contains("Usage: starling") && help.contains("node.identity"), help);
    assertTrue(tree.run("systemctl", "is-enabled", deb.name() + ".service").contains("enabled"));
    String page = Tree.host("zcat", "" + tree.path("/usr/share/man/man8/" + deb.name() + ".8.gz"));
    for (String option : OPTION.matcher(help).results().map(found -> found.group(1)).toList()) {
      assertTrue(page.replace("\\-", "-").contains(option), option + " is in the manual");
    }
    Path unit = tree.path("/usr/lib/systemd/system/" + deb.name() + ".service");
    Tree.host(
        "systemd-analyze",
        "security",
        "--no-pager",
        "--offline=true",
        "--threshold",
        EXPOSURE_MAX,
        unit.toString());
  }

  /** What its owner has made or changed stays as it is. */
  private void isUpgraded(Tree tree) throws Exception {
    Path settings = tree.path("/etc/default/starling-node");
    Files.writeString(settings, "STARLING_OPTIONS=\"--clock.root=true\"\n");
    Files.writeString(tree.path("/etc/starling/node.key"), "its own");
    tree.run("systemctl", "disable", "starling-node.service");
    install(tree, successor());
    assertTrue(tree.run("dpkg", "-s", "starling-node").contains("Version: 9.0"));
    assertEquals("STARLING_OPTIONS=\"--clock.root=true\"\n", Files.readString(settings));
    assertEquals("its own", Files.readString(tree.path("/etc/starling/node.key")));
    assertTrue(
        tree.files().stream().noneMatch(name -> name.matches("/etc/systemd/.*starling-node.*")));
  }

  /** The package of a later version, with another set of files. */
  private Path successor() throws Exception {
    Path unpacked = directory.resolve("later");
    Path later = directory.resolve("starling-node_9.0_all.deb");
    Tree.host("dpkg-deb", "-R", Deb.NODE.file().toString(), unpacked.toString());
    Path control = unpacked.resolve("DEBIAN/control");
    Files.writeString(
        control, Files.readString(control).replaceFirst("(?m)^Version: .*", "Version: 9.0"));
    Tree.host("dpkg-deb", "-b", "-Zgzip", "--root-owner-group", "" + unpacked, "" + later);
    return later;
  }

  private static void isRemovedAndPurged(Tree tree, SortedSet<String> before) throws Exception {
    tree.run("dpkg", "-r", "starling-node", "starling-gateway");
    assertEquals("its own", Files.readString(tree.path("/etc/starling/node.key")));
    assertFalse(Files.exists(tree.path("/usr/bin/starling-node")));
    tree.run("dpkg", "-P", "starling-node", "starling-gateway");
    SortedSet<String> left = new TreeSet<>(tree.files());
    left.removeAll(before);
    assertEquals(new TreeSet<String>(), left);
  }
}
