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
import starling.model.Member;
import starling.model.Members;

/** Looks now and then at what nodes believe of their cells' members, beside what is so. */
final class Regards {
  private final VirtualSite site;
  private @Nullable Members[] seen = new @Nullable Members[64];
  private final Map<VirtualNode, List<Double>> detections = new LinkedHashMap<>();
  private final Map<Long, Integer> returns = new HashMap<>();
  private final Map<Long, Integer> flips = new HashMap<>();
  private final Map<VirtualNode, Ailing> ailing = new LinkedHashMap<>();
  private final Set<Integer> wrongly = new HashSet<>();
  private long falselyGone;
  private long suspects;

  /** A node that lives, but sends or hears badly. */
  private static final class Ailing {
    final long sinceNanos;
    double removedSeconds = Double.POSITIVE_INFINITY; // until most of its mates gave it no duties

    Ailing(long sinceNanos) {
      this.sinceNanos = sinceNanos;
    }
  }

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
      } else if (!isWell(node)) {
        look(node);
      }
    }
  }

  /** Whether most of the mates of one that lives, but not well, leave it without duties now. */
  private void look(VirtualNode about) {
    Ailing one = ailing.computeIfAbsent(about, _ -> new Ailing(site.nowNanos()));
    int mates = 0;
    int without = 0;
    for (Member member : about.cell.page().members()) {
      VirtualNode mate = about.cell.node(member.slot());
      if (mate != null && mate != about && mate.alive() && isWell(mate)) {
        mates++;
        Members members = mate.engine.facts().members();
        without += (without(members) >>> about.member.slot() & 1) == 1 ? 1 : 0;
      }
    }
    if (2 * without <= mates) {
      one.removedSeconds = Double.POSITIVE_INFINITY;
    } else if (Double.isInfinite(one.removedSeconds)) {
      one.removedSeconds = (site.nowNanos() - one.sinceNanos) / 1e9;
    }
  }

  /** Those who have no duties, as a member sees it. */
  private static long without(Members members) {
    return members.suspect() | members.unsteady() | members.faint();
  }

  private static boolean isWell(VirtualNode node) {
    return node.ailments().antenna.equals(Antenna.GOOD);
  }

  private void changed(VirtualNode by, Members before, Members after) {
    long returned = without(before) & ~without(after);
    long turned = after.suspect() ^ before.suspect();
    long suspected = after.suspect() & ~before.suspect();
    long gone = after.gone() & ~before.gone();
    for (long left = turned | gone | returned; left != 0; left &= left - 1) {
      VirtualNode about = by.cell.node(Long.numberOfTrailingZeros(left));
      long bit = Long.lowestOneBit(left);
      if (about == null) {
        continue;
      }
      falselyGone += about.alive() && (gone & bit) != 0 ? 1 : 0;
      if ((suspected & bit) != 0) {
        suspected(about);
      }
      long pair = (long) by.index << 32 | about.index;
      if ((returned & bit) != 0 && !isWell(about)) {
        returns.merge(pair, 1, Integer::sum);
      }
      if ((turned & bit) != 0 && about.alive()) {
        flips.merge(pair, 1, Integer::sum);
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
    }
  }

  Regard all() {
    List<Double> detected = new ArrayList<>();
    detections.forEach((dead, times) -> {
      int half = (dead.cell.page().members().size() - 1) / 2;
      detected.add(times.size() > half ? times.get(half) : Double.POSITIVE_INFINITY);
    });
    List<Double> removed =
        ailing.values().stream()
            .map(one -> one.removedSeconds)
            .filter(Double::isFinite)
            .sorted()
            .toList();
    return new Regard(
        falselyGone,
        suspects,
        wrongly.size(),
        ailing.size(),
        removed,
        most(returns),
        most(flips),
        List.copyOf(detected));
  }

  private static int most(Map<Long, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }
}
