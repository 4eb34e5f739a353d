package starling.zone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import starling.query.Nearest;

/** What to say of a zone that there is not. */
final class Missing {
  private static final int NAMED_MAX = 8;

  private Missing() {}

  /**
   * One sentence.
   *
   * @param path what was asked for
   * @param level of the zone that lacks it, 1 for the root
   * @param names what that zone has instead
   * @param cell whether that zone is a cell
   */
  static String fault(String path, int level, List<String> names, boolean cell) {
    List<String> segments = Arrays.asList(path.substring(1).split("/"));
    int known = Math.min(level, segments.size() - 1);
    String zone = "/" + String.join("/", segments.subList(0, known));
    String wanted = segments.get(known);
    if (cell) {
      boolean node = names.contains(wanted) && segments.size() == known + 1;
      String what = node ? path + " is a node" : "there is no zone " + path;
      return what + ": " + zone + " is a cell, ask for that";
    }
    List<String> shown = new ArrayList<>(names.subList(0, Math.min(NAMED_MAX, names.size())));
    if (names.size() > NAMED_MAX) {
      shown.add((names.size() - NAMED_MAX) + " more");
    }
    String hint = Nearest.hint(wanted, names);
    String inside = names.isEmpty() ? "nothing" : String.join(", ", shown);
    return "there is no zone " + path + ": in " + zone + " there is " + inside + hint;
  }
}
