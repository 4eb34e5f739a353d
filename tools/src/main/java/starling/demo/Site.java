package starling.demo;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import starling.model.Channel;
import starling.model.Schema;

/**
 * What the demo consists of.
 *
 * @param name the root zone's name
 * @param windowMillis how often each node contributes, and the query's EVERY; whole seconds
 * @param cells the zones below it, in order
 */
record Site(String name, long windowMillis, List<Cell> cells) {
  /** How many nodes of a radio cell can also reach the broker, and so represent the cell. */
  static final int UPLINKS = 2;

  /** What the stations measured, in the repository. */
  static final String RECORDING = "tools/data/berlin-2019-06.csv";

  /** The one query that the demo asks. */
  static final String QUERY = "climate";

  /** What the stations recorded, as the nodes say it. */
  static final Channel WEATHER = new Channel("air_temperature", "Cel", 2, -60, 60);

  /** What a node's readings consist of. */
  static final Schema SCHEMA =
      new Schema(
          1,
          List.of(
              WEATHER,
              new Channel("load", "1", 2, 0, 1000),
              new Channel("memory", "%", 1, 0, 100),
              new Channel("host_temperature", "Cel", 1, -40, 150)));

  Site {
    cells = List.copyOf(cells);
  }

  /**
   * Berlin's weather stations, one a node, by where they stand: the outskirts on three radio
   * channels, the city on a network.
   */
  static Site berlin() {
    return new Site(
        "berlin",
        4_000,
        List.of(
            radio(
                "/berlin/north",
                "buch",
                "airporttxl",
                "spandauer",
                "zehdenick",
                "neuruppin",
                "berge"),
            radio(
                "/berlin/east",
                "marzahn",
                "koepenick",
                "kaniswall",
                "brandenburg",
                "muencheberg",
                "lindenberg"),
            radio("/berlin/south", "dahlem", "dahlemerfeld", "jagen91", "potsdam", "baruth"),
            network(
                "/berlin/city",
                "tiergarten",
                "dessauer",
                "bamberger",
                "airportthf",
                "albrecht",
                "rothenburg")));
  }

  /** The query's text. */
  String queryText() {
    return "SELECT AVG(air_temperature), MIN(air_temperature), MAX(air_temperature),"
        + " STDDEV(air_temperature), P95(air_temperature), COUNT(*),"
        + " AVG(load), AVG(memory), MAX(host_temperature) FROM readings EVERY "
        + windowMillis / 1000
        + " s";
  }

  /** The path of the zone of all. */
  String root() {
    return "/" + name;
  }

  /** The gateway is a member of the city, without readings of its own. */
  String gateway() {
    return root() + "/city/gate";
  }

  /** Every node that has readings, cell by cell. */
  List<Node> nodes() {
    return cells.stream().flatMap(cell -> cell.nodes().stream()).toList();
  }

  /** The root zone, then its cells. */
  List<String> zones() {
    return Stream.concat(Stream.of(root()), cells.stream().map(Cell::path)).toList();
  }

  /** The nodes below a zone. */
  List<Node> nodesOf(String zone) {
    return nodes().stream().filter(node -> node.path().startsWith(zone + "/")).toList();
  }

  /** A cell on a radio channel; its first nodes reach the broker too. */
  static Cell radio(String path, String... stations) {
    return new Cell(
        path,
        true,
        IntStream.range(0, stations.length)
            .mapToObj(i -> new Node(path + "/" + stations[i], stations[i], true, i < UPLINKS))
            .toList());
  }

  /** A cell that meets at the broker. */
  static Cell network(String path, String... stations) {
    return new Cell(
        path,
        false,
        Stream.of(stations)
            .map(station -> new Node(path + "/" + station, station, false, true))
            .toList());
  }

  /**
   * Nodes on one medium.
   *
   * @param path the zone's path
   * @param radio whether they share a radio channel; else they meet at the broker
   */
  record Cell(String path, boolean radio, List<Node> nodes) {
    Cell {
      nodes = List.copyOf(nodes);
    }
  }

  /**
   * One sensor node.
   *
   * @param path the cell's path and the station's name
   * @param station whose recorded weather it measures
   * @param radio whether it has a radio on its cell's channel
   * @param uplink whether it reaches the broker
   */
  record Node(String path, String station, boolean radio, boolean uplink) {}
}
