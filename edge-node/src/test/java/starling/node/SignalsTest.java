package starling.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import starling.link.Reception;
import starling.model.Delivery;

class SignalsTest {
  private static final int STRANGER = -1;

  private final Signals signals = new Signals();

  @Test
  void whatNoModemTellsIsNotThere() {
    signals.heard(0, 3, Reception.UNTOLD);
    assertEquals(Optional.empty(), signals.onLink(0));
    assertEquals(Optional.empty(), signals.ofMate(3));
    assertEquals(Optional.empty(), signals.ofMate(STRANGER));
  }

  @Test
  void lastAndMeanAreKeptByLinkAndByMate() {
    signals.heard(1, 3, new Reception(-90, 5));
    signals.heard(1, 4, new Reception(-70, 7));
    signals.heard(1, STRANGER, new Reception(-110, 3));
    Delivery.Signal link = signals.onLink(1).orElseThrow();
    assertEquals(-110, link.rssiDbm().orElseThrow());
    assertEquals(-90, link.rssiMeanDbm().orElseThrow(), 1e-4);
    assertEquals(5, link.snrMeanDb().orElseThrow(), 1e-4);
    assertEquals(-90, signals.ofMate(3).orElseThrow().rssiDbm().orElseThrow());
    assertEquals(7, signals.ofMate(4).orElseThrow().snrDb().orElseThrow());
    assertEquals(Optional.empty(), signals.onLink(0));
  }

  @Test
  void theMeanFollowsWhatHasChangedForGood() {
    for (int i = 0; i < 100; i++) {
      signals.heard(0, 1, Reception.ofStrength(-60));
    }
    for (int i = 0; i < 100; i++) {
      signals.heard(0, 1, Reception.ofStrength(-100));
    }
    Delivery.Signal mate = signals.ofMate(1).orElseThrow();
    assertEquals(-100, mate.rssiMeanDbm().orElseThrow(), 0.1);
    assertTrue(mate.snrDb().isEmpty() && mate.snrMeanDb().isEmpty());
  }
}
