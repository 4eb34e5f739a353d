package starling.query;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/** States from outside: bytes that may be anything. */
class StateFuzzTest {
  private static final List<Plan> PLANS = PartialTest.allPlans().toList();

  /** Whether these bytes begin with a state; if so it is written again as it was, and merges. */
  static boolean decodesCanonically(Plan plan, byte[] bytes) {
    WireReader from = new WireReader(bytes);
    Partial state;
    try {
      state = Partial.decode(plan, from, Plan.LEAVES_MAX / 2);
    } catch (MalformedException e) {
      return false;
    }
    WireWriter to = WireWriter.ofSize(plan.stateBytesMax(state.leaves()));
    assertTrue(state.encode(to));
    assertArrayEquals(Arrays.copyOf(bytes, from.position()), to.toBytes());
    assertEquals(state, state.merge(plan.empty()));
    state.merge(state).answers(Labels.NUMBERS);
    return true;
  }

  @FuzzTest(maxDuration = "3s")
  void anyBytesAreAStateOrRefused(byte[] bytes) {
    if (bytes.length > 0) {
      Plan plan = PLANS.get((bytes[0] & 0xFF) % PLANS.size());
      decodesCanonically(plan, Arrays.copyOfRange(bytes, 1, bytes.length));
    }
  }
}
