package starling.bench.links;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MatrixTest {
  @Test
  void sharesOfAllPairsAreReadAndLinesThatWereCutLeftOut() {
    Matrix lab =
        Measurements.shares(
            "lab", Stream.of(" 1 0 0.75", " 1 2 0.5", " 2 1 0.25", "2 2 0", "0 31", "1 2 x"));
    assertEquals("lab [[0.0, 0.5], [0.25, 0.0]]", lab.toString());
  }

  @Test
  void whatWasAcknowledgedWorksBothWays() {
    Matrix marina =
        Measurements.acknowledged(
            "marina",
            Stream.of(
                "{\"location\": \"here\", \"channels\": [11, 12]}",
                "datetime,src,dst,channel,mean_rssi,pdr,tx_count",
                "2017-09-18 04:42:54,4,18,,-68,0.5,90",
                "2017-09-18 05:42:54,4,18,,-68,1.0,10",
                "2017-09-18 05:42:54,18,5,,-68,0.9,10",
                "2017-09-18 05:42:54,5,18,,-68,0.8,10",
                "2017-09-18 05:42:54,5,4,,,,",
                "2017-09-18 05:4"));
    assertEquals("marina [[0.0, 0.55, 0.9], [0.55, 0.0, 0.0], [0.8, 0.0, 0.0]]", marina.toString());
  }

  @Test
  void roundsOfWhichNobodyHeardAnythingCountByWhoeverHeardMost() {
    Matrix grenoble =
        Measurements.broadcast(
            "grenoble",
            Stream.of(
                "2017-06-21 11:48:36,0,1,11,-80,1.0,100",
                "2017-06-21 11:58:36,0,1,11,-80,0.5,100",
                "2017-06-21 11:48:36,0,2,11,-80,0.5,100",
                "2017-06-21 11:48:36,0,1,12,-80,1.0,100",
                "2017-06-21 11:49:36,1,0,12,-80,1.0,100"));
    assertEquals(
        "grenoble [[0.0, %s, %s], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]".formatted(2.5 / 3, 0.5 / 3),
        grenoble.toString());
  }

  @Test
  void linksOfOneTypeHaveBothDirections() {
    Matrix city =
        Measurements.links(
            "city",
            "wifi",
            Stream.of("a,b,a_to_b_tq,b_to_a_tq,type", "7,8,0.9,0.5,wifi", "7,9,1.0,1.0,vpn"));
    assertEquals("city [[0.0, 0.9], [0.5, 0.0]]", city.toString());
  }

  @Test
  void aLinkThatWorksOneWayConnectsNobody() {
    double[][] delivery = new double[4][4];
    delivery[0][1] = delivery[1][0] = 0.5;
    delivery[1][2] = 0.9;
    delivery[2][1] = 0.05;
    delivery[2][3] = delivery[3][2] = 1;
    Matrix matrix = new Matrix("half deaf", delivery);
    assertEquals(List.of(0, 1), matrix.connected(0));
    assertEquals(2, matrix.largestPart().size());
  }

  @Test
  void aLargeNetworkIsCutIntoCellsByHopsFromItsBestLinkedNode() {
    double[][] delivery = new double[12][12];
    for (int node = 1; node < 10; node++) { // a chain of ten, and a pair apart
      delivery[node - 1][node] = delivery[node][node - 1] = 1;
    }
    delivery[10][11] = delivery[11][10] = 1;
    List<Matrix> cells = new Matrix("chain", delivery).cells(4, 3);
    assertEquals(List.of(4, 4), cells.stream().map(Matrix::size).toList());
    cells.forEach(cell -> assertEquals(4, cell.largestPart().size()));
    assertEquals("chain/2", cells.get(1).name());
    assertEquals(1, new Matrix("whole", delivery).cells(12, 3).size());
  }

  @Test
  void aMadeUpFieldHasLinksOfAllSorts() {
    Matrix field = Scattered.of(40, 220, 120, 7);
    assertEquals(40, field.largestPart().size());
    int links = 0;
    int poor = 0;
    for (int one = 0; one < 40; one++) {
      for (int other = 0; other < one; other++) {
        links += field.usable(one, other) ? 1 : 0;
        poor += field.usable(one, other) && field.delivery()[one][other] < 0.5 ? 1 : 0;
      }
    }
    assertEquals(345, links);
    assertEquals(true, poor > 50, poor + " poor links");
  }
}
