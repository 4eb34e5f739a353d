package starling.charter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import starling.charter.Draft.Duty;
import starling.link.Presets;
import starling.model.Channel;
import starling.model.Charter;
import starling.model.Member;
import starling.model.Page;
import starling.model.Schema;

class DraftTest {
  private static final Set<Duty> SENSES = EnumSet.of(Duty.SENSES);

  private static byte[] key(int of) {
    byte[] key = new byte[32];
    key[0] = (byte) of;
    return key;
  }

  private static Charter first() {
    return new Draft("site", 4_000)
        .cell("/site/hill/left", Page.Medium.BROADCAST)
        .cell("/site/hill/right", Page.Medium.BROADCAST)
        .cell("/site/city", Page.Medium.ADDRESSED)
        .node("/site/hill/left/a", key(1), 1, SENSES)
        .node("/site/hill/left/b", key(2), 1, SENSES)
        .node("/site/city/c", key(3), 1, SENSES)
        .charter();
  }

  private static int zone(Charter charter, String path) {
    return charter.pages().keySet().stream()
        .filter(id -> charter.path(id).orElse("").equals(path))
        .findFirst()
        .orElseThrow();
  }

  private static Member member(Charter charter, String cell, String name) {
    return charter.cell(zone(charter, cell)).orElseThrow().members().stream()
        .filter(m -> m.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aBranchHoldsWhatANodeNeedsAndSaysWhatIsNotThere() {
    Charter branch = first().branch(zone(first(), "/site/hill/left"));
    assertEquals(4, branch.pages().size(), "the site's, the root's, hill's and left's");
    for (String there :
        new String[] {
          "/site",
          "/site/hill",
          "/site/city",
          "/site/hill/left/b",
          "/site/hill/right/unknown",
          "/site/city/c"
        }) {
      assertFalse(branch.excludes(there), there);
    }
    for (String nowhere :
        new String[] {
          "/site/dale",
          "/site/dale/left/a",
          "/site/hill/a",
          "/site/hill/left/c",
          "/site/hill/left/b/x"
        }) {
      assertTrue(branch.excludes(nowhere), nowhere);
    }
    Charter renamed = Draft.of(first()).rename("/site/hill/left/b", "c").charter();
    Charter halfway = branch.with(renamed.inner(zone(renamed, "/site/hill")).orElseThrow());
    assertFalse(halfway.excludes("/site/hill/left/c"), "that page is outdated");
    assertTrue(renamed.excludes("/site/hill/left/b"));
    assertFalse(Charter.EMPTY.excludes("/site/hill"));
  }

  @Test
  void aChangeIsSignedAnewFromItsCellUpToTheSiteAndNowhereElse() {
    Charter before = first();
    Charter after = Draft.of(before).node("/site/hill/left/d", key(4), 1, SENSES).charter();
    for (String changed : new String[] {"/site/hill/left", "/site/hill", "/site"}) {
      assertEquals(2, after.version(zone(after, changed)), changed);
    }
    for (String same : new String[] {"/site/hill/right", "/site/city"}) {
      assertEquals(1, after.version(zone(after, same)), same);
    }
    assertEquals(2, after.version(Page.SITE));
    assertEquals(before, Draft.of(before).charter(), "no change, no signature");
  }

  @Test
  void whoHoldsThePageAboveKnowsWhichPagesAreOutdated() {
    Charter before = first();
    Charter after = Draft.of(before).node("/site/hill/left/d", key(4), 1, SENSES).charter();
    Charter half =
        before.with(after.site().orElseThrow()).with(after.inner(Page.ROOT).orElseThrow());
    int hill = zone(after, "/site/hill");
    int left = zone(after, "/site/hill/left");
    assertEquals(2, half.newest(hill));
    assertEquals(1, half.version(hill));
    assertEquals(1, half.newest(left), "the page that would name it is outdated itself");
    assertEquals(2, half.with(after.inner(hill).orElseThrow()).newest(left));
  }

  @Test
  void aSlotThatChangesHandsRestsOnce() {
    Charter before = first();
    int slot = member(before, "/site/hill/left", "a").slot();
    Charter next =
        Draft.of(before)
            .retire("/site/hill/left/a")
            .node("/site/hill/left/e", key(5), 1, SENSES)
            .charter();
    assertTrue(member(next, "/site/hill/left", "e").slot() != slot);
    Charter later = Draft.of(next).node("/site/hill/left/f", key(6), 1, SENSES).charter();
    assertEquals(slot, member(later, "/site/hill/left", "f").slot());
    Charter renamed =
        Draft.of(before)
            .retire("/site/hill/left/a")
            .node("/site/hill/left/renamed", key(1), 1, SENSES)
            .charter();
    assertEquals(slot, member(renamed, "/site/hill/left", "renamed").slot());
  }

  @Test
  void oneKeyHasOnePlace() {
    Draft draft = Draft.of(first());
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> draft.node("/site/city/again", key(2), 1, SENSES));
    assertTrue(String.valueOf(refused.getMessage()).contains("/site/hill/left/b"));
    draft.retire("/site/hill/left/b").node("/site/city/moved", key(2), 1, SENSES);
    assertEquals(3, draft.charter().inner(Page.ROOT).orElseThrow().expected());
  }

  private static final String WIDE =
      "SELECT AVG(t), STDDEV(t), P95(t), MAX(load), COUNT(*) FROM readings";

  private static Draft asking(String query, Presets medium) {
    Channel t = new Channel("t", "Cel", 2, -40, 60);
    return new Draft("site", 4_000)
        .schema(new Schema(1, List.of(t, new Channel("load", "1", 2, 0, 1000))))
        .query("climate", query)
        .cell("/site/north", medium.profile())
        .node("/site/north/a", key(1), 1, SENSES);
  }

  @ParameterizedTest
  @EnumSource(Presets.class)
  void aCellNamesItsMedium(Presets medium) {
    Charter charter = asking("SELECT MAX(t), COUNT(*) FROM readings", medium).charter();
    Page.Cell cell = charter.cell(zone(charter, "/site/north")).orElseThrow();
    assertEquals(medium.profile().name(), cell.preset());
    assertEquals(medium.profile().broadcast(), cell.medium() == Page.Medium.BROADCAST);
    assertEquals(charter, Draft.of(charter).charter());
  }

  @Test
  void aQueryWhoseRowFitsNoFrameOfACellsMediumIsRefusedWithTheArithmetic() {
    asking(WIDE, Presets.SIK_64K).charter();
    String refused =
        assertThrows(IllegalArgumentException.class, asking(WIDE, Presets.LORA_SF12)::charter)
            .getMessage();
    assertEquals(
        "query climate: its row of /site may take 69 bytes for 64 nodes (15 of header, 54 of state:"
            + " count 1, t 49, load 4), and a frame on lora-sf12 carries 33: 51 less 16 of header"
            + " and tag and 2 of the section; it fits without p95_t",
        refused);
  }

  @Test
  void theRefusalNamesWhatWouldFit() {
    String query = "SELECT P95(t), P50(load), COUNT(*) FROM readings";
    String refused =
        assertThrows(IllegalArgumentException.class, asking(query, Presets.LORA_SF9)::charter)
            .getMessage();
    assertTrue(
        refused.endsWith(
            "it fits with 18 bins, as in P50(t, 18), or without p95_t, or without p50_load"),
        refused);
  }

  @Test
  void aQueryThatCanNotRunIsRefusedWithACaret() {
    String refused =
        assertThrows(
                IllegalArgumentException.class,
                asking("SELECT AVG(lod) FROM readings", Presets.MQTT)::charter)
            .getMessage();
    assertTrue(refused.contains("did you mean load?"), refused);
    assertTrue(refused.endsWith("^"), refused);
  }

  @Test
  void aQueryThatItsCellsChannelCanNotHoldIsRefusedWithTheArithmetic() {
    Draft draft =
        new Draft("site", 1_000)
            .schema(new Schema(1, List.of(new Channel("t", "Cel", 2, -40, 60))))
            .cell("/site/north", Presets.LORA_SF12.profile());
    for (int i = 0; i < 4; i++) {
      draft.node("/site/north/n" + i, key(i), 1, SENSES);
    }
    draft.query("slow", "SELECT MAX(t) FROM readings EVERY 128 s").charter();
    for (int i = 0; i < 8; i++) {
      draft.query("q" + i, "SELECT MAX(t), MIN(t) FROM readings EVERY 1 s");
    }
    String refused = assertThrows(IllegalArgumentException.class, draft::charter).getMessage();
    assertTrue(
        refused.matches(
            "query q\\d: on /site/north the channel of lora-sf12 would be used [0-9.]+ % of the"
                + " time, and may be 20 %: in the slowest windows, of 128 s, 4 nodes' contributions"
                + " take [0-9.]+ s and the queries' rows [0-9.]+ s; ask with a longer EVERY.*"),
        refused);
  }

  @Test
  void aChangedQueryGetsAnotherNumberAndNoneComesBackSoon() {
    Draft draft = asking("SELECT MAX(t) FROM readings", Presets.MQTT);
    draft.query("other", "SELECT MIN(t) FROM readings");
    Charter first = draft.charter();
    Charter changed =
        Draft.of(first).query("other", "SELECT AVG(t) FROM readings", 86_400_999).charter();
    assertEquals(
        List.of(
            new Page.StandingQuery(
                1, "climate", "SELECT MAX(t) FROM readings", Page.StandingQuery.FOREVER),
            new Page.StandingQuery(3, "other", "SELECT AVG(t) FROM readings", 86_400_000)),
        changed.site().orElseThrow().queries());
    Charter removed = Draft.of(changed).removeQuery("other").charter();
    Charter again = Draft.of(removed).query("new", "SELECT AVG(t) FROM readings").charter();
    assertEquals(4, again.site().orElseThrow().queries().getLast().number());
    Draft many = Draft.of(again);
    for (int i = 0; i < 252; i++) {
      many.query("other", "SELECT AVG(t) FROM readings");
    }
    assertEquals(
        2,
        many.charter().site().orElseThrow().queries().getLast().number(),
        "round again, past those in use");
    String refused =
        assertThrows(IllegalArgumentException.class, () -> many.removeQuery("old")).getMessage();
    assertEquals("there is no query old; there are climate, new, other", refused);
  }

  @Test
  void windowsOfAQueryNestInTheSites() {
    for (String every : new String[] {"4 s", "8 s", "64 s"}) {
      asking("SELECT MAX(t) FROM readings EVERY " + every, Presets.MQTT).charter();
    }
    for (String every : new String[] {"12 s", "60 s"}) {
      String refused =
          assertThrows(
                  IllegalArgumentException.class,
                  asking("SELECT MAX(t) FROM readings EVERY " + every, Presets.MQTT)::charter)
              .getMessage();
      assertTrue(refused.contains("doubled again and again"), refused);
    }
  }

  @Test
  void renamingIsALabelAndMovingKeepsWhoIsWho() {
    Charter before = first();
    Charter after =
        Draft.of(before)
            .rename("/site/hill", "ridge")
            .move("/site/ridge/left", "/site/valley/deep")
            .rename("/site/valley/deep/left/b", "mast")
            .charter();
    int left = zone(before, "/site/hill/left");
    assertEquals(left, zone(after, "/site/valley/deep/left"));
    assertEquals(zone(before, "/site/hill"), zone(after, "/site/ridge"));
    assertEquals(
        member(before, "/site/hill/left", "b").at(1, "mast"),
        member(after, "/site/valley/deep/left", "mast"));
    assertEquals(0, after.inner(zone(after, "/site/ridge")).orElseThrow().expected());
    assertEquals(3, after.inner(Page.ROOT).orElseThrow().expected());
    assertEquals(1, after.version(zone(after, "/site/city")), "nothing changed there");
  }

  @Test
  void whatIsBelowANameIsNotWhatBeginsWithIt() {
    Charter after =
        Draft.of(first())
            .cell("/site/hill-top", Page.Medium.BROADCAST)
            .cell("/site/hill0", Page.Medium.BROADCAST)
            .move("/site/hill", "/site/far")
            .charter();
    for (String path :
        List.of("/site/hill-top", "/site/hill0", "/site/far/hill", "/site/far/hill/left")) {
      zone(after, path);
    }
    assertEquals(8, after.pages().size() - 1, after.pages().toString());
  }

  @Test
  void anIdOfARetiredZoneRestsUntilAllOthersWereGiven() {
    Charter before = first();
    int last = before.pages().lastKey();
    Charter after = Draft.of(before).retire(before.path(last).orElseThrow()).charter();
    Charter later = Draft.of(after).cell("/site/new", Page.Medium.BROADCAST).charter();
    assertEquals(last + 1, zone(later, "/site/new"));
    Draft many = Draft.of(later);
    for (int i = 0; i < Page.ZONE_MAX - last - 1; i++) {
      many.cell("/site/brief", Page.Medium.BROADCAST).retire("/site/brief");
    }
    Charter round = many.cell("/site/again", Page.Medium.BROADCAST).charter();
    assertEquals(last, zone(round, "/site/again"), "past those in use");
  }

  private static String refused(Draft draft, UnaryOperator<Draft> change) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> change.apply(draft)).getMessage());
  }

  @Test
  void aTreeIsEightZonesDeepAboveItsCellsAndEachHasSixtyFour() {
    String deep = "/site/a/b/c/d/e/f/g";
    Draft draft = new Draft("site", 4_000).cell(deep + "/cell", Page.Medium.BROADCAST);
    assertEquals(
        Charter.DEPTH_MAX, draft.charter().ancestors(draft.charter().pages().lastKey()).size());
    assertTrue(
        refused(draft, same -> same.cell(deep + "/h/cell", Page.Medium.BROADCAST))
            .contains("at most 8 zones above"));
    assertTrue(
        refused(draft, same -> same.move("/site/a", "/site/z")).contains("at most 8 zones above"));
    Draft wide = new Draft("site", 4_000).cell("/site/far/c0", Page.Medium.BROADCAST);
    for (int i = 1; i < Page.CHILDREN_MAX; i++) {
      wide.cell("/site/c" + i, Page.Medium.BROADCAST);
    }
    wide.charter();
    assertTrue(refused(wide, same -> same.move("/site/far/c0", "/site")).contains("/site/NAME/c0"));
  }

  @Test
  void anInnerZoneIsEnteredThroughCellsThatShareLittle() {
    Draft draft = new Draft("site", 4_000);
    int key = 0;
    for (String cell : List.of("a/x/c", "a/x/d", "a/y/c", "b/c", "c")) {
      draft.cell("/site/" + cell, Page.Medium.BROADCAST);
      for (int i = 0; i < 6; i++) {
        draft.node("/site/" + cell + "/n" + i, key(++key), 1, EnumSet.of(Duty.UPLINK));
      }
    }
    Charter charter = draft.charter();
    List<Page.Child> below = charter.inner(Page.ROOT).orElseThrow().children();
    assertEquals(
        List.of(zone(charter, "/site/a/x/c"), zone(charter, "/site/a/y/c")),
        below.getFirst().entrances().stream().map(Page.Entrance::cell).toList());
    assertEquals(List.of(8, 6, 6), below.stream().map(Page.Child::contacts).toList());
    assertEquals(List.of(false, false, true), below.stream().map(Page.Child::isCell).toList());
  }

  @Test
  void anInnerZoneIsEnteredThroughCellsWithGatewaysFirst() {
    Draft draft = new Draft("site", 4_000);
    int key = 0;
    for (String cell : List.of("/site/a/w", "/site/a/x", "/site/a/y", "/site/b")) {
      draft.cell(cell, Page.Medium.ADDRESSED);
      Duty duty = cell.endsWith("y") ? Duty.GATEWAY : Duty.SENSES;
      draft.node(cell + "/n", key(++key), 1, EnumSet.of(Duty.UPLINK, duty));
    }
    Charter charter = draft.charter();
    assertEquals(
        List.of(zone(charter, "/site/a/y"), zone(charter, "/site/a/w")),
        charter.inner(Page.ROOT).orElseThrow().children().getFirst().entrances().stream()
            .map(Page.Entrance::cell)
            .toList());
  }
}
