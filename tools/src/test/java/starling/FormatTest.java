package starling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nobody discusses layout: google-java-format decides. */
class FormatTest {
  @Test
  void everyJavaFileIsAsTheFormatterWritesIt() throws Exception {
    List<Path> files = Repository.javaFiles();
    assertFalse(files.isEmpty(), "no Java files under " + Repository.root());
    List<String> wrong = new ArrayList<>();
    for (Path file : files) {
      if (!isFormatted(file)) {
        wrong.add(Repository.root().relativize(file).toString());
      }
    }
    assertEquals(
        List.of(), wrong, "not formatted; fix with: tools/format " + String.join(" ", wrong));
  }

  private static boolean isFormatted(Path file) throws Exception {
    String source = Files.readString(file);
    try {
      return new Formatter().formatSourceAndFixImports(source).equals(source);
    } catch (FormatterException e) {
      throw new AssertionError("cannot parse " + file + ": " + e.getMessage(), e);
    }
  }
}
