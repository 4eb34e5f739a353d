package starling.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldTest {
  @Test
  void statisticsFollowTheirDefinitions() {
    Fold fold = new Fold(new double[] {4, 2, 5, 9, 7, 4, 5, 4});
    assertEquals(5, fold.average());
    assertEquals(2, fold.smallest());
    assertEquals(9, fold.largest());
    assertEquals(2, fold.deviation(), 1e-12);
  }

  @Test
  void aQuantileIsTheNearestRank() {
    Fold hundred = new Fold(IntStream.rangeClosed(1, 100).mapToDouble(i -> i).toArray());
    assertEquals(95, hundred.quantile(95));
    Fold stations = new Fold(IntStream.rangeClosed(1, 23).mapToDouble(i -> i).toArray());
    assertEquals(22, stations.quantile(95));
    assertEquals(7, new Fold(new double[] {7}).quantile(95));
  }

  @Test
  void nothingHasNoColumns() {
    assertTrue(new Fold(new double[0]).columns("air_temperature").isEmpty());
  }
}
