package starling.bench.frame;

import java.util.Arrays;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.frame.Keyring;
import starling.frame.Opened;
import starling.frame.Opener;
import starling.frame.Sealer;

/** Frames of one sender, protected as ours are. */
final class Sealing {
  /** The plaintext of a frame, which with header and tag has 80 bytes: a row and a digest. */
  static final int SECTION_BYTES = 64;

  private static final int CELL = 2;
  private static final int LINK = 1;
  private static final Introduction SENDER = new Introduction(1, 1, 1);
  private final Keyring keyring = Keyring.of(0, new byte[Keyring.KEY_BYTES]);
  private final Sealer sealer = new Sealer(keyring, 0, SENDER, CELL << 8, LINK);
  private final byte[] sections = new byte[SECTION_BYTES];
  private Opener opener = new Opener(keyring, LINK, Opener.Knowledge.NONE);
  private byte[][] frames = new byte[0][];

  /** Plaintext becomes a frame. */
  Case seal() {
    return new Case("seal", "a frame of 80 bytes is sealed", this::seal);
  }

  /** A frame is believed, deciphered, and remembered against replays. */
  Case open() {
    return new Case("open", "a frame of 80 bytes is opened", this::prepare, this::open);
  }

  private long seal(int operations) {
    long bytes = 0;
    for (int i = 0; i < operations; i++) {
      bytes += frame(false, i).length;
    }
    return bytes;
  }

  private void prepare(int operations) {
    opener = new Opener(keyring, LINK, Opener.Knowledge.NONE);
    opener.open(frame(true, 0));
    frames = new byte[operations][];
    Arrays.setAll(frames, i -> frame(false, i + 1));
  }

  private long open(int operations) {
    long bytes = 0;
    for (int i = 0; i < operations; i++) {
      if (!(opener.open(frames[i]) instanceof Opened.Frame)) {
        throw new IllegalStateException("frame " + i + " was refused");
      }
      bytes += frames[i].length;
    }
    return bytes;
  }

  private byte[] frame(boolean introduces, int counter) {
    FrameHeader header =
        new FrameHeader(introduces, 0, CELL, 0, counter & FrameHeader.COUNTER_MAX, 1, 3);
    return sealer.seal(header, sections, SECTION_BYTES);
  }
}
