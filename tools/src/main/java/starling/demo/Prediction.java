package starling.demo;

import java.util.Collection;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.predict.AddressedCell;
import starling.predict.RadioCell;

/**
 * How long zones should take, by the nodes' own model of their media: what is shown beside what was
 * observed.
 *
 * @param loss share of frames that each radio channel loses, 0 to 1
 */
record Prediction(Site site, double loss) {
  private static final LinkProfile RADIO = Configuration.PRESET.profile();
  private static final LinkProfile NETWORK = Presets.MQTT.profile();

  /** From a window's end until the gateway has the zone's complete result. */
  long millis(String zone) {
    return site.cells().stream()
        .filter(cell -> zone.equals(site.root()) || cell.path().equals(zone))
        .mapToLong(this::millis)
        .max()
        .orElse(0);
  }

  /**
   * When a zone's first complete result should be there, Unix milliseconds: windows are aligned, so
   * it is the first one that begins once all the zone's nodes can take part.
   *
   * @param upMillis since when each of its nodes could
   */
  long firstMillis(String zone, Collection<Long> upMillis) {
    long window = site.windowMillis();
    long allUp = upMillis.stream().mapToLong(Long::longValue).max().orElse(0);
    return Math.ceilDiv(allUp, window) * window + window + millis(zone);
  }

  /** A radio cell's result still has to go from its representatives to the gateway. */
  private long millis(Site.Cell cell) {
    int nodes = cell.nodes().size();
    return cell.radio()
        ? new RadioCell(RADIO, nodes, 0, loss).completeMillis(site.windowMillis())
            + AddressedCell.rumourMillis(NETWORK, site.cells().size() * Site.UPLINKS, 0)
        : AddressedCell.rumourMillis(NETWORK, nodes, 0);
  }
}
