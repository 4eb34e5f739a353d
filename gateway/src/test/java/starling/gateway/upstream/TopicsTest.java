package starling.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
  private final Topics topics = new Topics("berlin");

  @Test
  void pathsBelowTheRootZoneBecomeLevels() {
    assertEquals("starling/berlin/zone/climate", topics.zone("/berlin", "climate"));
    assertEquals("starling/berlin/zone/north/climate", topics.zone("/berlin/north", "climate"));
    assertEquals("starling/berlin/zone/a/b-2/c_3/q", topics.zone("/berlin/a/b-2/c_3", "q"));
    assertEquals("starling/berlin/node/north/n7/latest", topics.node("/berlin/north/n7", "latest"));
    assertEquals("starling/berlin/gateway/gw1/status", topics.gateway("gw1", "status"));
    assertEquals("starling/berlin/event/warning", topics.event("warning"));
    assertEquals("starling/berlin/zone/#", topics.zones());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "berlin",
        "berlin/a",
        "//berlin",
        "/hamburg",
        "/hamburg/a",
        "/berlinx",
        "/berlin/",
        "/berlin//a",
        "/berlin/+",
        "/berlin/#",
        "/berlin/A",
        "/berlin/a b",
        "/berlin/ä",
        "/berlin/a\u0000",
        "/berlin/..",
        "/berlin/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a"
      })
  void otherPathsAreRefused(String path) {
    assertThrows(IllegalArgumentException.class, () -> topics.zone(path, "climate"));
    assertThrows(IllegalArgumentException.class, () -> topics.node(path, "latest"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "+", "#", "A", "$sys", "a b", "é"})
  void otherNamesAreRefused(String name) {
    assertThrows(IllegalArgumentException.class, () -> topics.zone("/berlin", name));
    assertThrows(IllegalArgumentException.class, () -> topics.gateway(name, "status"));
    assertThrows(IllegalArgumentException.class, () -> topics.event(name));
    assertThrows(IllegalArgumentException.class, () -> new Topics(name));
  }

  @Test
  void theRootZoneIsNoNode() {
    assertThrows(IllegalArgumentException.class, () -> topics.node("/berlin", "latest"));
  }
}
