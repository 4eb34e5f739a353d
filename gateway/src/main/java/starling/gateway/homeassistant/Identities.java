package starling.gateway.homeassistant;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import starling.model.Charter;
import starling.model.Page;

/**
 * What a zone or node is called for good, whatever it is renamed to: a zone by its number in the
 * site's charter, a node by its key. Letters, digits, {@code _} and {@code -} only.
 */
final class Identities {
  private final String site;
  private final Map<String, String> byPath = new HashMap<>();

  Identities(String site) {
    this.site = site;
  }

  /** From now on it is what these pages say. */
  void inForce(Charter charter) {
    byPath.clear();
    for (Page page : charter.pages().values()) {
      switch (page) {
        case Page.Inner inner -> {
          zone(charter, inner.zone());
          inner.children().forEach(child -> zone(charter, child.zone()));
        }
        case Page.Cell cell -> {
          zone(charter, cell.zone());
          String path = charter.path(cell.zone()).orElse("");
          cell.members()
              .forEach(node -> byPath.put(path + "/" + node.name(), node(node.id().toString())));
        }
        case Page.Site _ -> {}
      }
    }
  }

  private void zone(Charter charter, int zone) {
    charter.path(zone).ifPresent(path -> byPath.put(path, "starling_" + site + "_z" + zone));
  }

  private static String node(String id) {
    return "starling_" + id;
  }

  /** Empty while the charter does not say. */
  Optional<String> of(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  /** Where whoever is called so is now. */
  Optional<String> path(String id) {
    return byPath.entrySet().stream()
        .filter(known -> known.getValue().equals(id))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
