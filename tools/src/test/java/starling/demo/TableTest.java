package starling.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final long START = 1_750_000_000_000L;

  private final Site site = Site.berlin();
  private final Board board = new Board(site);
  private final View.Ready ready =
      new View.Ready(
          URI.create("tcp://127.0.0.1:41883"),
          "berlin",
          new TreeMap<>(site.nodes().stream().collect(Collectors.toMap(Site.Node::path, _ -> 1L))),
          2,
          START);

  @Test
  void beforeAnythingIsHeardEveryZoneHasItsRow() {
    List<String> lines = plain();
    assertEquals(
        """
        Starling at berlin: 23 nodes in 4 cells, running 0:42 of 3:00

                                     ------ air temperature, C -------  --- machine ---  -- took/predicted, s ---
        zone           nodes oldest    avg    min    max stddev    p95  load  mem%    C       window        first
        /berlin         0/23      -      -      -      -      -      -     -     -    -            -            -
        /berlin/north    0/6      -      -      -      -      -      -     -     -    -            -            -
        /berlin/east     0/6      -      -      -      -      -      -     -     -    -            -            -
        /berlin/south    0/5      -      -      -      -      -      -     -     -    -            -            -
        /berlin/city     0/6      -      -      -      -      -      -     -     -    -            -            -
        """
            .stripTrailing(),
        String.join("\n", lines.subList(0, 9)));
  }

  @Test
  void theNewestResultAndTimingAreShown() {
    board.hear(
        Published.aggregate(
            "/berlin/north",
            START,
            6,
            Map.of("avg_air_temperature", 18.346, "min_air_temperature", -3.0, "avg_load", 1.5)));
    board.hear(new Heard.Timing("/berlin/north", START, 6_100, 5_249));
    board.first(new Timekeeper.First("/berlin/north", 28.9, 27));
    assertEquals(
        "/berlin/north    6/6  3.5 s  18.35  -3.00      -      -      -  1.50     -    -     "
            + " 5.2/6.1    28.9/27.0",
        plain().get(5));
  }

  @Test
  void anOlderResultReplacesNothing() {
    board.hear(Published.aggregate("/berlin", START, 20, Map.of()));
    board.hear(Published.aggregate("/berlin", START - 4_000, 23, Map.of()));
    board.hear(Published.aggregate("/berlin", START, 19, Map.of()));
    assertTrue(plain().get(4).contains("20/23"), plain().get(4));
  }

  @Test
  void nodesThatAreMissedAndTheLastWarningsAreNamed() {
    site.nodes().forEach(node -> board.hear(new Heard.NodeState(node.path(), "up")));
    board.hear(new Heard.NodeState("/berlin/north/buch", "suspect"));
    board.hear(new Heard.NodeState("/berlin/no/such", "gone"));
    for (int i = 0; i < 20; i++) {
      board.hear(new Heard.Warning("clone", "node " + i, "seen\u001b[2J twice"));
    }
    List<String> lines = plain();
    assertTrue(lines.contains("suspect /berlin/north/buch"), lines.toString());
    assertTrue(lines.contains("warning clone node 19: seen?[2J twice"), lines.toString());
    assertFalse(lines.toString().contains("node 14"), lines.toString());
    assertFalse(lines.toString().contains("/berlin/no/such"), lines.toString());
  }

  @Test
  void itSaysHowToSubscribe() {
    assertTrue(
        plain().contains("Subscribe:  mosquitto_sub -h 127.0.0.1 -p 41883 -t 'starling/#' -v"));
  }

  @Test
  void noColourMeansNoEscapes() {
    assertFalse(String.join("", plain()).contains("\u001b"));
    assertFalse(Style.of(Map.of("NO_COLOR", "1", "TERM", "xterm")).colour());
    assertFalse(Style.of(Map.of("TERM", "dumb")).colour());
    assertTrue(Style.of(Map.of("TERM", "xterm", "NO_COLOR", "")).colour());
  }

  @Test
  void theScreenIsDrawnOverItself() {
    StringWriter out = new StringWriter();
    Table table = new Table(site, OptionalInt.empty(), Style.PLAIN);
    Screen screen = new Screen(new PrintWriter(out), table, board);
    screen.ready(ready);
    int lines = table.render(ready, board, START).size();
    assertFalse(out.toString().contains("\u001b[" + lines + "A"));
    screen.tick(START + 1000);
    assertTrue(out.toString().contains("\u001b[" + lines + "A"), out.toString());
  }

  private List<String> plain() {
    return new Table(site, OptionalInt.of(180), Style.PLAIN).render(ready, board, START + 42_000);
  }
}
