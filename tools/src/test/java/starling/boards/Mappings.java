package starling.boards;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where a process's memory is, by {@code /proc/PID/smaps} (proc(5)): for each file that is mapped,
 * and for what is no file's by what may be done with it.
 */
final class Mappings {
  private static final int PATH_AT = 5;
  private static final int SHOWN_MAX = 8;
  private static final double MB = 1.024 / 1000;

  private final Map<String, long[]> kib = new TreeMap<>(); // resident, its share, anonymous

  Mappings(String smaps) {
    long[] of = new long[3];
    for (String line : smaps.lines().toList()) {
      String[] words = line.strip().split("\\s+", PATH_AT + 1);
      if (words[0].contains("-")) {
        String name = words.length > PATH_AT ? words[PATH_AT] : "";
        Path file = Path.of(name.isEmpty() ? "no file, " + words[1] : name);
        of = kib.computeIfAbsent(file.getFileName().toString(), _ -> new long[3]);
      } else {
        switch (words[0]) {
          case "Rss:" -> of[0] += Long.parseLong(words[1]);
          case "Pss:" -> of[1] += Long.parseLong(words[1]);
          case "Anonymous:" -> of[2] += Long.parseLong(words[1]);
          default -> {}
        }
      }
    }
  }

  /** What of it is this process's by right, where several share a page. */
  double pssMb() {
    return kib.values().stream().mapToLong(one -> one[1]).sum() * MB;
  }

  @Override
  public String toString() {
    return kib.entrySet().stream()
        .sorted(Comparator.comparingLong(one -> -one.getValue()[0]))
        .limit(SHOWN_MAX)
        .map(one ->
            String.format(
                Locale.ROOT,
                "%s %.1f MB (%.1f of it its own)",
                one.getKey(),
                one.getValue()[0] * MB,
                one.getValue()[2] * MB))
        .collect(Collectors.joining("; "));
  }
}
