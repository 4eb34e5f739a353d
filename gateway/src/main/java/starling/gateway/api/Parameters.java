package starling.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLDecoder;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What stands behind the question mark. What an operation does not know it refuses. */
final class Parameters {
  private static final int LENGTH_MAX = 2048;

  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * Reads them.
   *
   * @param known those that the operation takes
   */
  Parameters(URI uri, List<String> known) throws Problem.Found {
    String query = uri.getRawQuery();
    if (query == null || query.isEmpty()) {
      return;
    }
    if (query.length() > LENGTH_MAX) {
      throw refused("parameters have at most " + LENGTH_MAX + " characters");
    }
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      String name = decoded(equals < 0 ? part : part.substring(0, equals));
      if (!known.contains(name)) {
        String all = known.isEmpty() ? "none" : String.join(", ", known);
        throw refused("no parameter '" + name + "' here; there is " + all);
      }
      if (values.put(name, equals < 0 ? "" : decoded(part.substring(equals + 1))) != null) {
        throw refused(name + " is there twice");
      }
    }
  }

  /** The text of one, or empty. */
  String text(String name) {
    return values.getOrDefault(name, "");
  }

  /** The same, or something else if it is not there. */
  String text(String name, String otherwise) {
    return text(name).isEmpty() ? otherwise : text(name);
  }

  /** A path without a slash at its end, or empty. */
  String path(String name) throws Problem.Found {
    String path = text(name);
    if (!path.isEmpty() && !path.startsWith("/")) {
      throw refused(name + " begins with a slash: /site/zone, not '" + path + "'");
    }
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** A whole number from 0 up. */
  long number(String name, long otherwise) throws Problem.Found {
    String text = text(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw refused(name + " is a whole number, not '" + text + "'");
    }
    return Long.parseLong(text);
  }

  /** Some of several words, separated by commas; all if none is there. */
  Set<Told.Kind> kinds(String name) throws Problem.Found {
    EnumSet<Told.Kind> kinds = EnumSet.noneOf(Told.Kind.class);
    for (String word : text(name).isEmpty() ? new String[0] : text(name).split(",", -1)) {
      try {
        kinds.add(Told.Kind.valueOf(word.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw refused(name + " is zone, node or event, or some of them, not '" + word + "'");
      }
    }
    return kinds.isEmpty() ? EnumSet.allOf(Told.Kind.class) : kinds;
  }

  private static String decoded(String text) throws Problem.Found {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw refused("'" + text + "' is not percent-encoded as it should be");
    }
  }

  static Problem.Found refused(String why) {
    return new Problem.Found(Problem.badRequest(why));
  }
}
