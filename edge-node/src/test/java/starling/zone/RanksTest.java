package starling.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import starling.model.Member;
import starling.model.Members;
import starling.model.Page;

class RanksTest {
  private static final List<Integer> CONTACTS = List.of(4, 3, 2, 1, 0);

  /** Representatives of a cell of six, of which all but slot 5 have an uplink. */
  private static List<Integer> representatives(
      long suspect, long unsteady, long cutOff, long faint) {
    return representatives(new Members(0x3F, suspect, 0, unsteady, cutOff, 0, faint, 0));
  }

  private static List<Integer> representatives(Members known) {
    List<Member> members = new ArrayList<>();
    for (int slot = 0; slot < 6; slot++) {
      byte[] key = new byte[32];
      key[0] = (byte) slot;
      members.add(new Member(slot, key, "n" + slot, 1, true, slot < 5, slot == 4, false));
    }
    Page.Cell cell = new Page.Cell(1, 2, 1, "north", Page.Medium.BROADCAST, "sik-64k", members);
    return Ranks.of(cell, CONTACTS, known).representatives();
  }

  @Test
  void theFirstThreeContactsRepresentACell() {
    assertEquals(List.of(4, 3, 2), representatives(0, 0, 0, 0));
  }

  @Test
  void whoIsSuspectOrCutOffIsPassedOver() {
    assertEquals(List.of(3, 1, 0), representatives(1 << 4, 0, 1 << 2, 0));
    assertEquals(List.of(0), representatives(0, 0, 0b11110, 0));
  }

  @Test
  void whereAllAreCutOffTheyRepresentTheCellAsIfNoneWere() {
    assertEquals(List.of(4, 3, 2), representatives(0, 0, 0x1F, 0));
    assertEquals(List.of(3, 2, 1), representatives(1 << 4, 0, 0xF, 0));
  }

  @Test
  void whoSleepsIsPassedOverUnlessAllDo() {
    assertEquals(List.of(3, 2, 1), representatives(new Members(0x3F, 0, 0, 0, 0, 1 << 4, 0, 0)));
    assertEquals(List.of(4, 3, 2), representatives(new Members(0x3F, 0, 0, 0, 0, 0x1F, 0, 0)));
  }

  @Test
  void whoIsHardlyHeardComesAfterOthersAndWhoCameBackAfterThese() {
    assertEquals(List.of(2, 1, 4), representatives(0, 0b1001, 0, 1 << 4));
  }
}
