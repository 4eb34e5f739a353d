package starling.sniff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.frame.Keyring;
import starling.frame.Sealer;
import starling.link.Reception;
import starling.model.Charter;

/** What may be on the air: anything, and anything that a holder of the key says. */
class SnifferFuzzTest {
  private static final Keyring KEYRING = Keyring.of(0, new byte[Keyring.KEY_BYTES]);
  private static final Sealer SEALER = new Sealer(KEYRING, 0, new Introduction(42, 1, 7), 0, 1);
  private static final long NOW = 1_780_315_200_000L;

  @FuzzTest(maxDuration = "3s")
  void anyBytesAndAnySectionsAreShown(byte[] bytes) {
    Sniffer sniffer = new Sniffer(Optional.of(KEYRING), Charter.EMPTY, 1);
    sniffer.sniff(bytes.clone(), Reception.UNTOLD, NOW);
    FrameHeader header = new FrameHeader(true, 0, 5, 3, 1, 1, 4);
    byte[] frame = SEALER.seal(header, bytes, bytes.length);
    Sniffed shown = sniffer.sniff(frame, Reception.UNTOLD, NOW);
    assertEquals(Sniffed.State.OPENED, shown.state());
    assertTrue(shown.sections().size() <= bytes.length);
  }
}
