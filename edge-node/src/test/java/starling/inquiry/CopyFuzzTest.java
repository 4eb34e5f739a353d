package starling.inquiry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.BitSet;
import starling.engine.RowSource;
import starling.wire.MalformedException;
import starling.wire.WireReader;

class CopyFuzzTest {
  @FuzzTest(maxDuration = "3s")
  void anyPartsMakeACopyThatStaysWithinItsListing(byte[] bytes) {
    Copy copy = new Copy();
    BitSet all = new BitSet();
    all.set(0, RowSource.LISTING_MAX_BYTES);
    for (int at = 0; at + 8 < bytes.length; at += 8) {
      try {
        WireReader from = new WireReader(Arrays.copyOfRange(bytes, at, at + 8));
        copy.take((Message.Tell) Message.read(Message.TELL, from));
      } catch (MalformedException e) {
        continue;
      }
      int[] gaps = copy.gaps();
      for (int i = 1; i < gaps.length; i++) {
        assertTrue(gaps[i] > gaps[i - 1] && gaps[i] <= copy.bytes().length);
      }
      assertEquals(copy.empty(), copy.part(1, all, 100) == null);
    }
  }
}
