package starling.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

class ZoneRowFuzzTest {
  private static final long NOW_MILLIS = 1_780_000_000_000L;
  private static final long WINDOW_MILLIS = 4_000;

  @FuzzTest(maxDuration = "3s")
  void anyBytesAreAZoneRowOrRefused(byte[] bytes) {
    try {
      ZoneRow row = ZoneRow.read(new WireReader(bytes), NOW_MILLIS, WINDOW_MILLIS);
      WireWriter to = WireWriter.ofSize(1024);
      row.write(to);
      assertEquals(row, ZoneRow.read(new WireReader(to.toBytes()), NOW_MILLIS, WINDOW_MILLIS));
    } catch (MalformedException e) {
      // as it should be
    }
  }
}
