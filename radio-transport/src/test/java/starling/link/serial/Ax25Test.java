package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import starling.link.ModemSettings;

class Ax25Test {
  private static final byte[] FRAME = {1, (byte) 0xC0, 3};

  @Test
  void theHeaderIsTheSpecificationsWithTheStationsSign() {
    // Characters shifted left by one, spaces 40, station number and reserved bits in the last byte.
    assertEquals(
        "a6a8a4989c8ee0" + "9c6086829898" + "6f" + "03f0" + "01c003",
        HexFormat.of().formatHex(new Ax25("N0CALL-7").wrap(FRAME)));
    assertEquals(
        "9e9662" + "404040" + "61", HexFormat.of().formatHex(new Ax25("OK1").wrap(FRAME), 7, 14));
  }

  @Test
  void aFrameComesOutAsItWentInAndOthersTrafficDoesNot() {
    byte[] wrapped = new Ax25("N0CALL-7").wrap(FRAME);
    assertArrayEquals(FRAME, Ax25.unwrap(wrapped));
    for (int at = 0; at < Ax25.HEADER_BYTES; at++) {
      byte[] other = wrapped.clone();
      other[at] ^= 0x02;
      if (at >= 7 && at < 14) {
        assertNotNull(Ax25.unwrap(other), "byte " + at); // another station
      } else if (at != 6) {
        assertNull(Ax25.unwrap(other), "byte " + at);
      }
    }
    byte[] repeated = wrapped.clone();
    repeated[13] &= ~1; // more addresses follow
    assertNull(Ax25.unwrap(repeated));
    assertNull(Ax25.unwrap(new byte[15]));
  }

  @Test
  void whatIsNoCallSignIsRefused() {
    for (String sign : List.of("n0call", "N0", "N0CALLX", "N0CALL-16", "N0CALL-", "N0 CALL")) {
      assertThrows(
          IllegalArgumentException.class, () -> new ModemSettings.Kiss(sign, 0, 300, 63, 100));
    }
  }
}
