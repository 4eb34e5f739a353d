package starling.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  private static final List<String> NODE =
      List.of(
          Path.of(System.getProperty("java.home"), "bin/java").toString(),
          "--enable-native-access=ALL-UNNAMED",
          "-cp",
          System.getProperty("java.class.path"),
          Main.class.getName());

  @Test
  void aNodeSpeaksHearsAndStopsAndNothingIsLeftBehind() throws Exception {
    Program rehearsal = Program.java(Rehearsal.class.getName(), NODE.toArray(String[]::new));
    assertEquals(0, rehearsal.await(), rehearsal.output());
    for (String said : List.of("first frame after ", "link radio is up", "link uplink is up")) {
      assertTrue(rehearsal.output().contains(said), rehearsal.output());
    }
    assertFalse(rehearsal.output().contains("ERROR"), rehearsal.output());
    assertEquals(List.of(), rehearsal.temporaryFiles());
  }

  @Test
  void aProgramThatIsNoNodeFails() throws Exception {
    Program rehearsal = Program.java(Rehearsal.class.getName(), "/bin/false");
    assertEquals(1, rehearsal.await(), rehearsal.output());
  }
}
