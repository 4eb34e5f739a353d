package starling.charter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ShelfTest {
  private static final byte[] FIRST = {1};
  private static final byte[] SECOND = {2};
  private static final byte[] CHANGE = {3};

  private final Shelf shelf = new Shelf(Map.of(7, FIRST));

  @Test
  void whoHasTheVersionBeforeIsToldWhatHasChangedAndAllOthersTheWhole() {
    shelf.put(7, SECOND, 4, CHANGE);
    assertArrayEquals(CHANGE, shelf.since(7, 4));
    assertArrayEquals(SECOND, shelf.since(7, Shelf.NOTHING));
    assertNull(shelf.since(7, 3), "nobody knows what came between");
    assertNull(shelf.since(8, Shelf.NOTHING));
  }

  @Test
  void aPageOfWhichNothingElseIsKnownEndsWhatWasKnownOfTheOneBefore() {
    shelf.put(7, SECOND, 4, CHANGE);
    shelf.put(7, FIRST);
    assertNull(shelf.since(7, 4));
    assertArrayEquals(FIRST, shelf.page(7));
  }
}
