package starling.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SampleTest {
  @Test
  void quantilesLieBetweenTheNearestValues() {
    Sample sample = new Sample(new double[] {4, 1, 3, 2});
    assertEquals(1, sample.quantile(0));
    assertEquals(1.75, sample.quantile(0.25));
    assertEquals(2.5, sample.median());
    assertEquals(4, sample.quantile(1));
  }

  @Test
  void ofOneValueAllQuantilesAreThat() {
    assertEquals(7, new Sample(new double[] {7}).quantile(0.9));
  }
}
