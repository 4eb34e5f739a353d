package starling.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.predict.Every;
import starling.predict.Field;
import starling.predict.Gossip;
import starling.predict.Tree;

/**
 * Which radios carry a cell: how often so many nodes can contribute on each, and how many can at a
 * given pace.
 *
 * @param nodes of one cell, on one channel, 2 to {@value #CELL_MAX}
 * @param everyMillis how often they are to contribute
 * @param channels values in a contribution
 * @param loss share of frames lost
 */
record RadioPlan(int nodes, long everyMillis, int channels, double loss) {
  static final int CELL_MAX = 64;

  private static final int REPRESENTATIVES = 3;
  private static final int SMALL_FRAME_BYTES = 51;

  /**
   * One radio.
   *
   * @param nodesMax how many nodes it carries at the pace, 0 if not even two
   * @param use the share of the channel that the cell takes at the pace
   */
  record Row(Presets preset, Every shortest, int nodesMax, double use) {}

  /** A row for each radio. */
  List<Row> rows() {
    return Arrays.stream(Presets.values())
        .filter(preset -> preset.profile().broadcast())
        .map(this::row)
        .toList();
  }

  private Row row(Presets preset) {
    LinkProfile medium = preset.profile();
    Field field = field(medium, nodes);
    int fitting = 0;
    for (int count = 2; count <= CELL_MAX; count++) {
      if (field(medium, count).shortest().millis() > everyMillis) {
        break;
      }
      fitting = count;
    }
    return new Row(preset, field.shortest(), fitting, field.cell().use(everyMillis));
  }

  private Field field(LinkProfile medium, int members) {
    Gossip gossip = new Gossip(Gossip.Mode.PUSH_PULL, members, 1, loss);
    return new Field(new Tree(gossip, CELL_MAX, REPRESENTATIVES), medium, medium, channels);
  }

  private boolean fits(Row row) {
    return row.shortest().millis() <= everyMillis;
  }

  /** The slowest that is fast enough: it reaches farthest. */
  Optional<Row> advice() {
    return rows().stream()
        .filter(this::fits)
        .max(
            Comparator.comparingLong(
                row -> row.preset().profile().airtime().micros(SMALL_FRAME_BYTES)));
  }

  List<Map<String, Object>> objects() {
    List<Map<String, Object>> objects = new ArrayList<>();
    for (Row row : rows()) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("preset", row.preset().profile().name());
      object.put("nodes", nodes);
      object.put("every_ms", everyMillis);
      object.put("fits", fits(row));
      object.put("shortest_every_ms", row.shortest().millis());
      object.put("limit", row.shortest().limit().name().toLowerCase(Locale.ROOT));
      object.put("nodes_max", row.nodesMax());
      object.put("channel_use", Math.round(row.use() * 1e5) / 1e5);
      objects.add(object);
    }
    return objects;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "one cell of %d nodes, %d values each every %d s, %.0f %% of frames lost",
            nodes,
            channels,
            everyMillis / 1000,
            100 * loss));
    lines.add(
        String.format(
            Locale.ROOT,
            "%-12s %5s  %14s  %-8s  %18s  %s",
            "preset",
            "fits",
            "shortest EVERY",
            "limit",
            "nodes at that pace",
            "channel use"));
    rows().forEach(row -> lines.add(line(row)));
    lines.add("");
    lines.add(
        advice()
            .map(row ->
                "take "
                    + row.preset().profile().name()
                    + ": the slowest that is fast enough reaches farthest")
            .orElse(
                "none is fast enough: contribute less often, or make smaller cells, each on a"
                    + " channel of its own"));
    return lines;
  }

  private String line(Row row) {
    return String.format(
        Locale.ROOT,
        "%-12s %5s  %12d s  %-8s  %18s  %10.1f %%",
        row.preset().profile().name(),
        fits(row) ? "yes" : "no",
        row.shortest().millis() / 1000,
        row.shortest().limit().name().toLowerCase(Locale.ROOT),
        row.nodesMax() == 0 ? "none" : row.nodesMax(),
        100 * row.use());
  }
}
