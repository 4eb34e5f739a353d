package starling.trial;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import starling.model.Answer;
import starling.model.Channel;
import starling.model.Delivery;
import starling.model.Schema;
import starling.query.Labels;
import starling.query.Origin;
import starling.query.Partial;
import starling.query.Plan;
import starling.query.Query;
import starling.query.QueryException;
import starling.sensor.Recording;

/**
 * A query and a recording: each station is a node of one cell, and each row of the file ends a
 * window. A station without a value contributes all the same, as a node does whose sensor fails.
 */
public final class Trial {
  private static final String CELL = "/recording";
  private static final int ZONE = 1;

  private final Plan plan;
  private final Schema schema;
  private final Channel channel;
  private final Recording recording;
  private final Labels labels =
      new Labels() {
        @Override
        public String cell(int zone) {
          return CELL;
        }

        @Override
        public String node(int zone, int slot) {
          return CELL + "/" + recording.stations().get(slot);
        }
      };

  /**
   * Checks a query against what was recorded.
   *
   * @param channel what the recording is of
   * @throws QueryException the query can't be answered from it
   */
  public Trial(Query query, Channel channel, Recording recording) throws QueryException {
    this.channel = channel;
    this.recording = recording;
    this.schema = new Schema(1, List.of(channel));
    this.plan = Plan.of(query, List.of(schema));
  }

  /** The answers' names, those of groups among them. */
  public List<String> columns() {
    return plan.query().columns().stream()
        .flatMap(column ->
            plan.units().containsKey(column)
                ? List.of(column).stream()
                : plan.units().keySet().stream().filter(name -> name.startsWith(column + "_")))
        .toList();
  }

  /** The answers, window by window; as a gateway would be told them. */
  public List<Delivery.Result> windows() {
    List<Delivery.Result> windows = new ArrayList<>();
    for (int row = 0; row < recording.rows(); row++) {
      long endMillis = recording.timeMillis(row);
      long startMillis = row == 0 ? endMillis - lengthMillis() : recording.timeMillis(row - 1);
      if (plan.query().isDue(startMillis, endMillis)) {
        windows.add(window(row, startMillis, endMillis));
      }
    }
    return windows;
  }

  private long lengthMillis() {
    return recording.rows() == 1 ? 1 : recording.timeMillis(1) - recording.timeMillis(0);
  }

  private Delivery.Result window(int row, long startMillis, long endMillis) {
    Partial state = plan.empty();
    List<String> stations = recording.stations();
    for (int slot = 0; slot < stations.size(); slot++) {
      Origin origin = new Origin(ZONE, slot, CELL, stations.get(slot), false, false);
      OptionalDouble value = recording.value(row, slot);
      boolean measured = value.isPresent() && channel.accepts(value.getAsDouble());
      long[] steps = {measured ? channel.steps(value.getAsDouble()) : 0};
      state = state.add(schema, steps, measured ? 1 : 0, origin);
    }
    SortedMap<String, Double> numbers = new TreeMap<>(state.results());
    SortedMap<String, Answer> others = new TreeMap<>(state.answers(labels));
    others.keySet().removeAll(numbers.keySet());
    SortedMap<String, String> units = new TreeMap<>(plan.units());
    units.keySet().removeIf(name -> !numbers.containsKey(name) && !others.containsKey(name));
    int nodes = stations.size();
    return new Delivery.Result(
        CELL, "try", startMillis, endMillis, numbers, others, units, nodes, nodes, 0, nodes, 0);
  }
}
