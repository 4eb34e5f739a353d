package starling.bench.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.frame.Sealer;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/**
 * A member of the cell has gone mad, and says whatever it likes under its own key: a whole node
 * hears all of it, with each protocol that reads sections, and lives on for a window.
 */
class MemberFuzzTest {
  private static final int MAD = 1;
  private static final int FRAMES_MAX = 16;
  private static final LinkProfile RADIO = Presets.SIK_64K.profile();
  private static final Cell CELL = Cell.create(3);

  @FuzzTest(maxDuration = "3s")
  void whateverAMemberSaysANodeLivesOn(byte[] bytes) throws MalformedException {
    DrivenNode node = CELL.node(0);
    Introduction boot = new Introduction(CELL.page().member(MAD).orElseThrow().id().bits(), 1, 7);
    int sender = CELL.page().zone() << 8 | MAD;
    Sealer sealer = new Sealer(CELL.keyring(), 0, boot, sender, RADIO.keyNumber());
    WireReader from = new WireReader(bytes);
    int counter = 0;
    for (; counter < FRAMES_MAX && from.remaining() >= 2; counter++) {
      int last = from.u8();
      int room = RADIO.mtuBytes() - Sealer.overheadBytes(true);
      byte[] sections = from.bytes(Math.min(Math.min(room, from.u8()), from.remaining()));
      FrameHeader header =
          new FrameHeader(true, 0, CELL.page().zone(), MAD, counter, last >>> 4, last & 15);
      byte[] frame = sealer.seal(header, sections, sections.length);
      node.hear(new DrivenNode.Frame(frame, Cell.START_NANOS + (counter + 1) * 1_000_000_000L));
    }
    assertEquals(counter, node.framesHeard(), "frames of a member were refused");
    for (DrivenNode.Frame said : node.liveWindow()) {
      assertTrue(said.bytes().length <= RADIO.mtuBytes(), "a frame that its modem can't carry");
    }
  }
}
