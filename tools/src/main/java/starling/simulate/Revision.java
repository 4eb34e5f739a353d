package starling.simulate;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import starling.charter.Draft.Duty;
import starling.model.Hash;
import starling.model.Member;
import starling.model.Page;

/** What an operator does to a site that runs: the gateways are given another charter. */
final class Revision {
  private static final int UPLINKS = 2;

  private Revision() {}

  /** New nodes in random cells; the charter tells the gateways of them first. */
  static Fault grow(Words words) {
    double number = words.skip("by").number("how many");
    if (words.took("%")) {
      return growEverywhere(number / 100);
    }
    int many = (int) number;
    words.took("nodes");
    words.took("node");
    return (site, random) -> {
      List<String> born = new ArrayList<>();
      List<VirtualCell> cells = site.cells();
      for (int i = 0; i < many; i++) {
        VirtualCell cell = cells.get(random.nextInt(cells.size()));
        String path = cell.path + "/x" + Long.toHexString(Hash.of(random.nextLong()) & 0xFFFF);
        if (cell.page().members().size() + born.size() < 60 && !born.contains(path)) {
          born.add(path);
        }
      }
      site.change(draft -> {
        born.forEach(path -> draft.node(path, site.key(path), 1, EnumSet.of(Duty.SENSES)));
        return draft;
      });
      born.forEach(site::start);
    };
  }

  /** Each cell gets its share of new nodes; who brings them gives one old member the pages. */
  private static Fault growEverywhere(double share) {
    return (site, _) -> {
      List<String> born = new ArrayList<>();
      double due = 0;
      for (VirtualCell cell : site.cells()) {
        due += share * cell.page().members().size();
        for (int i = 0; due >= 1 && i < Member.SLOTS_MAX; i++, due--) {
          born.add(cell.path + "/x" + i);
        }
      }
      Set<Duty> duties = EnumSet.of(Duty.SENSES);
      site.revise(draft -> {
        born.forEach(path -> draft.node(path, site.key(path), 1, duties));
        return draft;
      });
      site.cells().forEach(cell -> cell.first().receivePages());
      born.forEach(site::start);
    };
  }

  /**
   * {@code move 2 nodes}: nodes are carried to other cells, whose rosters have them from then on;
   * {@code move /orchard/z1/c3 to /orchard/z0}: a zone with all that is in it.
   */
  static Fault move(Words words) {
    String path = words.peek();
    Fault.Whom whom = Fault.Whom.read(words);
    if (words.took("to")) {
      String parent = words.take("a zone");
      return (site, _) -> site.change(draft -> draft.move(path, parent));
    }
    return (site, random) -> {
      Map<String, String> moves = new LinkedHashMap<>();
      List<VirtualCell> cells = site.cells();
      for (VirtualNode node : whom.living(site, random)) {
        VirtualCell cell = cells.get(random.nextInt(cells.size()));
        String name = "/m" + Long.toHexString(random.nextLong() & 0xFFFFF);
        if (cell != node.cell && !node.member.gateway() && site.expects(node)) {
          moves.put(node.path(), cell.path + name);
        }
      }
      site.change(draft -> {
        moves.forEach((from, to) ->
            draft.retire(from).node(to, site.node(from).member.key(), 1, EnumSet.of(Duty.SENSES)));
        return draft;
      });
      moves.forEach(site::move);
    };
  }

  static Fault ask(Words words) {
    String name = words.take("a query's name");
    return (site, _) -> {
      long seconds = site.windowMillis / 1000;
      String text = "SELECT COUNT(*) FROM readings EVERY " + seconds + " s";
      site.change(draft -> draft.query(name, text));
    };
  }

  /** {@code add /orchard/z1/new of 4 nodes}: a cell on the medium of the site's last one. */
  static Fault add(Words words) {
    String path = words.take("a path");
    int many = words.skip("of").count("how many");
    words.took("nodes");
    return (site, _) -> {
      Page.Medium medium = site.cells().getLast().page().medium();
      site.change(draft -> {
        draft.cell(path, medium);
        for (int i = 0; i < many; i++) {
          boolean uplink = medium == Page.Medium.ADDRESSED || i < UPLINKS;
          Set<Duty> duties =
              uplink ? EnumSet.of(Duty.SENSES, Duty.UPLINK) : EnumSet.of(Duty.SENSES);
          draft.node(path + "/n" + i, site.key(path + "/n" + i), 1, duties);
        }
        return draft;
      });
      for (int i = 0; i < many; i++) {
        site.start(path + "/n" + i);
      }
    };
  }

  /** {@code rename /orchard/z1 to ridge}. */
  static Fault rename(Words words) {
    String path = words.take("a path");
    String name = words.skip("to").take("a name");
    return (site, _) -> site.change(draft -> draft.rename(path, name));
  }

  /** {@code retire /orchard/z1/c3}: a zone and its nodes, which are taken away. */
  static Fault retire(Words words) {
    String path = words.take("a path");
    return (site, _) -> {
      List<VirtualNode> gone =
          site.nodes().stream()
              .filter(node -> (node.place() + "/").startsWith(path + "/"))
              .toList();
      site.change(draft -> draft.retire(path));
      gone.forEach(VirtualNode::kill);
    };
  }
}
