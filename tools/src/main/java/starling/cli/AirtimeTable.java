package starling.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import starling.link.LinkProfile;
import starling.link.Presets;

/** How long frames take on a medium, and how many an hour its law and its target allow. */
final class AirtimeTable {
  private static final int[] SIZES_BYTES = {24, 51, 100, 150, 222};
  private static final double HOUR_MICROS = 3.6e9;

  private AirtimeTable() {}

  /** A row for each size that the medium takes, the largest last. */
  static List<Map<String, Object>> rows(Presets preset) {
    LinkProfile medium = preset.profile();
    IntStream smaller = IntStream.of(SIZES_BYTES).filter(size -> size < medium.mtuBytes());
    return IntStream.concat(smaller, IntStream.of(medium.mtuBytes()))
        .mapToObj(size -> row(preset, size))
        .toList();
  }

  private static Map<String, Object> row(Presets preset, int bytes) {
    LinkProfile medium = preset.profile();
    long micros = medium.airtime().micros(bytes);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("preset", medium.name());
    row.put("bytes", bytes);
    row.put("airtime_ms", Math.round(micros / 100.0) / 10.0);
    row.put("duty_cycle_max", medium.law().share());
    if (medium.law().limits()) {
      row.put("node_frames_per_hour_law", frames(medium.law().share(), micros));
    }
    row.put("channel_target", medium.channelTarget());
    row.put("cell_frames_per_hour_target", frames(medium.channelTarget(), micros));
    row.put("clear", medium.clear());
    return row;
  }

  private static long frames(double share, long micros) {
    return (long) (share * HOUR_MICROS / micros);
  }

  /** The same for a person. */
  static List<String> lines(Presets preset) {
    LinkProfile medium = preset.profile();
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s: frames of at most %d bytes; law %s; the cell aims at %.0f %% of the channel",
            medium.name(),
            medium.mtuBytes(),
            medium.law(),
            100 * medium.channelTarget()));
    if (medium.clear()) {
      lines.add("frames are authenticated and not encrypted: anybody can read them");
    }
    lines.add("bytes  airtime ms  frames/h a node by law  frames/h a cell by target");
    for (Map<String, Object> row : rows(preset)) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%5s  %10s  %22s  %25s",
              row.get("bytes"),
              row.get("airtime_ms"),
              row.getOrDefault("node_frames_per_hour_law", "-"),
              row.get("cell_frames_per_hour_target")));
    }
    return lines;
  }
}
