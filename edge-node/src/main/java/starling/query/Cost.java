package starling.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import starling.frame.Sealer;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.model.Charter;
import starling.model.Member;
import starling.model.Page;
import starling.query.Query.Output;
import starling.wire.WireWriter;

/**
 * What a standing query costs on a site: the most bytes of a row at each level of the zone tree,
 * and what the frames that have to carry it hold. Rows of cells and of the zones above them go over
 * the uplink; rows of the zones above a cell come down on the cell's own medium. A row travels
 * whole, in one frame; a frame that introduces its sender has 16 bytes less, and leaves the row to
 * the next one.
 *
 * <pre>
 * zone 2 | window 1 | query 1 | expected v | oldest v | bitmap length 1 | bitmap 8, or reported v | content 4 | state length v
 * </pre>
 *
 * @param levels from the cells up to the root
 * @param carriers by the medium's name
 */
public record Cost(List<Level> levels, SortedMap<String, Carrier> carriers) {
  /** Before a section's body: {@code starling.engine.SectionWriter}. */
  public static final int SECTION_BYTES = 2;

  private static final int ROW_FIXED_BYTES = 2 + 1 + 1 + 1;
  private static final int OLDEST_MAX_BYTES = 3;
  private static final int BITMAP_MAX_BYTES = Member.SLOTS_MAX / Byte.SIZE;
  private static final int CONTENT_BYTES = 4;
  private static final int BINS_MIN = 4;

  /** The most bytes of a row's state on any medium. */
  public static final int STATE_MAX_BYTES = 400;

  /**
   * A row of one level of the tree.
   *
   * @param zone an example of such a zone: the one with most nodes
   * @param nodes how many contribute there, or may: no cell is taken for less than a full one
   * @param headerBytes the row without its state, at most
   * @param parts of the state, by what each is for, at most
   */
  public record Level(String zone, int nodes, int headerBytes, Map<String, Integer> parts) {
    /** The state, at most. */
    public int stateBytes() {
      return parts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The row, at most. */
    public int rowBytes() {
      return headerBytes + stateBytes();
    }
  }

  /**
   * A medium that rows go over.
   *
   * @param largest the level with the largest row that it has to carry
   */
  public record Carrier(LinkProfile medium, Level largest) {
    /** What one of its frames has for a row. */
    public int roomBytes() {
      return capped() ? largest.headerBytes() + STATE_MAX_BYTES : frameRoomBytes();
    }

    private boolean capped() {
      return frameRoomBytes() > largest.headerBytes() + STATE_MAX_BYTES;
    }

    private int frameRoomBytes() {
      return medium.mtuBytes() - Sealer.overheadBytes(false) - SECTION_BYTES;
    }

    /** How long the largest row occupies the medium, in a frame of its own, in microseconds. */
    public long airtimeMicros() {
      return medium.airtime().micros(Math.min(frameBytes(largest), medium.mtuBytes()));
    }

    boolean fits() {
      return largest.rowBytes() <= roomBytes();
    }
  }

  /** The cost of a plan on a charter's site; all of its pages must be at hand. */
  public static Cost of(Plan plan, Charter charter) {
    TreeMap<Integer, Level> byDepth = new TreeMap<>();
    SortedMap<String, LinkProfile> media = new TreeMap<>();
    LinkProfile uplink = Presets.MQTT.profile();
    Level cells = null;
    for (Page page : charter.pages().values()) {
      String path = charter.path(page.zone()).orElse("");
      if (page instanceof Page.Cell cell) {
        media.put(medium(cell).name(), medium(cell));
        cells = cells == null ? cell(plan, path) : cells;
      } else if (page instanceof Page.Inner inner) {
        Level level = inner(plan, path, nodes(inner));
        int depth = charter.ancestors(inner.zone()).size();
        byDepth.merge(depth, level, (a, b) -> b.nodes() > a.nodes() ? b : a);
      }
    }
    List<Level> levels = new ArrayList<>(cells == null ? List.of() : List.of(cells));
    levels.addAll(byDepth.descendingMap().values());
    SortedMap<String, Carrier> carriers = new TreeMap<>();
    if (cells != null) {
      carriers.put(uplink.name(), new Carrier(uplink, largest(levels)));
      List<Level> above = levels.subList(1, levels.size());
      media.forEach(
          (name, medium) -> carriers.putIfAbsent(name, new Carrier(medium, largest(above))));
    }
    return new Cost(List.copyOf(levels), carriers);
  }

