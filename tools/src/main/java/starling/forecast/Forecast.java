package starling.forecast;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import starling.link.LinkProfile;
import starling.model.Window;
import starling.predict.Cell;
import starling.predict.Delivered;
import starling.predict.Every;
import starling.predict.Every.Limit;
import starling.predict.Field;
import starling.predict.Gossip;
import starling.predict.RadioCell;
import starling.predict.Rounds;
import starling.predict.Spread;
import starling.predict.Traffic;
import starling.query.ChannelUse;

/**
 * What is to be expected of a field.
 *
 * @param field its nodes, media and zones
 * @param everyMillis how often nodes are asked to contribute
 */
public record Forecast(Field field, long everyMillis) {
  /** Rounds are shown until all know with this probability. */
  private static final double DELIVERED = 0.999;

  /** Windows are as long as asked for, or slower by the pace that the cell keeps. */
  long windowMillis() {
    if (!(field.cell() instanceof RadioCell radio)) {
      return everyMillis;
    }
    List<ChannelUse.Rows> rows = List.of(new ChannelUse.Rows(radio.rowsMicros(), 0));
    ChannelUse use = new ChannelUse(field.medium(), radio.pacedMicros(), rows);
    return everyMillis << use.exponent(everyMillis).orElse(Window.PACE_MAX);
  }

  /** Whether cells gossip by rounds; on a radio channel windows have a plan of slots instead. */
  boolean gossips() {
    return !field.medium().broadcast();
  }

  Gossip gossip() {
    return field.tree().gossip();
  }

  /** Everything as text for people, a line each. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(head());
    if (gossips()) {
      lines.addAll(spread());
      lines.addAll(delivery());
    }
    lines.addAll(window());
    lines.add("");
    lines.add("shortest EVERY  " + seconds(field.shortest().millis()) + limit());
    return lines;
  }

  /** What limits windows, and the shortest one, for people. */
  public List<String> plan() {
    List<String> lines = new ArrayList<>(head());
    Every every = field.shortest();
    Cell cell = field.cell();
    LinkProfile medium = field.medium();
    Traffic traffic = cell.traffic();
    lines.add("");
    lines.add("%-16s%12s   %s".formatted("limit", "EVERY", "because"));
    every
        .shortestMillis()
        .forEach((limit, millis) ->
            lines.add(
                "%-16s%12s   %s"
                    .formatted(
                        limit.name().toLowerCase(Locale.ROOT),
                        seconds(millis),
                        switch (limit) {
                          case WINDOW -> "no site has shorter windows";
                          case PACE ->
                              "nodes slow down: %s of own frames, usual repair, rows / %s of the channel"
                                  .formatted(time(paced(cell)), percent(medium.channelTarget()));
                          case CHANNEL ->
                              "%s of frames a window at this loss / %s of the channel"
                                  .formatted(
                                      time(traffic.micros()), percent(medium.channelTarget()));
                          case SHARE ->
                              "a representative's %s / its share, 1/%d of nine tenths of that"
                                  .formatted(time(traffic.busiestMicros()), cell.members());
                          case LAW ->
                              "a representative's %s / %s"
                                  .formatted(time(traffic.busiestMicros()), medium.law());
                        })));
    lines.add("");
    lines.add("shortest EVERY  " + seconds(every.millis()) + limit());
    if (every.millis() > 3_600_000) {
      lines.add("No site has windows over an hour: make cells smaller, or take a faster radio.");
    }
    return lines;
  }

  private static double paced(Cell cell) {
    return cell instanceof RadioCell radio ? radio.pacedMicros() + radio.rowsMicros() : 0;
  }

  private String limit() {
    Every every = field.shortest();
    double use = field.cell().use(every.millis());
    return " (%s decides; %s of the channel)"
        .formatted(every.limit().name().toLowerCase(Locale.ROOT), percent(use));
  }

  private List<String> head() {
    List<String> levels = field.tree().levels().stream().map(String::valueOf).toList();
    String zones =
        levels.size() == 1
            ? "one cell"
            : "zones of %s from the cells up, %d representatives each"
                .formatted(String.join(", ", levels), field.tree().representatives());
    String media =
        levels.size() == 1 || field.uplink().equals(field.medium())
            ? field.medium().name()
            : field.medium().name() + ", above the cells " + field.uplink().name();
    return List.of(
        "%d nodes: %s".formatted(gossip().members(), zones),
        "%s; %s of frames lost; %d values a contribution"
            .formatted(media, percent(gossip().loss()), field.channels()));
  }

