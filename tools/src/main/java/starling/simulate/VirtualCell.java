package starling.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import starling.link.LinkProfile;
import starling.model.Charter;
import starling.model.Member;
import starling.model.Page;

/**
 * One cell of a virtual site: its medium, its nodes by slot, and the pages that these start with.
 */
final class VirtualCell {
  final int ordinal;
  String path;
  final Shard shard;
  final SealedContributions sealed;

  private final Minute onAir;
  private int mostOnAirMicros;
  private Page.@Nullable Cell page;
  private Charter pages = Charter.EMPTY;
  private Map<Integer, byte[]> signed = Map.of();
  private @Nullable Radio radio;
  private final @Nullable VirtualNode[] bySlot = new @Nullable VirtualNode[Member.SLOTS_MAX];
  private final List<VirtualNode> others = new ArrayList<>();

  VirtualCell(int ordinal, String path, Shard shard, long windowMillis, int secondsAtOnce) {
    this.ordinal = ordinal;
    this.path = path;
    this.shard = shard;
    this.sealed = new SealedContributions(windowMillis);
    this.onAir = new Minute(secondsAtOnce);
  }

  Page.Cell page() {
    return Objects.requireNonNull(page);
  }

  /** What a node of this cell needs: the site's page, the cell's and those of the zones above. */
  void become(String nextPath, Page.Cell next, Charter site, Map<Integer, byte[]> allSigned) {
    path = nextPath;
    page = next;
    pages = site.branch(next.zone());
    Map<Integer, byte[]> bytes = new TreeMap<>();
    for (int zone : pages.pages().keySet()) {
      byte[] page = allSigned.get(zone);
      if (page != null) {
        bytes.put(zone, page);
      }
    }
    signed = Map.copyOf(bytes);
  }

  Charter pages() {
    return pages;
  }

  Map<Integer, byte[]> signed() {
    return signed;
  }

  @Nullable Radio radio() {
    return radio;
  }

  void radio(Radio one) {
    radio = one;
  }

  /** A frame is off the air. */
  void freed(Radio.OnAir frame) {
    if (radio != null) {
      radio.end(frame);
    }
  }

  /** Puts a node, or the next life of one, into its slot; a second node beside the first. */
  void put(VirtualNode node, boolean beside) {
    if (beside) {
      others.removeIf(other -> other.index == node.index);
      others.add(node);
    } else {
      bySlot[node.member.slot()] = node;
    }
  }

  /** Whoever has this slot's address: one node, unless cards were cloned. */
  List<VirtualNode> at(int slot) {
    VirtualNode node = slot < bySlot.length ? bySlot[slot] : null;
    if (others.isEmpty()) {
      return node == null ? List.of() : List.of(node);
    }
    List<VirtualNode> all = new ArrayList<>();
    if (node != null) {
      all.add(node);
    }
    others.stream().filter(other -> other.member.slot() == slot).forEach(all::add);
    return all;
  }

  /** The node in a slot, if one was ever started there. */
  @Nullable VirtualNode node(int slot) {
    return bySlot[slot];
  }

  /** The node with a name, as the roster has it now or it had it then, if one was ever started. */
  @Nullable VirtualNode named(String name) {
    for (Member member : page().members()) {
      VirtualNode node = bySlot[member.slot()];
      if (member.name().equals(name) && node != null && node.member.id().equals(member.id())) {
        return node;
      }
    }
    for (VirtualNode node : bySlot) {
      if (node != null && node.member.name().equals(name)) {
        return node;
      }
    }
    return null;
  }

  /**
   * A frame goes on the air; answers what is wrong if all of them together now use more of a minute
   * than the channel's target: but where a minute's share holds no frame, each may still send one.
   */
  Optional<String> onAir(int bytes, LinkProfile medium) {
    int minute = onAir.add((int) medium.airtime().micros(bytes), shard.nowNanos());
    mostOnAirMicros = Math.max(mostOnAirMicros, minute);
    double target = medium.channelTarget() * Minute.NANOS / 1000;
    double largest = (double) medium.airtime().micros(medium.mtuBytes()) * page().members().size();
    return minute <= Math.max(target, largest)
        ? Optional.empty()
        : Optional.of("the cell was on the air for " + minute + " us of a minute, not " + target);
  }

  /** The busiest minute, as a share of the channel. */
  double busiestMinute() {
    return mostOnAirMicros * 1000.0 / Minute.NANOS;
  }

  /** The first node that there is. */
  VirtualNode first() {
    for (VirtualNode node : bySlot) {
      if (node != null) {
        return node;
      }
    }
    throw new IllegalStateException("nobody was started in " + path);
  }
}
