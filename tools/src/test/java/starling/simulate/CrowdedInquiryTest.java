package starling.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import starling.engine.Local;
import starling.engine.SectionType;
import starling.engine.SectionWriter;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.frame.Sealer;
import starling.link.Address;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.model.Delivery;
import starling.model.Hash;
import starling.model.Page;
import starling.wire.WireWriter;

/** Some ask all the time for what nobody can answer; others get their answers all the same. */
class CrowdedInquiryTest {
  private static final String CELL = "/orchard/hill/upper";
  private static final String REPRESENTATIVE = CELL + "/n0";
  private static final String INSIDER = CELL + "/n1";
  private static final int ASK = 0;
  private static final int HOPS = 15;

  private final VirtualSite site =
      new VirtualSite(11, Presets.SIK_64K.profile(), Loss.NONE)
          .radioCell(CELL, 5, 2)
          .radioCell("/orchard/hill/lower", 3, 2)
          .radioCell("/orchard/valley/brook", 3, 2)
          .inboxCell("/orchard/city", 3, 1)
          .startAll();
  private int counter;
  private int asked;

  private void silenceTheValley() {
    site.run(40);
    for (int i = 0; i < 3; i++) {
      site.kill("/orchard/valley/brook/n" + i);
    }
    site.run(1);
  }

  private void assertAnswered(Runnable crowd) {
    VirtualNode asker = site.node(CELL + "/n4");
    asker.say(new Local.Inquiry(1, "/orchard/hill/lower", "", 20_000));
    for (int second = 0; second < 21; second++) {
      assertEquals(List.of(), Tables.of(site.node(REPRESENTATIVE).engine).tooLarge());
      crowd.run();
      site.run(1);
    }
    assertEquals("", asker.told(Delivery.Inquired.class).getLast().fault());
    Checks.check(site);
  }

  @Test
  void twoWhoAskForMuchLeaveRoomForAThird() {
    silenceTheValley();
    for (String mate : new String[] {"/n2", "/n3"}) {
      for (int i = 0; i < 16; i++) {
        String zone = "/orchard/valley/x" + asked++;
        site.node(CELL + mate).say(new Local.Inquiry(asked, zone, "", 60_000));
      }
    }
    site.run(40);
    assertAnswered(() -> {});
  }

  @Test
  void oneWhoAsksByRadioAndOnTheNetworkHasNoMorePlacesThanOthers() {
    silenceTheValley();
    site.kill(INSIDER);
    Introduction self = new Introduction(site.node(INSIDER).member.id().bits(), 9, 1);
    Address place = site.address(INSIDER);
    int sender = place.cell() << 8 | place.slot();
    Sealer onRadio = new Sealer(VirtualSite.keyring(), 0, self, sender, 1);
    Sealer onInbox = new Sealer(VirtualSite.keyring(), 0, self, sender, 2);
    Stranger insider = new Stranger(site, CELL);
    Runnable crowd =
        () -> {
          for (int i = 0; i < 4; i++) {
            insider.sayOnAir(seal(onRadio, question(true)));
            insider.say(site.address(REPRESENTATIVE), seal(onInbox, question(false)));
          }
        };
    for (int second = 0; second < 5; second++) {
      crowd.run();
      site.run(1);
    }
    assertAnswered(crowd);
  }

  private byte[] seal(Sealer sealer, byte[] section) {
    Address place = site.address(INSIDER);
    FrameHeader header =
        new FrameHeader(true, 0, place.cell(), place.slot(), counter++, site.charter().low(), 3);
    return sealer.seal(header, section, section.length);
  }

  /** Asks for one zone after the other below the silent one, under one number after the other. */
  private byte[] question(boolean byRadio) {
    WireWriter to = WireWriter.ofSize(64);
    SectionWriter sections = new SectionWriter(to);
    sections.type(SectionType.INQUIRY);
    WireWriter body = sections.open(ASK);
    if (byRadio) {
      body.u8(site.address(REPRESENTATIVE).slot());
    }
    body.u8(asked & 0xFF).u8(HOPS << 4).u16(Page.ROOT).u8(2).u24(hash("valley")).u24(asked);
    asked++;
    sections.close();
    return to.toBytes();
  }

  private static int hash(String name) {
    return (int) Hash.of(name.getBytes(StandardCharsets.UTF_8)) & 0xFF_FFFF;
  }
}
