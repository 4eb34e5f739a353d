package starling.node;

import java.util.List;
import java.util.Map;
import starling.engine.Local;

/**
 * What a line on a control socket asks for.
 *
 * <pre>
 * {"zones":"/orchard/north","query":"climate","timeout_s":30}      all optional: the root, all queries, 30
 * {"sleep_s":600}                                                  0 ends sleep before its time
 * </pre>
 */
sealed interface ControlRequest {
  /** What can be said at all. */
  List<String> KEYS = List.of("zones", "query", "timeout_s", "sleep_s");

  int TIMEOUT_DEFAULT_SECONDS = 30;
  int TIMEOUT_MAX_SECONDS = 3600;

  /** The rows inside a zone; the root's if its path is empty. */
  record Rows(String zone, String query, long timeoutMillis) implements ControlRequest {}

  /** Silence that neighbours are told of; 0 s ends it. */
  record Sleep(int seconds) implements ControlRequest {
    Local said() {
      return seconds == 0 ? new Local.Awake() : new Local.Sleep(seconds * 1000L);
    }
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException it says no request
   */
  static ControlRequest read(String line) {
    Map<String, String> members = Json.flat(line);
    for (String name : members.keySet()) {
      if (!KEYS.contains(name)) {
        throw new IllegalArgumentException(
            "unknown key " + name + "; there are " + String.join(", ", KEYS));
      }
    }
    if (members.containsKey("sleep_s")) {
      return sleep(members);
    }
    int seconds =
        Integer.parseInt(
            members.getOrDefault("timeout_s", String.valueOf(TIMEOUT_DEFAULT_SECONDS)));
    if (seconds < 1 || seconds > TIMEOUT_MAX_SECONDS) {
      throw new IllegalArgumentException("timeout_s is 1 to " + TIMEOUT_MAX_SECONDS);
    }
    String zone = members.getOrDefault("zones", "");
    return new Rows(zone, members.getOrDefault("query", ""), seconds * 1000L);
  }

  private static Sleep sleep(Map<String, String> members) {
    int seconds = Integer.parseInt(members.getOrDefault("sleep_s", ""));
    long max = Local.Sleep.MILLIS_MAX / 1000;
    if (members.size() > 1 || seconds < 0 || seconds > max) {
      throw new IllegalArgumentException("sleep_s stands alone, and is 0 to " + max);
    }
    return new Sleep(seconds);
  }
}
