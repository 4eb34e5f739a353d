package starling.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import starling.frame.Keyring;
import starling.model.Hash;
import starling.model.Member;

/** A simulated site's nodes, each with a number, and the lives that they had. */
final class Population {
  private static final int NODES_MAX = 1 << 24;

  private final VirtualSite site;
  private final long seed;
  private final Map<String, VirtualNode> labelled = new LinkedHashMap<>();
  private final List<VirtualNode> lives = new ArrayList<>();
  private @Nullable VirtualNode[] nodes = new @Nullable VirtualNode[64];
  private int size;
  private long births;

  Population(VirtualSite site, long seed) {
    this.site = site;
    this.seed = seed;
  }

  /**
   * Starts a node, in place of who is there under the same label or, without one, in the same slot.
   *
   * @param label what it is called beside the roster, as a clone is
   * @param identity whose it has, if not that of its path
   * @param disk what its last life left behind
   */
  VirtualNode start(
      VirtualCell cell,
      Member member,
      @Nullable String label,
      @Nullable String identity,
      Keyring keys,
      Disk disk) {
    VirtualNode before = label == null ? cell.node(member.slot()) : labelled.get(label);
    boolean same = before != null && before.member.id().equals(member.id());
    int index = same && before != null ? before.index : size++;
    if (size > NODES_MAX) {
      throw new IllegalArgumentException("a site has at most " + NODES_MAX + " nodes");
    }
    if (before != null && before.alive()) {
      before.kill();
    }
    VirtualNode.Birth birth =
        new VirtualNode.Birth(index, cell, member, label, identity, keys, disk);
    VirtualNode node = new VirtualNode(site, birth, Hash.of(seed, 4, births++));
    keep(node, label);
    site.note(node, "starts");
    node.start();
    return node;
  }

  private void keep(VirtualNode node, @Nullable String label) {
    if (node.index >= nodes.length) {
      nodes = Arrays.copyOf(nodes, 2 * node.index);
    }
    nodes[node.index] = node;
    node.cell.put(node, label != null);
    if (label != null) {
      labelled.put(label, node);
    }
    if (site.witnesses.test(node.index)) {
      lives.add(node);
    }
  }

  /** Who has a label; null if nobody does. */
  @Nullable VirtualNode labelled(String label) {
    return labelled.get(label);
  }

  /** The newest life of the node that has a number. */
  VirtualNode nodeAt(int index) {
    VirtualNode node = index < size ? nodes[index] : null;
    if (node == null) {
      throw new IllegalArgumentException("no node " + index);
    }
    return node;
  }

  /** The newest life of each node, in the order in which they were started first. */
  List<VirtualNode> nodes() {
    List<VirtualNode> all = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      all.add(nodeAt(i));
    }
    return all;
  }

  /** All lives of those whose deliveries are kept, the oldest first. */
  List<VirtualNode> lives() {
    return lives;
  }
}
