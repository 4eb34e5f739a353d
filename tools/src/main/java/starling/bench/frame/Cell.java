package starling.bench.frame;

import java.util.List;
import java.util.Map;
import java.util.Set;
import starling.charter.Draft;
import starling.charter.Operator;
import starling.frame.Keyring;
import starling.model.Channel;
import starling.model.Charter;
import starling.model.Member;
import starling.model.Page;
import starling.model.Schema;
import starling.node.KeyFile;

/**
 * A radio cell of nodes that measure four things each minute.
 *
 * @param page the cell's, of the charter's pages
 * @param operator who could have signed them
 */
record Cell(Charter charter, Page.Cell page, Operator operator, Keyring keyring) {
  static final long WINDOW_NANOS = 60_000_000_000L;

  /** A window's boundary. */
  static final long START_NANOS = 28_333_334 * WINDOW_NANOS;

  /** What each measures, always the same. */
  static final Map<String, Double> READINGS =
      Map.of("air_temperature", 21.37, "air_humidity", 48.2, "load", 0.25, "memory", 37.5);

  private static final String PATH = "/bench/cell";
  private static final Schema SCHEMA =
      new Schema(
          1,
          List.of(
              new Channel("air_temperature", "Cel", 2, -60, 60),
              new Channel("air_humidity", "%", 1, 0, 100),
              new Channel("load", "1", 2, 0, 1000),
              new Channel("memory", "%", 1, 0, 100)));

  static Cell create() {
    return create(2);
  }

  /** One of so many members. */
  static Cell create(int members) {
    Draft draft =
        new Draft("bench", WINDOW_NANOS / 1_000_000)
            .schema(SCHEMA)
            .query("q", "SELECT AVG(air_temperature), MAX(load), COUNT(*) FROM readings")
            .cell(PATH, Page.Medium.BROADCAST);
    for (int slot = 0; slot < members; slot++) {
      byte[] key = KeyFile.generate().publicKey();
      draft.node(PATH + "/n" + slot, key, SCHEMA.number(), Set.of(Draft.Duty.SENSES));
    }
    Charter charter = draft.charter();
    Page.Cell page =
        charter.pages().keySet().stream()
            .flatMap(zone -> charter.cell(zone).stream())
            .findFirst()
            .orElseThrow();
    return new Cell(
        charter,
        page,
        new Operator(KeyFile.generate().publicKey()),
        Keyring.of(0, new byte[Keyring.KEY_BYTES]));
  }

  DrivenNode node(int slot) {
    Member member = page.member(slot).orElseThrow();
    return new DrivenNode(this, member);
  }
}
