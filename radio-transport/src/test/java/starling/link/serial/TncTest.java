package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import starling.link.ModemSettings;

class TncTest {
  private static final long SECOND = 1_000_000_000L;
  private static final String PARAMETERS = "c0011ec0c0023fc0c0030ac0";

  private final Tnc tnc = new Tnc(new ModemSettings.Kiss("N0CALL", 0, 300, 63, 100), 240);

  @Test
  void itIsToldAtOnceAndAgainEveryFiveMinutesAndAfterEachOpening() {
    tnc.begin(0);
    assertFalse(tnc.ready());
    assertEquals(PARAMETERS, due(0));
    assertTrue(tnc.ready());
    assertEquals("", due(299 * SECOND));
    assertEquals(PARAMETERS, due(300 * SECOND));
    assertEquals("", due(301 * SECOND));
    tnc.begin(302 * SECOND);
    assertEquals(PARAMETERS, due(302 * SECOND));
  }

  private String due(long nowNanos) {
    return HexFormat.of().formatHex(tnc.due(nowNanos));
  }
}
