package starling.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import starling.link.Address;
import starling.link.LinkProfile;
import starling.link.Presets;

class ByNeighbourTest {
  private static final LinkProfile NETWORK = Presets.MQTT.profile();

  private static LinkView neighbour(SplittableRandom random) {
    int bit = random.nextInt(random.nextInt(1, 64));
    return switch (random.nextInt(3)) {
      case 0 -> new LinkView(0, Presets.SIK_64K.profile(), Address.ALL, true, 0, 2);
      case 1 -> new LinkView(1, NETWORK, new Address(2, bit), true, bit, 2);
      default -> new LinkView(1, NETWORK, new Address(3, bit), false, bit, 1);
    };
  }

  @Test
  void eachNeighbourHasItsOwnNumberInWhateverOrderTheyCome() {
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ByNeighbour numbers = new ByNeighbour();
      Map<LinkView, Integer> expected = new HashMap<>();
      for (int i = 0; i < 60; i++) {
        int value = i < 30 ? random.nextInt(-128, 128) : random.nextInt();
        LinkView one = neighbour(random);
        expected.put(one, value);
        numbers.set(one, value);
        LinkView other = neighbour(random);
        assertEquals(expected.getOrDefault(other, 0), numbers.get(other));
      }
      expected.forEach((one, value) -> assertEquals(value, numbers.get(one)));
    }
  }

  @Test
  void aStrangerHasNone() {
    ByNeighbour numbers = new ByNeighbour();
    LinkView guest = LinkView.guest(1, NETWORK, new Address(9, 9));
    numbers.set(guest, 5);
    assertEquals(0, numbers.get(guest));
  }
}
