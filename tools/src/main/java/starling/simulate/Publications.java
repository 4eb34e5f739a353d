package starling.simulate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import starling.model.Delivery;
import starling.model.Member;

/**
 * What the gateways of a site tell of it: the newest result of each window, when the root's came
 * and what should have been in it by then.
 */
final class Publications {
  private final VirtualSite site;
  private final String root;
  private final Map<VirtualNode, Integer> read = new HashMap<>();
  private final Map<String, TreeMap<Long, Delivery.Result>> published = new HashMap<>();
  private final TreeMap<Long, Pending> windows = new TreeMap<>();
  private final List<Outcome.Arrival> arrivals = new ArrayList<>();
  private final List<Outcome.Convergence> convergence = new ArrayList<>();

  /** A window of the root zone that is watched until its last chance to be complete. */
  private static final class Pending {
    int due = -1;
    int cutOff;
    int reported;
    double completeWindows = -1;
  }

  Publications(VirtualSite site) {
    this.site = site;
    this.root = "/" + site.name();
  }

  String root() {
    return root;
  }

  /** All lives of gateways that were watched. */
  List<VirtualNode> gateways() {
    return site.lives().stream().filter(node -> node.member.gateway() && !node.isClone()).toList();
  }

  /** Reads what was told since the last time. */
  void read() {
    for (VirtualNode gateway : gateways()) {
      List<Delivery> told = gateway.told();
      for (Delivery one : told.subList(read.getOrDefault(gateway, 0), told.size())) {
        if (one instanceof Delivery.Result result
            && result.query().equals(VirtualSite.QUERY_NAME)) {
          String key = gateway.index + " " + result.zone();
          published.computeIfAbsent(key, _ -> new TreeMap<>()).put(result.endMillis(), result);
          if (result.zone().equals(root)) {
            windows.computeIfAbsent(result.endMillis(), _ -> new Pending());
          }
        } else if (one instanceof Delivery.Timing timing
            && timing.zone().equals(root)
            && timing.observedMillis() >= 0
            && gateway.index == 0) {
          convergence.add(
              new Outcome.Convergence(
                  sinceStart(timing.endMillis()),
                  timing.predictedMillis() / 1e3,
                  timing.observedMillis() / 1e3));
        }
      }
      read.put(gateway, told.size());
    }
    watchRoot();
  }

  /** Those who had what was read forgot it. */
  void forgotten() {
    read.clear();
  }

  private static double sinceStart(long millis) {
    return (millis - VirtualSite.START_NANOS / 1_000_000) / 1e3;
  }

  private void watchRoot() {
    long length = site.windowMillis;
    long last = site.nowMillis() / length * length;
    if (last > VirtualSite.START_NANOS / 1_000_000) {
      windows.computeIfAbsent(last, _ -> new Pending());
    }
    windows.forEach((end, window) -> {
      if (window.due < 0 && site.nowMillis() >= end + length / 4) {
        sealedByWhoLives(end, window);
      }
      for (VirtualNode gateway : gateways()) {
        Delivery.Result result =
            published.getOrDefault(gateway.index + " " + root, new TreeMap<>()).get(end);
        window.reported = Math.max(window.reported, result == null ? 0 : result.reported());
      }
      if (window.completeWindows < 0 && window.due >= 0 && window.reported >= window.due) {
        window.completeWindows = (double) (site.nowMillis() - end) / length;
      }
    });
    while (!windows.isEmpty() && windows.firstKey() < site.nowMillis() - 6 * length) {
      tell(windows.pollFirstEntry());
    }
  }

  private void tell(Map.Entry<Long, Pending> over) {
    Pending window = over.getValue();
    arrivals.add(
        new Outcome.Arrival(
            sinceStart(over.getKey()),
            window.due,
            window.cutOff,
            window.reported,
            window.completeWindows));
  }

  /** Counts the contributions to a window that are on the disks of nodes that run. */
  private void sealedByWhoLives(long endMillis, Pending window) {
    window.due = 0;
    for (VirtualCell cell : site.cells()) {
      int sealed = 0;
      boolean reached = false;
      for (int slot = 0; slot < Member.SLOTS_MAX; slot++) {
        VirtualNode node = cell.node(slot);
        if (node != null && node.alive()) {
          reached |= node.member.uplink();
          sealed +=
              cell.sealed.at(slot, endMillis - site.windowMillis, endMillis).isEmpty() ? 0 : 1;
        }
      }
      window.due += reached ? sealed : 0;
      window.cutOff += reached ? 0 : sealed;
    }
  }

  /** A gateway's newest result of any window of the root, as its end; null if there is none. */
  @Nullable Long newestRoot(VirtualNode gateway) {
    TreeMap<Long, Delivery.Result> results = published.get(gateway.index + " " + root);
    return results == null ? null : results.lastKey();
  }

  /** A gateway's newest result of a window that ended at least so many windows ago, if recent. */
  Delivery.@Nullable Result settled(VirtualNode gateway, String zone, int windows) {
    TreeMap<Long, Delivery.Result> results = published.get(gateway.index + " " + zone);
    if (results == null) {
      return null;
    }
    for (Delivery.Result result : results.descendingMap().values()) {
      long length = result.endMillis() - result.startMillis();
      long age = site.nowMillis() - result.endMillis();
      if (age >= windows * length) {
        return age < (windows + 2) * length ? result : null;
      }
    }
    return null;
  }

  /** When the root's windows came, in their order; those that still may come included. */
  List<Outcome.Arrival> arrivals() {
    windows.entrySet().forEach(this::tell);
    windows.clear();
    return List.copyOf(arrivals);
  }

  List<Outcome.Convergence> convergence() {
    return List.copyOf(convergence);
  }
}
