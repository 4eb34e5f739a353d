package starling.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import starling.link.Presets;
import starling.model.Charter;
import starling.model.Member;
import starling.model.Page;

/**
 * A regular tree of zones: as many cells as it takes, under as few levels of inner zones as the
 * branching allows; the first cell has the gateways.
 *
 * @param nodes how many there are
 * @param cellSize how many a cell has, 1 to 64
 * @param branching how many zones an inner zone has, 2 to 64
 * @param medium what cells but the first talk over
 * @param first what the first talks over
 * @param uplinks how many nodes of a radio cell have the uplink; on an addressed one all have
 * @param gateways how many nodes of the first cell are gateways
 */
public record Topology(
    int nodes,
    int cellSize,
    int branching,
    Page.Medium medium,
    Page.Medium first,
    int uplinks,
    int gateways) {
  public Topology {
    if (nodes < 1 || cellSize < 1 || cellSize > Member.SLOTS_MAX) {
      throw new IllegalArgumentException("a cell has 1 to 64 nodes, not " + cellSize);
    }
    if (branching < 2 || branching > 64) {
      throw new IllegalArgumentException("a zone has 2 to 64 zones below it, not " + branching);
    }
    if ((nodes + cellSize - 1) / cellSize > 0xF000) {
      throw new IllegalArgumentException(
          "a site has at most 65535 zones: " + nodes + " nodes need larger cells");
    }
  }

  int cells() {
    return (nodes + cellSize - 1) / cellSize;
  }

  /** Levels of inner zones above the cells, the root's included. */
  int depth() {
    int depth = 1;
    for (long below = branching; below < cells(); below *= branching) {
      depth++;
    }
    return depth;
  }

  /**
   * Pages with rosters and places in the tree; what can be derived from these is left to {@link
   * starling.charter.Draft}, which completes them.
   *
   * @param site has the site page
   * @param keys public keys by path
   */
  Charter skeleton(Charter site, Function<String, byte[]> keys) {
    Page.Site page = site.site().orElseThrow();
    List<Page> pages = new ArrayList<>(List.of(page));
    List<Zone> level = new ArrayList<>(List.of(new Zone(Page.ROOT, "/" + page.site())));
    pages.add(new Page.Inner(0, Page.ROOT, 0, page.site(), 0, List.of()));
    int id = Page.ROOT;
    for (int depth = depth(); depth > 1; depth--) {
      List<Zone> next = new ArrayList<>();
      int count = (int) Math.ceil(cells() / Math.pow(branching, depth - 1));
      for (int i = 0; i < count; i++) {
        Zone parent = level.get(i / branching);
        String name = "z" + i % branching;
        next.add(new Zone(++id, parent.path() + "/" + name));
        pages.add(new Page.Inner(0, id, parent.id(), name, 0, List.of()));
      }
      level = next;
    }
    for (int i = 0; i < cells(); i++) {
      pages.add(cell(i, ++id, level.get(i / branching), keys));
    }
    return Charter.of(pages);
  }

  // One of each name, however many cells there are.
  private static final List<String> GATEWAYS = names("g");
  private static final List<String> NODES = names("n");

  private static List<String> names(String sort) {
    return IntStream.range(0, Member.SLOTS_MAX).mapToObj(slot -> sort + slot).toList();
  }

  private record Zone(int id, String path) {}

  private Page.Cell cell(int number, int id, Zone parent, Function<String, byte[]> keys) {
    String name = "c" + number % branching;
    Page.Medium own = number == 0 ? first : medium;
    List<Member> members = new ArrayList<>();
    int size = Math.min(cellSize, nodes - number * cellSize);
    for (int slot = 0; slot < size; slot++) {
      boolean gateway = number == 0 && slot < gateways;
      String node = (gateway ? GATEWAYS : NODES).get(slot);
      byte[] key = keys.apply(parent.path() + "/" + name + "/" + node);
      boolean uplink = own == Page.Medium.ADDRESSED || gateway || slot < uplinks;
      members.add(new Member(slot, key, node, 1, true, uplink, gateway, gateway));
    }
    Presets preset = own == Page.Medium.ADDRESSED ? Presets.MQTT : Presets.SIK_64K;
    return new Page.Cell(1, id, parent.id(), name, own, preset.profile().name(), members);
  }
}