  /** The medium that a cell's page names. */
  public static LinkProfile medium(Page.Cell cell) {
    return Presets.named(cell.preset())
        .orElseThrow(() ->
            new IllegalArgumentException(
                "cell "
                    + cell.name()
                    + ": there is no medium "
                    + cell.preset()
                    + "; there are "
                    + String.join(", ", Presets.names())));
  }

  /** A frame with nothing in it but the largest row of an inner zone. */
  static int frameBytes(Plan plan, Page.Inner zone) {
    return frameBytes(inner(plan, zone.name(), nodes(zone)));
  }

  private static int frameBytes(Level level) {
    return level.rowBytes() + Sealer.overheadBytes(false) + SECTION_BYTES;
  }

  private static int nodes(Page.Inner zone) {
    return Math.max(Member.SLOTS_MAX, zone.expected());
  }

  private static Level cell(Plan plan, String path) {
    int nodes = Member.SLOTS_MAX;
    return level(plan, path, nodes, BITMAP_MAX_BYTES);
  }

  private static Level inner(Plan plan, String path, int nodes) {
    return level(plan, path, nodes, WireWriter.varintLength(nodes) + CONTENT_BYTES);
  }

  private static Level level(Plan plan, String path, int nodes, int coverageBytes) {
    Map<String, Integer> parts = plan.stateBytesMaxByPart(nodes);
    int state = parts.values().stream().mapToInt(Integer::intValue).sum();
    int header =
        ROW_FIXED_BYTES
            + WireWriter.varintLength(nodes)
            + OLDEST_MAX_BYTES
            + coverageBytes
            + WireWriter.varintLength(state);
    return new Level(path, nodes, header, parts);
  }

  private static Level largest(List<Level> levels) {
    Level largest = levels.getFirst();
    for (Level level : levels) {
      largest = level.rowBytes() > largest.rowBytes() ? level : largest;
    }
    return largest;
  }

  /**
   * Why a query can't be answered on a site: its largest row does not fit a frame of one of the
   * media that have to carry it. The arithmetic, and what would fit; empty if it fits.
   */
  public static Optional<String> fault(Plan plan, Charter charter) {
    return of(plan, charter).tooSmall().map(small -> arithmetic(small) + advice(plan, charter));
  }

  private Optional<Carrier> tooSmall() {
    return carriers.values().stream()
        .filter(carrier -> !carrier.fits())
        .min(Comparator.comparingInt(Carrier::roomBytes));
  }

  private static String arithmetic(Carrier small) {
    Level level = small.largest();
    String parts =
        level.parts().entrySet().stream()
            .map(part -> part.getKey() + " " + part.getValue())
            .collect(Collectors.joining(", "));
    return "its row of "
        + level.zone()
        + " may take "
        + level.rowBytes()
        + " bytes for "
        + level.nodes()
        + " nodes ("
        + level.headerBytes()
        + " of header, "
        + level.stateBytes()
        + " of state: "
        + parts
        + "), and a frame on "
        + small.medium().name()
        + " carries "
        + small.roomBytes()
        + (small.capped()
            ? ": " + level.headerBytes() + " and the " + STATE_MAX_BYTES + " that a state may have"
            : ": "
                + small.medium().mtuBytes()
                + " less "
                + Sealer.overheadBytes(false)
                + " of header and tag and "
                + SECTION_BYTES
                + " of the section")
        + "; ";
  }

  private static String advice(Plan plan, Charter charter) {
    List<String> ways = new ArrayList<>();
    IntStream.iterate(plan.binsMax() - 1, bins -> bins >= BINS_MIN, bins -> bins - 1)
        .filter(bins -> of(plan.withBins(bins), charter).tooSmall().isEmpty())
        .findFirst()
        .ifPresent(bins -> ways.add("with " + bins + " bins, as in " + example(plan, bins)));
    List<Output> outputs = plan.query().outputs();
    for (Output output : outputs.size() > 1 ? outputs : List.<Output>of()) {
      if (of(plan.without(output), charter).tooSmall().isEmpty()) {
        ways.add("without " + output.name());
      }
    }
    return ways.isEmpty()
        ? "ask for fewer columns, or split it into several queries"
        : "it fits " + String.join(", or ", ways);
  }

  /** A quantile of the plan with so many bins: only quantiles depend on them. */
  private static String example(Plan plan, int bins) {
    Part binned =
        plan.parts().stream()
            .filter(p -> p instanceof Need n && n.bins())
            .findFirst()
            .orElseThrow();
    return "P50(" + binned.text() + ", " + bins + ")";
  }
}
