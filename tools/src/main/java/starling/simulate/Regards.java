package starling.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import starling.model.Members;

/** Looks now and then at what nodes believe of their cells' members, beside what is so. */
final class Regards {
  private final VirtualSite site;
  private @Nullable Members[] seen = new @Nullable Members[64];
  private final Map<VirtualNode, List<Double>> detections = new LinkedHashMap<>();
  private final Map<Long, Integer> returns = new HashMap<>();
  private final Set<Integer> wrongly = new HashSet<>();
  private final Set<Integer> rightly = new HashSet<>();
  private long falselyGone;
  private long suspects;

  Regards(VirtualSite site) {
    this.site = site;
  }

  /** Looks at everybody. */
  void look() {
    List<VirtualNode> nodes = site.nodes();
    seen = seen.length < nodes.size() ? Arrays.copyOf(seen, 2 * nodes.size()) : seen;
    for (VirtualNode node : nodes) {
      Members after = node.engine.facts().members();
      Members last = seen[node.index];
      Members before = last == null ? Members.NONE : last;
      if (node.alive() && isWell(node) && !after.equals(before)) {
        changed(node, before, after);
        seen[node.index] = after;
      }
      if (!node.alive()) {
        detections.computeIfAbsent(node, _ -> new ArrayList<>());
      }
    }
  }

  private static boolean isWell(VirtualNode node) {
    return node.antenna.equals(Antenna.GOOD);
  }

  private void changed(VirtualNode by, Members before, Members after) {
    long without = before.suspect() | before.unsteady();
    long returned = without & ~(after.suspect() | after.unsteady());
    long suspected = after.suspect() & ~before.suspect();
    long gone = after.gone() & ~before.gone();
    for (long left = suspected | gone | returned; left != 0; left &= left - 1) {
      VirtualNode about = by.cell.node(Long.numberOfTrailingZeros(left));
      long bit = Long.lowestOneBit(left);
      if (about == null) {
        continue;
      }
      falselyGone += about.alive() && (gone & bit) != 0 ? 1 : 0;
      if ((suspected & bit) != 0) {
        suspected(about);
      }
      if ((returned & bit) != 0 && !isWell(about)) {
        returns.merge((long) by.index << 32 | about.index, 1, Integer::sum);
      }
    }
  }

  private void suspected(VirtualNode about) {
    if (!about.alive()) {
      detections
          .computeIfAbsent(about, _ -> new ArrayList<>())
          .add((site.nowNanos() - about.diedNanos()) / 1e9);
    } else if (isWell(about)) {
      suspects++;
      wrongly.add(about.index);
    } else {
      rightly.add(about.index);
    }
  }

  Regard all() {
    List<Double> detected = new ArrayList<>();
    detections.forEach((dead, times) -> {
      int half = (dead.cell.page().members().size() - 1) / 2;
      detected.add(times.size() > half ? times.get(half) : Double.POSITIVE_INFINITY);
    });
    int most = returns.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    return new Regard(
        falselyGone, suspects, wrongly.size(), rightly.size(), most, List.copyOf(detected));
  }
}
