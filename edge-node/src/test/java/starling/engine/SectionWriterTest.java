package starling.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

class SectionWriterTest {
  private final byte[] frame = new byte[600];
  private final WireWriter to = new WireWriter(frame);
  private final SectionWriter sections = new SectionWriter(to);

  @Test
  void theLastSectionNeedsNoLength() throws MalformedException {
    sections.type(SectionType.CLOCK);
    sections.open(0).u8(7);
    assertTrue(sections.close());
    sections.type(SectionType.ZONE);
    sections.open(3).u16(513);
    assertTrue(sections.close());
    WireReader from = new WireReader(frame, 0, SectionWriter.finish(frame, sections));
    assertEquals(2 << 4, from.u8());
    assertEquals(1, from.u8());
    assertEquals(7, from.u8());
    int last = from.u8();
    assertTrue(SectionWriter.isLast(last));
    assertEquals(5 << 4 | 3, last & 0xF7);
    assertEquals(513, from.u16());
    from.end();
  }

  @Test
  void anEmptyOrOverflowingSectionIsTakenBackWhole() {
    sections.type(SectionType.CLOCK);
    sections.open(0);
    assertFalse(sections.close());
    sections.open(0).bytes(new byte[599]);
    assertFalse(sections.close());
    assertEquals(0, to.length());
    assertFalse(to.overflowed());
    sections.open(0).u8(1);
    assertTrue(sections.close(), "what comes after is as if it had not been tried");
  }

  @Test
  void aLongSectionIsTheFramesLast() {
    sections.type(SectionType.ZONE);
    sections.open(3).bytes(new byte[300]);
    assertTrue(sections.close());
    assertEquals(0, sections.remaining());
    sections.open(4).u8(1);
    assertFalse(sections.close(), "its length could not be said");
    assertEquals(301, SectionWriter.finish(frame, sections));
    assertTrue(SectionWriter.isLast(frame[0]));
  }
}
