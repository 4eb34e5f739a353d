package starling.predict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A tree of zones in which each group gossips on its own: the members of each cell, and above them
 * the representatives of a zone's children, who gossip on all their levels in each round (van
 * Renesse et al. 2003, section 6).
 *
 * @param gossip how groups gossip; its members are the tree's leaves
 * @param branching members of a cell and children of a zone, 2 and up
 * @param representatives of each zone, 1 to {@value #REPRESENTATIVES_MAX}; one that represents a
 *     zone represents the one of its zones below that it is in as well
 */
public record Tree(Gossip gossip, int branching, int representatives) {
  /** The most representatives of a zone. */
  public static final int REPRESENTATIVES_MAX = 8;

  /** The most members of a group that are computed. */
  private static final int GROUP_MAX = 512;

  public Tree {
    if (representatives < 1 || representatives > REPRESENTATIVES_MAX) {
      throw new IllegalArgumentException(
          "representatives are 1 to " + REPRESENTATIVES_MAX + ", not " + representatives);
    }
    if (branching < 2 || branching * representatives > GROUP_MAX) {
      throw new IllegalArgumentException(
          "branching is 2 to "
              + GROUP_MAX / representatives
              + " with "
              + representatives
              + " representatives, not "
              + branching);
    }
  }

  /**
   * From the cells up, how many each zone consists of: members, then children. The zones of the top
   * take what is left, so it may have fewer.
   */
  public List<Integer> levels() {
    List<Integer> levels = new ArrayList<>();
    int zones = gossip.members();
    do {
      levels.add(Math.min(branching, zones));
      zones = Math.ceilDiv(zones, branching);
    } while (zones > 1);
    return levels;
  }

  /** How many zones a leaf is in. */
  public int depth() {
    return levels().size();
  }

  /** Rows that a node keeps by Astrolabe's rule: the full tables of all its ancestors. */
  public int rowsAll() {
    return levels().stream().mapToInt(rows -> rows).sum();
  }

  /** Rows that a node keeps that represents nothing: its cell's, and its ancestors' results. */
  public int rows() {
    return levels().getFirst() + depth() - 1;
  }

  private int group(int level) {
    int zone = levels().get(level);
    return level == 0 ? zone : zone * Math.min(representatives, levels().get(level - 1));
  }

  /**
   * How one leaf's change spreads: it climbs to the top zone's group, spreads there, and descends.
   * Each group begins with whoever of the zone's representatives learns it first; the others join
   * when they typically learn it. Children descend independently of each other, which real ones
   * don't quite: means are 0 to 2 rounds too high.
   */
  public Spread spread() {
    Rounds climb = new Rounds(1);
    Rounds member = new Rounds(1);
    Rounds all = new Rounds(1);
    double frames = 0;
    long groups = gossip.members();
    Map<Integer, Chain> chains = new HashMap<>();
    for (int level = 0; level < depth(); level++) {
      int children = levels().get(level);
      int group = group(level);
      Spread spread = chain(group, chains).spread(joins(level, chains));
      if (level == 0) {
        all = spread.all();
        member = spread.member();
      } else {
        int speakers = group / children;
        Rounds first = spread.member().smallestOf(speakers, 0);
        member = member.plus(first.unless(1.0 / children));
        all = first.plus(all).largestOf(children - 1).or(all);
      }
      groups = Math.ceilDiv(groups, branching);
      frames += groups * spread.frames();
      if (level < depth() - 1) {
        int speakers = Math.min(representatives, children);
        double one = (double) speakers / group;
        climb = climb.plus(spread.member().smallestOf(speakers, 0).unless(one));
      }
    }
    return new Spread(climb.plus(all), climb.plus(member), frames);
  }

  private Chain chain(int group, Map<Integer, Chain> chains) {
    return chains.computeIfAbsent(group, members -> new Chain(gossip.among(members)));
  }

  /**
   * When the other representatives through whom a group learns of a change do, counted from the
   * first: from the group above, or at the top from the one below.
   */
  private int[] joins(int level, Map<Integer, Chain> chains) {
    int beside = level == depth() - 1 ? level - 1 : level + 1;
    if (beside < 0) {
      return new int[0];
    }
    int speakers = Math.min(representatives, levels().get(Math.min(level, beside)));
    Rounds member = chain(group(beside), chains).spread().member();
    double first = member.smallestOf(speakers, 0).mean();
    int[] joins = new int[speakers - 1];
    for (int next = 1; next < speakers; next++) {
      joins[next - 1] = (int) Math.round(member.smallestOf(speakers, next).mean() - first);
    }
    return joins;
  }
}
