package starling.inquiry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import starling.engine.RowSource;
import starling.link.Address;
import starling.link.LinkProfile;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/** What inquiries say on the air, and how a listing comes together from its parts. */
class MessageTest {
  private static final int SECTION_MAX_BYTES = LinkProfile.MTU_MIN_BYTES - 16 - 2;

  @Test
  void theDeepestPathFitsTheSmallestFrameAndSaysFromWhereOnItLacksTheListing() throws Exception {
    Question deepest = new Question(14, 200, 300, Collections.nCopies(7, 0xABCDEF));
    Message.Ask ask = new Message.Ask(7, deepest, 0xBEEF, new int[] {16_000, 16_100, 20_000});
    WireWriter to = WireWriter.ofSize(SECTION_MAX_BYTES - 1); // a slot goes before it
    ask.write(to);
    assertFalse(to.overflowed());
    Message.Ask read = (Message.Ask) Message.read(Message.ASK, new WireReader(to.toBytes()));
    assertEquals(deepest, read.question());
    assertEquals(16_000, read.gaps()[0]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // nothing
        "01f200010000", // flags of a later version
        "01f000010a", // ten names
        "01f000010200000000", // a name cut short
        "01f0000100be", // a stamp cut short
        "01f0000100beef", // a stamp of nothing that is missing
        "01f0000100beef0505", // an empty gap
        "01f0000100beef0504", // gaps out of order
        "01f0000100beef0102030405060708090a0b0c0d0e0f101112", // more than eight
      })
  void malformedQuestionsAreRefused(String hex) {
    WireReader from = new WireReader(HexFormat.of().parseHex(hex));
    assertThrows(MalformedException.class, () -> Message.read(Message.ASK, from));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01beef0500", // no part
        "01beef0506aa", // offset past the end
        "01beef0504aabb", // part past the end
        "01beef8180020041", // longer than any listing
      })
  void malformedPartsAreRefused(String hex) {
    WireReader from = new WireReader(HexFormat.of().parseHex(hex));
    assertThrows(MalformedException.class, () -> Message.read(Message.TELL, from));
  }

  @Test
  void aListingComesTogetherWhateverIsLostOnTheWay() {
    SplittableRandom random = new SplittableRandom(1);
    for (int bytes : new int[] {1, 30, 999, RowSource.LISTING_MAX_BYTES}) {
      byte[] listing = new byte[bytes];
      random.nextBytes(listing);
      Copy whole = new Copy(listing);
      Copy copy = new Copy();
      Asker asker = new Asker(new Peer(0, Address.ALL), 1, any());
      for (int asks = 0; !copy.complete(); asks++) {
        assertTrue(asks < 200, "it comes to an end");
        asker.wants(new Message.Ask(1, any(), copy.stamp(), copy.gaps()), whole, 0);
        Message.Tell part = whole.part(1, asker.wanted, 1 + random.nextInt(200));
        while (part != null) {
          if (random.nextInt(3) > 0) {
            copy.take(part);
          }
          asker.wanted.clear(part.offset(), part.offset() + part.part().length);
          part = whole.part(1, asker.wanted, 1 + random.nextInt(200));
        }
      }
      assertArrayEquals(listing, copy.bytes());
    }
  }

  @Test
  void partsOfTwoListingsAreNeverPutTogether() {
    Copy first = new Copy(new byte[] {1, 2, 3, 4});
    Copy second = new Copy(new byte[] {5, 6, 7, 8});
    BitSet all = new BitSet();
    all.set(0, 4);
    BitSet end = new BitSet();
    end.set(2, 4);
    Copy copy = new Copy();
    copy.take(Objects.requireNonNull(first.part(1, all, 2)));
    copy.take(Objects.requireNonNull(second.part(1, end, 2)));
    assertFalse(copy.complete());
    assertArrayEquals(new int[] {0, 2}, copy.gaps());
    copy.take(Objects.requireNonNull(second.part(1, all, 2)));
    assertArrayEquals(new byte[] {5, 6, 7, 8}, copy.bytes());
  }

  private static Question any() {
    return new Question(3, RowSource.ALL, 1, List.of());
  }
}
