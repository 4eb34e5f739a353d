package starling.sniff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import starling.charter.Draft;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.frame.Keyring;
import starling.frame.Sealer;
import starling.link.Reception;
import starling.model.Charter;
import starling.model.NodeId;
import starling.model.Page;
import starling.node.KeyFile;

class SnifferTest {
  private static final long NOW = 1_780_315_200_000L;
  private static final byte[] KEY = new byte[Keyring.KEY_BYTES];
  private static final Keyring KEYRING = Keyring.of(0, KEY);

  private final KeyFile.Identity identity = KeyFile.generate();
  private final Charter charter =
      new Draft("orchard", 60_000)
          .cell("/orchard/north", Page.Medium.BROADCAST)
          .node("/orchard/north/n7", identity.publicKey(), 1, EnumSet.of(Draft.Duty.SENSES))
          .charter();
  private final int cell =
      charter.pages().values().stream()
          .filter(Page.Cell.class::isInstance)
          .findFirst()
          .orElseThrow()
          .zone();
  private final Introduction self = new Introduction(NodeId.of(identity.publicKey()).bits(), 4, 99);

  private byte[] frame(boolean introduces, int counter, int... sections) {
    byte[] plain = new byte[sections.length];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = (byte) sections[i];
    }
    FrameHeader header = new FrameHeader(introduces, 0, cell, 0, counter, 5, 4);
    return new Sealer(KEYRING, 0, self, header.sender(), 1).seal(header, plain, plain.length);
  }

  private Sniffer keyed() {
    return new Sniffer(Optional.of(KEYRING), charter, 1);
  }

  private static Sniffed sniff(Sniffer with, byte[] frame) {
    return with.sniff(frame, Reception.UNTOLD, NOW);
  }

  @Test
  void withoutAKeyThereIsTheHeaderAndWhoIntroducesItself() {
    Sniffer blind = new Sniffer(Optional.empty(), Charter.EMPTY, 1);
    Sniffed frame = sniff(blind, frame(true, 258, 0x28, 0, 1, 2));
    assertEquals(Sniffed.State.SEALED, frame.state());
    assertEquals("", frame.remark());
    assertEquals("cell " + cell + " slot 0", frame.sender());
    assertEquals(258, frame.header().orElseThrow().counter());
    assertEquals(self, frame.introduction().orElseThrow());
    assertEquals(Optional.empty(), sniff(blind, frame(false, 259, 0x28)).introduction());
  }

  @Test
  void withTheKeySectionsAreNamedOnceTheSenderHasIntroducedItself() {
    Sniffer keyed = keyed();
    assertEquals(Sniffed.State.SEALED, sniff(keyed, frame(false, 1, 0x58, 0)).state());
    int[] time = {0x20, 11, 1, 0x9E, 0x84, 0x9C, 0, 0, 0, 50, 0, 0, 2};
    Sniffed clock = sniff(keyed, frame(true, 2, time));
    assertEquals(Sniffed.State.OPENED, clock.state());
    assertEquals("/orchard/north/n7", clock.sender());
    assertEquals("clock TIME", clock.sections().getFirst().name());
    assertTrue(clock.sections().getFirst().text().endsWith("5.0 ms off at most, 2 hops"));
    Sniffed more = sniff(keyed, frame(false, 3, 0x40, 3, 1, 2, 7, 0x58, 0x08, 1, 2, 3));
    assertEquals(
        List.of("membership VOTES", "zone OWN"),
        more.sections().stream().map(Sniffed.Part::name).toList());
    assertEquals("1 suspected, 3 heard", more.sections().getFirst().text());
    assertTrue(more.sections().getLast().text().endsWith("3 bytes of readings"));
  }

  @Test
  void whatIsMalformedOrLaterIsNamedAndEndsNothing() {
    Sniffer keyed = keyed();
    Sniffed cut = sniff(keyed, frame(true, 1, 0x30, 1, 0x80, 0x20, 9, 1));
    assertEquals("charter VERSION", cut.sections().getFirst().name());
    assertTrue(cut.sections().getFirst().text().startsWith("malformed: "));
    assertEquals("malformed", cut.sections().getLast().name());
    Sniffed later = sniff(keyed, frame(false, 2, 0xE9, 1));
    assertEquals("type 14 kind 1", later.sections().getFirst().name());
  }

  @Test
  void whatIsNotToBeBelievedIsShownAndSaysWhy() {
    Sniffer keyed = keyed();
    sniff(keyed, frame(true, 1, 0x58, 0));
    Sniffed again = sniff(keyed, frame(true, 1, 0x58, 0));
    assertEquals(Sniffed.State.REFUSED, again.state());
    assertEquals("heard before", again.remark());
    byte[] broken = frame(false, 2, 0x58, 0);
    broken[broken.length - 1] ^= 1;
    assertEquals("tag does not verify: another key, or damaged", sniff(keyed, broken).remark());
    assertEquals(Sniffed.State.NOISE, sniff(keyed, new byte[5]).state());
  }

  @Test
  void anySectionsAreTakenApartWithoutAFault() {
    SplittableRandom random = new SplittableRandom(11);
    Sniffer keyed = keyed();
    sniff(keyed, frame(true, 0, 0x58, 0));
    for (int i = 1; i < 20_000; i++) {
      int[] sections = new int[random.nextInt(40)];
      for (int at = 0; at < sections.length; at++) {
        sections[at] = random.nextInt(256);
      }
      assertEquals(Sniffed.State.OPENED, sniff(keyed, frame(false, i, sections)).state());
    }
  }
}
