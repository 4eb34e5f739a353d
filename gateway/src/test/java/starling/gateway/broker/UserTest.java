package starling.gateway.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserTest {
  @Test
  void aUserWithoutRightsMayDoEverything() {
    User user = User.parse("  field   green ");
    assertEquals("field", user.name());
    assertTrue(user.hasPassword("green"));
    assertFalse(user.hasPassword("greens"));
    assertTrue(user.mayWrite("a/b") && user.mayRead("#"));
    assertFalse(user.toString().contains("green"));
  }

  @Test
  void whoHasNoPasswordHasNone() {
    User user = User.parse("n17 - all starling-air/#");
    assertEquals(Optional.empty(), user.password());
    assertFalse(user.hasPassword("-") || user.hasPassword(""));
  }

  @ParameterizedTest
  @CsvSource({
    "a/#, a, true",
    "a/#, a/b/c, true",
    "a/#, a/#, true",
    "a/#, a/+/c, true",
    "a/#, #, false",
    "a/#, +/b, false",
    "a/#, ab, false",
    "a/+, a/b, true",
    "a/+, a/+, true",
    "a/+, a/#, false",
    "a/+, a, false",
    "a/+, a/b/c, false",
    "a/b, a/b, true",
    "a/b, a/+, false",
    "#, a, true",
    "#, #, true",
    "#, $SYS/x, false",
    "+/x, $SYS/x, false"
  })
  void aRightCoversWhatItsFilterMatchesAndNothingElse(String filter, String wanted, boolean may) {
    User user = User.parse("desk blue read " + filter);
    assertEquals(may, user.mayRead(wanted));
    assertFalse(user.mayWrite(wanted));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "field",
        "field green read",
        "field green hear a/#",
        "field green read a/#/b",
        "f p all a+"
      })
  void whatIsNoUserIsRefusedWithoutItsPassword(String line) {
    String why = assertThrows(IllegalArgumentException.class, () -> User.parse(line)).getMessage();
    assertFalse(why.contains("green"), why);
  }
}
