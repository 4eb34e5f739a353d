package starling.flash;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.List;
import java.util.stream.Collectors;

/** Text as three languages want it in quotes. None of it has control characters. */
final class Quoted {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private Quoted() {}

  /** For YAML and TOML, whose double quotes are JSON's. */
  static String text(String text) {
    return GSON.toJson(text);
  }

  /** A list for YAML and TOML. */
  static String list(List<String> texts) {
    return texts.stream().map(Quoted::text).collect(Collectors.joining(", ", "[", "]"));
  }

  /** For a POSIX shell. */
  static String shell(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
