package starling.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import starling.Repository;
import starling.query.Plan;
import starling.query.Query;
import starling.sensor.Recording;

class SiteTest {
  private final Site site = Site.berlin();

  @Test
  void twentyThreeStationsLiveInThreeRadioCellsAndOneOnTheNetwork() {
    assertEquals(List.of(6, 6, 5, 6), site.cells().stream().map(c -> c.nodes().size()).toList());
    assertEquals(
        List.of(true, true, true, false), site.cells().stream().map(Site.Cell::radio).toList());
    assertEquals(23, new HashSet<>(site.nodes().stream().map(Site.Node::station).toList()).size());
  }

  @Test
  void everyStationIsInTheRecording() throws IOException {
    Path file = Repository.root().resolve(Site.RECORDING);
    assertEquals(
        new TreeSet<>(Recording.read(file).stations()),
        new TreeSet<>(site.nodes().stream().map(Site.Node::station).toList()));
  }

  @Test
  void theQueryFitsTheSchema() throws Exception {
    Plan plan = Plan.of(Query.parse(site.queryText()), List.of(Site.SCHEMA));
    assertEquals(9, plan.units().size());
  }

  @Test
  void twoNodesOfEachRadioCellAlsoReachTheBroker() {
    for (Site.Cell cell : site.cells()) {
      long uplinks = cell.nodes().stream().filter(Site.Node::uplink).count();
      assertEquals(cell.radio() ? 2 : cell.nodes().size(), uplinks, cell.path());
    }
  }

  @Test
  void aNodeIsNamedByItsStationBelowItsCell() {
    for (Site.Cell cell : site.cells()) {
      assertTrue(
          cell.nodes().stream().allMatch(n -> n.path().equals(cell.path() + "/" + n.station())));
    }
  }

  @Test
  void theRootHoldsAllNodesAndTheGatewayIsNone() {
    assertEquals(site.nodes(), site.nodesOf("/berlin"));
    assertEquals(5, site.nodesOf("/berlin/south").size());
    assertTrue(site.nodes().stream().noneMatch(node -> node.path().equals(site.gateway())));
  }
}
