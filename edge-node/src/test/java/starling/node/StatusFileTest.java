package starling.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusFileTest {
  @TempDir Path directory;

  @Test
  void whatALoginPromptShowsIsOnlyWrittenWhenItChanges() throws IOException {
    StatusFile file = new StatusFile(directory.resolve("status.json"));
    write(file, "n1: joined, 1 frame", "n1: joined");
    Object first = prompt();
    write(file, "n1: joined, 2 frames", "n1: joined");
    assertEquals(first, prompt());
    assertEquals("n1: joined, 2 frames", Files.readString(directory.resolve("status.txt")));
    write(file, "n1: no medium, 2 frames", "n1: no medium");
    assertNotEquals(first, prompt());
    assertEquals("n1: no medium", Files.readString(directory.resolve("prompt.txt")));
    file.delete();
    assertFalse(Files.exists(directory.resolve("prompt.txt")));
  }

  private static void write(StatusFile file, String text, String prompt) {
    file.write(new StatusFile.Status(StatusFile.begin("joined", "n1", "0").end('}'), text, prompt));
  }

  /** Which file it is, as each is a new one. */
  private Object prompt() throws IOException {
    return Files.readAttributes(directory.resolve("prompt.txt"), BasicFileAttributes.class)
        .fileKey();
  }
}