  private List<String> spread() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        "one change, %s, fan-out %d; synchronous rounds of %s, which real nodes don't wait for"
            .formatted(mode(), gossip().fanout(), seconds(field.medium().roundMillis())));
    lines.add(
        "%-16s%8s%6s%6s%10s%8s%14s%10s"
            .formatted("", "rounds", "p50", "p99", "a member", "p99", "frames/node", "at most"));
    shapes()
        .forEach((shape, spread) -> {
          Rounds all = spread.all();
          lines.add(
              "%-16s%8s%6d%6d%10s%8d%14s%10s"
                  .formatted(
                      shape,
                      tenths(all.mean()),
                      all.quantile(0.5),
                      all.quantile(0.99),
                      tenths(spread.member().mean()),
                      spread.member().quantile(0.99),
                      tenths(spread.frames() / gossip().members()),
                      seconds(all.quantile(0.99) * field.medium().roundMillis())));
        });
    lines.add(
        "rows a node keeps  %d (%d with SPREAD ALL)"
            .formatted(field.tree().rows(), field.tree().rowsAll()));
    return lines;
  }

  /** The group that gossips among itself: all, where that is one exact chain, else a cell. */
  private Gossip group() {
    int members = gossip().members();
    return gossip().among(members <= Gossip.EXACT_MAX ? members : field.tree().levels().getFirst());
  }

  private List<String> delivery() {
    List<String> lines = new ArrayList<>();
    int members = group().members();
    lines.add("");
    lines.add("how many of %d know after each round".formatted(members));
    lines.add(
        "%-16s%8s%8s%8s%8s%14s".formatted("round", "mean", "p1", "p50", "p99", "all, chance"));
    List<Delivered> rounds = group().delivery(DELIVERED);
    for (int round = 0; round < rounds.size(); round++) {
      Delivered known = rounds.get(round);
      lines.add(
          "%-16d%8s%8d%8d%8d%14s"
              .formatted(
                  round,
                  tenths(known.mean()),
                  known.quantile(0.01),
                  known.quantile(0.5),
                  known.quantile(0.99),
                  percent(known.all())));
    }
    return lines;
  }

  /** A row a round of gossip, or a moment of a radio cell's window. */
  private List<Map<String, Object>> deliveryRows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    if (field.cell() instanceof RadioCell radio) {
      for (RadioCell.Arrival arrival : radio.delivery(windowMillis())) {
        Map<String, Object> row = row("delivery");
        row.put("group", radio.members());
        row.put("millis", arrival.millis());
        row.put("share", rounded(arrival.share(), 5));
        rows.add(row);
      }
      return rows;
    }
    List<Delivered> rounds = group().delivery(DELIVERED);
    for (int round = 0; round < rounds.size(); round++) {
      Delivered known = rounds.get(round);
      Map<String, Object> row = row("delivery");
      row.put("group", group().members());
      row.put("round", round);
      row.put("known_mean", rounded(known.mean(), 2));
      row.put("known_p1", known.quantile(0.01));
      row.put("known_p50", known.quantile(0.5));
      row.put("known_p99", known.quantile(0.99));
      row.put("all", rounded(known.all(), 5));
      rows.add(row);
    }
    return rows;
  }

  private List<String> window() {
    Cell cell = field.cell();
    Traffic traffic = cell.traffic();
    long window = windowMillis();
    Field.Staleness age = field.staleness(window);
    String slowed = window > everyMillis ? ", slowed from " + seconds(everyMillis) : "";
    double busiest = traffic.busiestMicros() / (1000.0 * window);
    return List.of(
        "",
        "windows of %s%s".formatted(seconds(window), slowed),
        "  each cell is complete          %s after a window's end"
            .formatted(seconds(cell.completeMillis(window))),
        "  the top zone is complete       %s after".formatted(seconds(age.completeMillis())),
        "  age of the newest result       median %s, p95 %s, at most %s"
            .formatted(
                seconds(age.quantileMillis(0.5)),
                seconds(age.quantileMillis(0.95)),
                seconds(age.quantileMillis(1))),
        "  a cell's frames a window       %s: %s own, %s requests, %s answers, %s results"
            .formatted(
                tenths(traffic.frames()),
                tenths(traffic.own()),
                tenths(traffic.requests()),
                tenths(traffic.answers()),
                tenths(traffic.results())),
        "  the channel                    %s of the time, the target is %s"
            .formatted(percent(cell.use(window)), percent(field.medium().channelTarget())),
        "  the busiest node               %s of the time%s".formatted(percent(busiest), law()));
  }

  private String law() {
    double law = field.medium().law().share();
    return law < 1 ? ", the law allows " + percent(law) : "";
  }

  private String mode() {
    return gossip().mode().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How one change spreads, by shape: through the zones, and as if there were none. */
  Map<String, Spread> shapes() {
    Map<String, Spread> shapes = new LinkedHashMap<>();
    if (field.tree().depth() > 1) {
      shapes.put("zones", field.tree().spread());
    }
    shapes.put("flat", gossip().spread());
    return shapes;
  }

  /** Everything as rows of named values; the first names the sort: {@code predict}. */
  public List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    if (gossips()) {
      shapes().forEach((shape, spread) -> rows.add(row(shape, spread)));
    }
    rows.add(windowRow());
    rows.add(planRow());
    rows.addAll(deliveryRows());
    return rows;
  }

  private Map<String, Object> row(String sort) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("predict", sort);
    row.put("nodes", gossip().members());
    row.put("branching", field.tree().branching());
    row.put("depth", field.tree().depth());
    row.put("representatives", field.tree().representatives());
    row.put("loss", gossip().loss());
    row.put("radio", field.medium().name());
    return row;
  }

  private Map<String, Object> row(String shape, Spread spread) {
    Map<String, Object> row = row("spread");
    row.put("shape", shape);
    row.put("mode", mode());
    row.put("fanout", gossip().fanout());
    row.put("rounds_mean", rounded(spread.all().mean(), 2));
    row.put("rounds_p50", spread.all().quantile(0.5));
    row.put("rounds_p99", spread.all().quantile(0.99));
    row.put("member_rounds_mean", rounded(spread.member().mean(), 2));
    row.put("member_rounds_p99", spread.member().quantile(0.99));
    row.put("frames_per_node", rounded(spread.frames() / gossip().members(), 2));
    row.put("round_ms", field.medium().roundMillis());
    row.put("rows_per_node", shape.equals("flat") ? gossip().members() : field.tree().rows());
    return row;
  }

  private Map<String, Object> windowRow() {
    Cell cell = field.cell();
    Traffic traffic = cell.traffic();
    long window = windowMillis();
    Field.Staleness age = field.staleness(window);
    Map<String, Object> row = row("window");
    row.put("channels", field.channels());
    row.put("every_ms", everyMillis);
    row.put("window_ms", window);
    row.put("cell_members", cell.members());
    row.put("cell_complete_ms", cell.completeMillis(window));
    row.put("top_complete_ms", age.completeMillis());
    row.put("age_p50_ms", age.quantileMillis(0.5));
    row.put("age_p95_ms", age.quantileMillis(0.95));
    row.put("age_max_ms", age.quantileMillis(1));
    row.put("frames", rounded(traffic.frames(), 2));
    row.put("frames_own", rounded(traffic.own(), 2));
    row.put("frames_requests", rounded(traffic.requests(), 2));
    row.put("frames_answers", rounded(traffic.answers(), 2));
    row.put("frames_results", rounded(traffic.results(), 2));
    row.put("airtime_ms", rounded(traffic.micros() / 1000, 1));
    row.put("channel_use", rounded(cell.use(window), 5));
    row.put("channel_target", field.medium().channelTarget());
    row.put("busiest_use", rounded(traffic.busiestMicros() / (1000.0 * window), 5));
    row.put("duty_cycle_max", field.medium().law().share());
    return row;
  }

  /** The shortest window as a row, and what each limit alone would allow. */
  public Map<String, Object> planRow() {
    Every every = field.shortest();
    Map<String, Object> row = row("plan");
    row.put("every_ms", every.millis());
    row.put("limit", every.limit().name().toLowerCase(Locale.ROOT));
    for (Map.Entry<Limit, Long> limit : every.shortestMillis().entrySet()) {
      row.put(limit.getKey().name().toLowerCase(Locale.ROOT) + "_ms", limit.getValue());
    }
    row.put("channel_use", rounded(field.cell().use(every.millis()), 5));
    return row;
  }

  private static String tenths(double value) {
    return String.format(Locale.ROOT, "%.1f", value).replaceFirst("\\.0$", "");
  }

  private static double rounded(double value, int decimals) {
    double power = Math.pow(10, decimals);
    return Math.round(value * power) / power;
  }

  static String percent(double share) {
    String text = String.format(Locale.ROOT, "%.3g", share * 100);
    return (text.contains(".") ? text.replaceAll("\\.?0+$", "") : text) + " %";
  }

  /** Seconds with a decimal where they are few. */
  static String seconds(long millis) {
    if (millis < 1000) {
      return millis + " ms";
    }
    return millis < 100_000
        ? String.format(Locale.ROOT, "%.1f s", millis / 1000.0).replace(".0 s", " s")
        : millis / 1000 + " s";
  }

  private static String time(double micros) {
    return micros < 1e6
        ? String.format(Locale.ROOT, "%.1f ms", micros / 1000)
        : String.format(Locale.ROOT, "%.2f s", micros / 1e6);
  }
}
