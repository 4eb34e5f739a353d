package starling.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A random mix of trouble for each seed, as a scenario: each mix leaves most faults out, since
 * faults mask each other (Groce and others, "Swarm testing", ISSTA 2012). First a time of faults,
 * in which nothing false may be told; then calm, after which all who are connected must agree.
 */
public final class Swarm {
  static final String NAME = "swarm ";
  private static final int CALM_SECONDS = 90;
  private static final int SETTLE_SECONDS = 90; // more, until moved zones have their pages

  /** A frame says four bits of the charter's version: who misses sixteen may see no difference. */
  private static final int CHARTERS_MAX = 12;

  private static final Set<String> REVISIONS = Set.of("add", "rename", "retire", "move");

  private Swarm() {}

  /** The mix that a seed gives. */
  public static Scenario scenario(long seed) {
    return Scenario.read(NAME + seed, text(seed));
  }

  static String text(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder("# A random mix of trouble.\n");
    int cells = 2 + random.nextInt(4);
    int size = 3 + random.nextInt(5);
    boolean radio = random.nextInt(3) > 0;
    int uplinks = 2 + random.nextInt(2);
    int branching = random.nextBoolean() ? 8 : 3;
    line(text, "seed " + seed);
    String medium = radio ? "broadcast" : "addressed";
    line(
        text,
        "site "
            + cells * size
            + " nodes, cells of "
            + size
            + ", branching "
            + branching
            + ", "
            + medium
            + ", "
            + uplinks
            + " uplinks, 2 gateways");
    line(text, "window 4 s");
    List<String> sorts = sorts(random);
    List<String> zones = zones(cells, branching);
    int charters = 0;
    for (int second = 12; second < 90; second += 1 + random.nextInt(8)) {
      String sort = sorts.get(random.nextInt(sorts.size()));
      charters += sort.equals("grow") || REVISIONS.contains(sort) ? 1 : 0;
      sort = charters > CHARTERS_MAX ? "restart" : sort;
      String what =
          REVISIONS.contains(sort)
              ? revision(sort, "x" + second, zones, random)
              : fault(sort, zones, random);
      line(text, "at " + second + " s " + what);
    }
    line(text, "at 100 s calm");
    boolean moves = sorts.stream().anyMatch(REVISIONS::contains);
    line(text, "for " + (100 + CALM_SECONDS + (moves ? SETTLE_SECONDS : 0)) + " s");
    // A key that two cards had stays in quarantine for ten minutes.
    String share = sorts.contains("clone") ? "at least 30 %" : "complete";
    line(text, "expect root " + share + " within 3 windows");
    return text.toString();
  }

  /** Which sorts of trouble this seed has: each with an even chance, at least one. */
  private static List<String> sorts(SplittableRandom random) {
    List<String> all =
        List.of(
            "lose",
            "duplicate",
            "delay",
            "drop",
            "deafen",
            "partition",
            "disconnect",
            "kill",
            "restart",
            "fail",
            "pause",
            "drift",
            "clone",
            "grow",
            "corrupt",
            "mass",
            "sleep",
            "add",
            "rename",
            "retire",
            "move");
    List<String> some = all.stream().filter(_ -> random.nextInt(3) == 0).toList();
    return some.isEmpty() ? List.of("lose", "kill", "restart") : some;
  }

  /** The zones below the root, as {@link Topology} names them. */
  private static List<String> zones(int cells, int branching) {
    boolean flat = cells <= branching;
    int count = flat ? cells : Math.ceilDiv(cells, branching);
    return IntStream.range(0, count)
        .mapToObj(i -> "/orchard/" + (flat ? "c" : "z") + i)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /**
   * Another tree of zones, by its operator.
   *
   * @param name that no zone has
   * @param zones those of before, the one with the gateways first; they change as well
   */
  private static String revision(
      String sort, String name, List<String> zones, SplittableRandom random) {
    int which = random.nextInt(zones.size());
    String zone = zones.get(which);
    String parent = zone.substring(0, zone.lastIndexOf('/'));
    if (sort.equals("retire") && which > 0 && zones.size() > 2) {
      zones.remove(which);
      return "retire " + zone;
    }
    if (sort.equals("rename")) {
      zones.set(which, parent + "/" + name);
      return "rename " + zone + " to " + name;
    }
    if (sort.equals("move")) {
      zones.set(which, "/orchard/" + name + zone.substring(parent.length()));
      return "move " + zone + " to /orchard/" + name;
    }
    zones.add("/orchard/" + name);
    return "add /orchard/" + name + " of " + (2 + random.nextInt(3)) + " nodes";
  }

  private static String fault(String sort, List<String> zones, SplittableRandom random) {
    int percent = 1 + random.nextInt(35);
    return switch (sort) {
      case "lose" ->
          "lose " + percent + " % in bursts of " + (1 + random.nextInt(6)) + where(random);
      case "duplicate" -> "duplicate " + percent + " %";
      case "delay" -> "delay 1 to " + (2 + random.nextInt(900)) + " ms";
      case "drop" -> "drop one in " + (2 + random.nextInt(5));
      case "deafen" -> "deafen " + (1 + random.nextInt(15)) + " % of links";
      case "partition" ->
          "partition "
              + zones.get(random.nextInt(zones.size()))
              + " from /orchard"
              + (random.nextBoolean() ? " one-way" : "")
              + " for "
              + (4 + random.nextInt(20))
              + " s";
      case "disconnect" -> "disconnect 1 node for " + (2 + random.nextInt(20)) + " s";
      case "kill" -> "kill 1 node";
      case "restart" -> "restart all";
      case "fail" -> "fail 1 node";
      case "pause" -> "pause 2 nodes for " + (1 + random.nextInt(8)) + " s";
      case "drift" -> "drift " + (1 + random.nextInt(100)) + " ppm";
      case "clone" -> "clone 1 node";
      case "grow" -> "grow by 1 node";
      case "sleep" -> "sleep 1 node for " + (5 + random.nextInt(36)) + " s";
      case "corrupt" -> "corrupt " + (1 + random.nextInt(10)) + " %";
      default -> "kill 60 % for " + (4 + random.nextInt(20)) + " s";
    };
  }

  private static String where(SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 -> " on radio";
      case 1 -> " on network";
      default -> "";
    };
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
