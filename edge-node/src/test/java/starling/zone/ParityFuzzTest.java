package starling.zone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import starling.model.Window;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

class ParityFuzzTest {
  @FuzzTest(maxDuration = "3s")
  void anyBytesAreAParityOrRefusedAndSayNothingFalse(byte[] bytes) {
    CellWindow window = new CellWindow(Window.at(60_000, 0, 60_000));
    window.add(1, new byte[] {1, 2, 3, 4});
    window.add(2, new byte[] {5, 6});
    try {
      Parity parity = Parity.read(new WireReader(bytes));
      WireWriter to = WireWriter.ofSize(bytes.length);
      parity.write(to);
      assertArrayEquals(bytes, to.toBytes());
      window.parities().add(parity);
      for (Parities.Solved next = window.solve(); next != null; next = window.solve()) {
        assertTrue(next.row().length <= Contribution.BYTES_MAX);
        window.add(next.slot(), next.row());
      }
    } catch (MalformedException e) {
      // as it should be
    }
  }
}
