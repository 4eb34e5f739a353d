package starling.gateway.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RivalsTest {
  private final Rivals b = new Rivals("b");

  @Test
  void theFirstByNameOfThoseThatAreOnlineAndHoldAZonePublishesIt() {
    assertTrue(b.hold("/berlin"));
    assertTrue(b.hold("/berlin/north"));
    assertFalse(b.hold("/berlin"));
    assertEquals(List.of("/berlin", "/berlin/north"), b.publishes());
    heard("a", List.of("/berlin"), List.of());
    assertEquals(0, b.before("/berlin"), "it has not been said to be there");
    assertTrue(b.heard("a", "status", Payloads.status(true)));
    assertFalse(b.heard("a", "status", Payloads.status(true)), "no news");
    assertEquals(List.of("/berlin"), b.standsBy());
    assertEquals(List.of("/berlin/north"), b.publishes());
    heard("aa", List.of(), List.of("/berlin"));
    b.heard("aa", "status", Payloads.status(true));
    heard("c", List.of("/berlin"), List.of());
    b.heard("c", "status", Payloads.status(true));
    assertEquals(2, b.before("/berlin"), "those after it by name do not count");
    b.heard("a", "status", Payloads.status(false));
    b.heard("aa", "status", Payloads.status(false));
    assertEquals(0, b.before("/berlin"));
    b.leave("/berlin/north"::equals);
    assertEquals(List.of("/berlin"), b.publishes());
  }

  @Test
  void whatIsNoInfoSaysNothingAndOthersAreBounded() {
    b.heard("a", "status", Payloads.status(true));
    for (String info :
        List.of(
            "", "[]", "{", "null", "{\"publishes\":3}", "{\"publishes\":[{}]}", "[".repeat(9999))) {
      b.heard("a", "info", info.getBytes(UTF_8));
      assertEquals(0, b.before("/berlin"), info);
    }
    for (int i = 0; i < 2 * Rivals.RIVALS_MAX; i++) {
      b.heard("a" + i, "status", Payloads.status(true));
      heard("a" + i, List.of("/berlin"), List.of());
    }
    assertEquals(Rivals.RIVALS_MAX - 1, b.before("/berlin"));
    for (int i = 0; i < 2 * Rivals.ZONES_MAX; i++) {
      b.hold("/berlin/z" + i);
    }
    assertEquals(Rivals.ZONES_MAX, b.publishes().size());
  }

  private void heard(String name, List<String> publishes, List<String> standsBy) {
    b.heard(name, "info", Payloads.info(name, "1", 0, publishes, standsBy));
  }
}
