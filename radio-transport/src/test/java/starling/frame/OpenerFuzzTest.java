package starling.frame;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are refused, or were sealed by a member; none crash, none displace a living sender. */
class OpenerFuzzTest {
  private static final Keyring KEYRING = Keyring.of(0, new byte[Keyring.KEY_BYTES]);

  private static Opener opener() {
    return new Opener(KEYRING, 1, Opener.Knowledge.NONE);
  }

  private static byte[] frame(int counter) {
    return new Sealer(KEYRING, 0, new Introduction(42, 1, 7), 2 << 8 | 3, 1)
        .seal(new FrameHeader(counter == 0, 0, 2, 3, counter, 0, 0), new byte[] {1, 2, 3}, 3);
  }

  @FuzzTest(maxDuration = "3s")
  void anyBytesAreRefusedAndTheLivingStayHeard(byte[] bytes) {
    Opener opener = opener();
    opener.open(frame(0));
    if (opener.open(bytes.clone()) instanceof Opened.Frame opened
        && opened.sender().node() == 42
        && opened.header().counter() != 1) {
      throw new AssertionError("a forged frame was believed");
    }
    if (!(opener.open(frame(1)) instanceof Opened.Frame)) {
      throw new AssertionError("a living sender was displaced");
    }
  }
}
