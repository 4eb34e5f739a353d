package starling.charter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import starling.model.Member;
import starling.model.Page;

/**
 * By which cells, and which of their members, zones are entered, as their parents' pages list them.
 *
 * @param gateways the cells that have any
 */
record Entrances(Set<Integer> gateways) {
  Page.Child child(Page page) {
    return switch (page) {
      case Page.Cell cell ->
          new Page.Child(
              cell.zone(),
              cell.version(),
              cell.name(),
              cell.sensing(),
              0,
              List.of(new Page.Entrance(cell.zone(), contacts(cell))));
      case Page.Inner inner ->
          new Page.Child(
              inner.zone(),
              inner.version(),
              inner.name(),
              inner.expected(),
              inner.shape(),
              entrances(inner));
      case Page.Site _ -> throw new IllegalStateException("the site is no zone's child");
    };
  }

  private static List<Integer> contacts(Page.Cell cell) {
    return cell.members().stream()
        .filter(Member::uplink)
        .sorted(Member.BY_STANDING)
        .map(Member::slot)
        .limit(Page.CONTACTS_MAX)
        .toList();
  }

  /**
   * Cells with gateways, which publish what comes in there; then the first entrance of each zone
   * below, then the second: who shares least is lost last.
   */
  private List<Page.Entrance> entrances(Page.Inner inner) {
    List<Page.Entrance> all = new ArrayList<>();
    for (int place = 0; place < Page.ENTRANCES_MAX; place++) {
      for (Page.Child child : inner.children()) {
        if (place < child.entrances().size()) {
          all.add(child.entrances().get(place));
        }
      }
    }
    all.removeIf(entrance -> entrance.slots().isEmpty());
    all.sort(Comparator.comparing(entrance -> !gateways.contains(entrance.cell())));
    List<Page.Entrance> first = all.subList(0, Math.min(Page.ENTRANCES_MAX, all.size()));
    return first.stream()
        .map(entrance ->
            new Page.Entrance(
                entrance.cell(),
                entrance.slots().stream().limit(Page.CONTACTS_MAX / first.size()).toList()))
        .toList();
  }
}
