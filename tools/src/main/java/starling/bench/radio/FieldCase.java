package starling.bench.radio;

import java.util.ArrayList;
import java.util.List;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.progress.Progress;
import starling.simulate.LoneCell;

/** Windows of a cell of 32 on each sort of radio, at the paces that its airtime allows. */
final class FieldCase implements RadioCase {
  private static final int NODES = 32;
  private static final int UPLINKS = 3;
  private static final int CHANNELS = 4;
  private static final int SETTLING = 8;
  private static final int WATCHED = 20;
  private static final double BURST_SECONDS = 300;

  private final List<Field> fields;
  private final int windows;

  /**
   * A field.
   *
   * @param everySeconds how long windows are
   * @param burstSeconds how long a link is bad in the mean, 0 if each frame is lost for itself
   */
  private record Field(
      LinkProfile radio, int nodes, int everySeconds, double loss, double burstSeconds) {
    Loss losses() {
      return burstSeconds > 0 ? new Loss.Spells(loss, burstSeconds) : new Loss.Independent(loss);
    }

    @Override
    public String toString() {
      return "%s, %d nodes, %.0f %% loss".formatted(radio.name(), nodes, loss * 100);
    }
  }

  /** A row: see the columns' names. */
  record FieldRow(
      String preset,
      int nodes,
      int channels,
      double everyS,
      double loss,
      double burstS,
      int windows,
      double completeAtClose,
      double complete2min,
      double stalenessP95S,
      double channelUse,
      String missed)
      implements Row {}

  FieldCase() {
    this(fields(NODES), WATCHED);
  }

  /** The same at another size, and so many windows. */
  FieldCase(int nodes, int windows) {
    this(fields(nodes), windows);
  }

  private FieldCase(List<Field> fields, int windows) {
    this.fields = fields;
    this.windows = windows;
  }

  private static List<Field> fields(int nodes) {
    List<Field> fields = new ArrayList<>();
    for (double burst : new double[] {0, BURST_SECONDS}) {
      for (double loss : new double[] {0.2, 0.4}) {
        fields.add(new Field(Presets.LORA_SF7.profile(), nodes, 60, loss, burst));
        fields.add(new Field(Presets.LORA_SF9.profile(), nodes, 120, loss, burst));
        fields.add(new Field(Presets.LORA_SF12.profile(), nodes, 960, loss, burst));
        fields.add(new Field(Presets.SIK_64K.profile(), nodes, 5, loss, burst));
      }
    }
    return fields;
  }

  @Override
  public String name() {
    return "field";
  }

  @Override
  public List<FieldRow> rows(int seeds, Progress progress) {
    List<FieldRow> rows = new ArrayList<>();
    for (Field field : fields) {
      progress.at((double) rows.size() / fields.size(), field.toString());
      rows.add(row(field, seeds));
    }
    return rows;
  }

  private FieldRow row(Field field, int seeds) {
    Watched watched =
        Watched.of(seed -> cell(field, seed), field.nodes(), SETTLING, windows, seeds);
    return judged(field, seeds, watched);
  }

  private static LoneCell cell(Field field, long seed) {
    LoneCell.Setup setup =
        new LoneCell.Setup(
            field.radio(),
            field.nodes(),
            Math.min(UPLINKS, field.nodes()),
            CHANNELS,
            field.everySeconds() * 1000L,
            field.losses());
    return new LoneCell(setup, seed);
  }

  private FieldRow judged(Field field, int seeds, Watched watched) {
    Freshness freshness = watched.freshness();
    long windowMillis = watched.windowMillis();
    double use = watched.channelUse();
    double atClose = freshness.within(windowMillis);
    double staleness = freshness.stalenessP95Seconds();
    Bars bars = new Bars();
    if (field.radio().equals(Presets.LORA_SF7.profile())) {
      bars.least("complete_at_close", atClose, 0.9995);
      bars.most("staleness_p95_s", staleness, 95);
      bars.most("channel_use", use, field.loss() > 0.2 ? 0.15 : 0.10);
    }
    bars.most("channel_use", use, field.radio().channelTarget());
    return new FieldRow(
        field.radio().name(),
        field.nodes(),
        CHANNELS,
        windowMillis / 1e3,
        field.loss(),
        field.burstSeconds(),
        windows * seeds,
        atClose,
        freshness.within(120_000),
        staleness,
        use,
        bars.missed());
  }
}
