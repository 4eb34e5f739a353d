package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.link.pty.Pty;

class PortAdviceTest {
  @Test
  void theProcessThatHoldsThePortIsNamed(@TempDir Path directory) throws Exception {
    try (Pty pty = Pty.open()) {
      Path link = directory.resolve("radio");
      pty.linkAt(link);
      assertEquals(Optional.empty(), PortAdvice.holder(link.toString()));
      Process holder =
          new ProcessBuilder("sleep", "60").redirectInput(pty.slave().toFile()).start();
      try {
        String advice = PortAdvice.busy(link.toString());
        assertTrue(advice.contains("(pid " + holder.pid() + ")"), advice);
      } finally {
        holder.destroy();
        holder.waitFor();
      }
    }
  }

  @Test
  void aForbiddenPortNamesTheGroupToJoin(@TempDir Path directory) throws Exception {
    Path port = Files.createFile(directory.resolve("port"));
    String group = Files.getAttribute(port, "posix:group").toString();
    assertTrue(PortAdvice.forbidden(port.toString()).contains("usermod -aG " + group + " "));
    assertTrue(PortAdvice.forbidden("/nowhere").contains("usermod -aG dialout "));
  }

  @Test
  void aFileThatIsNoPortIsSaidToBeNone(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("notes"), "kept");
    IOException e =
        assertThrows(IOException.class, () -> JsscPort.open(file.toString(), 57_600).close());
    assertEquals(PortAdvice.notSerial(file.toString()), e.getMessage());
  }
}
