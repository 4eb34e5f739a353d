package starling.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.link.pty.Pty;

class StatusCommandTest {
  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int status(String... words) {
    out.reset();
    err.reset();
    List<String> all = new java.util.ArrayList<>(List.of("status"));
    all.addAll(List.of(words));
    return StatusCommand.run(
        all.toArray(String[]::new),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private Path file() {
    return directory.resolve("status.json");
  }

  @Test
  void aNodeSaysHowItIsToAnybody() throws Exception {
    Path radio = directory.resolve("ttyRADIO");
    try (Pty port = Pty.open()) {
      port.linkAt(radio);
      Path configuration = Solo.write(directory, radio);
      NodeSettings settings =
          NodeSettings.of(Configuration.read(configuration, List.of(), NodeSettings.KEYS), true);
      try (Node _ = Node.start(settings, _ -> {}, Optional.of(new StatusFile(file())))) {
        Eventually.holds(
            "a status",
            () ->
                Files.exists(file()) && Files.readString(file()).contains("\"state\":\"joined\""));
        assertEquals(0, status("--file", file().toString(), "--json"), err.toString());
        String object = out.toString(StandardCharsets.UTF_8);
        assertTrue(object.contains("\"node\":\"/rehearsal/stage/actor\""), object);
        assertTrue(object.contains("\"port\":\"" + radio + "\""), object);
        assertEquals(0, status("--file", file().toString()));
        String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(text.startsWith("/rehearsal/stage/actor: joined\n"), text);
        assertTrue(text.contains(settings.id().toString()), text);
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file()));
        assertEquals("rw-r--r--", mode);
      }
      assertFalse(Files.exists(file()), "a node that was stopped says nothing");
    }
  }

  @Test
  void aRadioThatIsNotThereIsNamedWithThePortsThatAre() throws Exception {
    Path configuration = Solo.write(directory, Path.of("/dev/ttyNOT0"));
    NodeSettings settings =
        NodeSettings.of(Configuration.read(configuration, List.of(), NodeSettings.KEYS), true);
    try (Node _ = Node.start(settings, _ -> {}, Optional.of(new StatusFile(file())))) {
      Eventually.holds(
          "a status",
          () -> Files.exists(file()) && Files.readString(file()).contains("Ports here: "));
      assertEquals(1, status("--file", file().toString()));
      String text = out.toString(StandardCharsets.UTF_8);
      assertTrue(text.contains(": no medium\n"), text);
      assertTrue(text.contains("no serial port /dev/ttyNOT0: is the radio plugged in?"), text);
    }
  }

  @Test
  void whereNoNodeRunsThatIsSaid() throws Exception {
    assertEquals(1, status("--file", file().toString()));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("no node runs here"));
    Files.writeString(file(), "{}");
    Files.setLastModifiedTime(file(), FileTime.fromMillis(System.currentTimeMillis() - 300_000));
    assertEquals(1, status("--file", file().toString()));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("last written 5 min ago"));
    assertEquals(2, status("--verbose"));
    assertEquals(2, status("--file"));
    assertEquals(0, status("--help"));
    assertTrue(out.toString(StandardCharsets.UTF_8).contains("Example:"));
  }
}
