package starling.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import starling.engine.Engine;
import starling.engine.LinkStatistics;
import starling.engine.Statistics;
import starling.link.LinkProfile;
import starling.model.Delivery;
import starling.model.NetworkTime;
import starling.sensor.LinuxDriver;
import starling.sensor.Sensor;

/** What a node knows of itself. */
final class Checkup {
  private final long startNanos = System.nanoTime();
  private volatile double boardCelsius = Double.NaN;

  /** Reads the board's temperature, which may block. */
  void feelBoard() {
    try (Sensor board = new LinuxDriver().open(Map.of())) {
      Sensor.Reading temperature = board.read(0).get("host_temperature");
      boardCelsius = temperature == null ? Double.NaN : temperature.value();
    } catch (IOException e) {
      boardCelsius = Double.NaN; // no Linux, or none that says
    }
  }

  /**
   * How the node is now; on the engine's thread.
   *
   * @param names the owner's, of the engine's links
   */
  Delivery.Vitals vitals(
      Engine engine,
      List<String> names,
      List<LinkProfile> profiles,
      Signals signals,
      SortedMap<String, Integer> queues,
      long nowNanos) {
    Statistics statistics = engine.statistics(nowNanos);
    NetworkTime time = engine.facts().time();
    double radioLoss = engine.facts().members().lossPermille() / 1000.0;
    List<LinkStatistics> uses = engine.links(nowNanos);
    List<Delivery.LinkVitals> links = new ArrayList<>();
    for (int i = 0; i < uses.size(); i++) {
      Optional<Delivery.Signal> signal = signals.onLink(i);
      links.add(link(names.get(i), profiles.get(i), uses.get(i), radioLoss, signal));
    }
    return new Delivery.Vitals(
        (nowNanos - startNanos) / 1_000_000,
        time.uncertaintyMicros(nowNanos),
        time.hops(),
        links,
        statistics.framesRefused(),
        statistics.noise(),
        queues,
        Double.isNaN(boardCelsius) ? OptionalDouble.empty() : OptionalDouble.of(boardCelsius));
  }

  private static Delivery.LinkVitals link(
      String name,
      LinkProfile profile,
      LinkStatistics use,
      double radioLoss,
      Optional<Delivery.Signal> signal) {
    return new Delivery.LinkVitals(
        name,
        profile.name(),
        use.up(),
        profile.broadcast() ? OptionalDouble.of(radioLoss) : OptionalDouble.empty(),
        signal,
        use.utilisation(),
        use.budget(),
        use.legalUtilisation(),
        profile.law().share(),
        use.inFlight());
  }
}
