package starling.bench.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ZoneTreeTest {
  /** Three cells of four in a zone, two such zones. */
  private final ZoneTree tree = new ZoneTree(2, 4, 3, 2);

  @Test
  void representativesOfFirstCellsGossipHigher() {
    assertEquals(24, tree.leaves());
    assertEquals(
        "331122112211331122112211",
        IntStream.range(0, 24)
            .mapToObj(tree::levels)
            .map(String::valueOf)
            .reduce("", String::concat));
  }

  @Test
  void aCellsMembersMeetEachOther() {
    assertEquals(new TreeSet<>(Set.of(8, 9, 11)), partners(10, 0));
  }

  @Test
  void representativesMeetThoseOfAllChildren() {
    assertEquals(new TreeSet<>(Set.of(12, 13, 16, 20, 21)), partners(17, 1));
    assertEquals(new TreeSet<>(Set.of(0, 12, 13)), partners(1, 2));
  }

  @Test
  void oneLevelIsAFlatGroup() {
    ZoneTree flat = new ZoneTree(1, 5);
    assertEquals(1, flat.levels(0));
    TreeSet<Integer> met = new TreeSet<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100; i++) {
      met.add(flat.partner(2, 0, random));
    }
    assertEquals(new TreeSet<>(Set.of(0, 1, 3, 4)), met);
  }

  @Test
  void whoIsLeftRepresentsACell() {
    BitSet crashed = new BitSet();
    crashed.set(0, 2);
    tree.seat(crashed);
    assertEquals(1, tree.levels(1));
    assertEquals(3, tree.levels(2));
    assertEquals(3, tree.levels(3));
    assertTrue(partners(12, 2).contains(2));
    crashed.set(4, 7); // one of four is left
    tree.seat(crashed);
    assertEquals(2, tree.levels(7));
    crashed.set(8, 12); // none is
    tree.seat(crashed);
    assertTrue(partners(16, 1).stream().allMatch(leaf -> leaf >= 12));
    tree.seat(new BitSet());
    assertEquals(3, tree.levels(0));
  }

  @Test
  void moreRepresentativesThanMembersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ZoneTree(5, 4, 3));
  }

  private TreeSet<Integer> partners(int leaf, int level) {
    SplittableRandom random = new SplittableRandom(1);
    TreeSet<Integer> met = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      met.add(tree.partner(leaf, level, random));
    }
    return met;
  }
}
