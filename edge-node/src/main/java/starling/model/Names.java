package starling.model;

import java.util.regex.Pattern;

/**
 * What may be a path segment, a query's name, a site's name: it becomes an MQTT topic level and a
 * Home Assistant id.
 */
public final class Names {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,31}");

  private Names() {}

  /** Answers the name, or throws with what is allowed. */
  public static String check(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "names are lower-case letters, digits, '-' and '_', 1 to 32 of them: '" + name + "'");
    }
    return name;
  }
}
