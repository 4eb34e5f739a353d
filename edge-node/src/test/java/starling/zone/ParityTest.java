package starling.zone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import starling.model.Window;
import starling.wire.WireReader;
import starling.wire.WireWriter;

class ParityTest {
  private static final int SLOTS = 8;

  private final SplittableRandom random = new SplittableRandom(1);
  private final CellWindow full = new CellWindow(window());
  private final CellWindow some = new CellWindow(window());

  ParityTest() {
    for (int slot = 0; slot < SLOTS; slot++) {
      byte[] row = new byte[1 + random.nextInt(Contribution.BYTES_MAX)];
      random.nextBytes(row);
      full.add(slot, row);
    }
  }

  private static Window window() {
    return Window.at(60_000, 0, 60_000);
  }

  private byte[] row(int slot) {
    byte[] row = full.row(slot);
    assertNotNull(row);
    return row;
  }

  private void gets(int... slots) {
    for (int slot : slots) {
      some.add(slot, row(slot));
    }
  }

  private void gets(Parities.Solved solved) {
    assertArrayEquals(row(solved.slot()), solved.row());
    some.add(solved.slot(), solved.row());
  }

  @Test
  void whoHasAllButOneHasThatOneToo() throws Exception {
    Parity said = Parity.of(full, 0b10010110);
    WireWriter to = WireWriter.ofSize(Parity.BYTES_MAX);
    said.write(to);
    Parity heard = Parity.read(new WireReader(to.toBytes()));
    assertEquals(said.slots(), heard.slots());
    gets(1, 2, 7);
    assertEquals(1 << 4, heard.missing(some));
    assertArrayEquals(row(4), heard.solve(some).orElseThrow());
  }

  @Test
  void whatFollowsFromOneMayLeadToAnother() {
    some.parities().add(Parity.of(full, 0b0000_1111));
    some.parities().add(Parity.of(full, 0b0011_0110));
    gets(0, 1, 4);
    assertNull(some.solve(), "two are missing of each");
    gets(3);
    for (int left = 2; left > 0; left--) {
      Parities.Solved next = some.solve();
      assertNotNull(next);
      gets(next);
    }
    assertNull(some.solve());
    assertEquals(0b0011_1111, some.bits());
  }

  @Test
  void whatIsNoContributionIsNotTakenForOne() {
    Parity said = Parity.of(full, 0b0111);
    gets(0);
    some.add(1, new byte[] {1, 2, 3}); // a clone's
    assertTrue(said.solve(some).isEmpty());
    some.parities().add(said);
    assertNull(some.solve());
  }

  @Test
  void onlyTheNewestAreKept() {
    for (int i = 0; i < 1000; i++) {
      some.parities().add(Parity.of(full, 0b1100_0000));
    }
    some.parities().add(Parity.of(full, 0b0000_1100));
    gets(3, 6);
    int solved = 0;
    for (Parities.Solved next = some.solve(); next != null; next = some.solve()) {
      gets(next);
      solved++;
    }
    assertEquals(2, solved);
  }
}
