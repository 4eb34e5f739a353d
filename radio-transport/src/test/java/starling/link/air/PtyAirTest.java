package starling.link.air;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import starling.link.Address;
import starling.link.Airtime;
import starling.link.AirtimeLedger;
import starling.link.Delay;
import starling.link.Law;
import starling.link.Link;
import starling.link.LinkProfile;
import starling.link.Purpose;
import starling.link.Reception;
import starling.link.serial.SerialLink;

/** Real time, real pseudo-terminals, real serial links. */
@Timeout(60)
class PtyAirTest {
  private static final Airtime AIRTIME = Airtime.stream(55_555, 8, 2_000);
  private static final LinkProfile PROFILE =
      new LinkProfile(
          "unmetered",
          LinkProfile.Medium.BROADCAST,
          240,
          AIRTIME,
          Law.NONE,
          1,
          1,
          100,
          new Delay(10_000, 15_000));

  @TempDir Path directory;
  private final List<Station> stations = new ArrayList<>();

  /** A node's end: a link, and what it was told. */
  private static final class Station implements Link.Listener, AutoCloseable {
    final List<byte[]> heard = new CopyOnWriteArrayList<>();
    final SerialLink link;
    volatile boolean up;

    Station(Path port) {
      link = new SerialLink(port.toString(), 57_600, PROFILE);
      link.open(this);
      await("up", () -> up);
    }

    @Override
    public void heard(byte[] frame, Reception reception, long heardNanos) {
      heard.add(frame);
    }

    @Override
    public void left(long frameId, boolean left) {}

    @Override
    public void state(boolean nowUp, String reason) {
      up = nowUp;
    }

    void send(byte[] frame) {
      AirtimeLedger ledger = new AirtimeLedger(PROFILE);
      link.send(1, Address.ALL, ledger.reserve(frame.length, Purpose.NEWS, 0).orElseThrow(), frame);
    }

    @Override
    public void close() {
      link.close();
    }
  }

  @AfterEach
  void close() {
    stations.forEach(Station::close);
  }

  @Test
  void aFrameReachesEveryOtherStationAfterItsAirtime() throws Exception {
    try (PtyAir air = open("a", "b", "c")) {
      for (int from = 0; from < 3; from++) {
        byte[] frame = new byte[240];
        frame[7] = (byte) (from + 1);
        long began = System.nanoTime();
        stations.get(from).send(frame);
        for (int to = 0; to < 3; to++) {
          int hearings = to == from ? 0 : 1;
          Station station = stations.get(to);
          await("heard", () -> station.heard.size() >= hearings);
          station.heard.forEach(heard -> assertArrayEquals(frame, heard));
        }
        assertTrue(System.nanoTime() - began >= AIRTIME.micros(240) * 1_000);
        assertEquals(0, stations.get(from).heard.size(), "nobody hears itself");
        stations.forEach(station -> station.heard.clear());
      }
      assertEquals(new Air.Counters(3, 6, 0, 0, 0, 3 * AIRTIME.micros(240)), air.counters());
    }
  }

  @Test
  void stationsThatTalkWithoutListeningCollide() throws Exception {
    // Two seconds on the air: however late a loaded machine wakes the second, they overlap.
    try (PtyAir air = open(slow(), "a", "b", "c")) {
      air.listenBeforeTalk(false);
      stations.get(0).send(new byte[240]);
      stations.get(1).send(new byte[240]);
      await(air, "both sent, the third lost both", c -> c.sent() == 2 && c.collided() == 2);
      assertEquals(2, air.counters().deaf());
      assertEquals(0, air.counters().heard());
    }
  }

  @Test
  void aStationThatListensWaitsForTheOtherToEnd() throws Exception {
    try (PtyAir air = open(slow(), "a", "b", "c")) {
      stations.get(0).send(new byte[100]);
      await(air, "the first is on the air", counters -> counters.sent() == 1);
      stations.get(1).send(new byte[100]);
      await(air, "both heard by both others", counters -> counters.heard() == 4);
      assertEquals(0, air.counters().collided());
    }
  }

  @Test
  void aStationThatIsUnpluggedHearsNothingAndPluggedInAgainHears() throws Exception {
    try (PtyAir air = open("a", "b", "c")) {
      Station pulled = stations.get(1);
      for (int round = 1; round <= 2; round++) {
        air.unplug("b");
        assertFalse(Files.exists(air.port("b"), LinkOption.NOFOLLOW_LINKS));
        await("down", () -> !pulled.up);
        int others = 2 * round - 1;
        stations.get(0).send(new byte[50]);
        await("the third hears", () -> stations.get(2).heard.size() == others);
        air.plug("b");
        await("up again", () -> pulled.up);
        stations.get(0).send(new byte[50]);
        int count = round;
        await("hears again", () -> pulled.heard.size() == count);
        await("the third, too", () -> stations.get(2).heard.size() == others + 1);
      }
    }
  }

  @Test
  void noiseIsNoFrameAndTheNextFrameIsHeard() throws Exception {
    try (PtyAir air = open("a", "b")) {
      air.noise(50_000, 500);
      Station b = stations.get(1);
      await("noise came", () -> b.link.counters().garbageBytes() > 20_000);
      assertEquals(0, b.heard.size());
      stations.get(0).send(new byte[] {1, 2, 3});
      await("heard", () -> b.heard.size() == 1);
    }
  }

  @Test
  void whatWasCapturedCanBeReplayed() throws Exception {
    try (PtyAir air = open("a", "b")) {
      List<byte[]> captured = new CopyOnWriteArrayList<>();
      air.capture((from, packet) -> {
        assertEquals("a", from);
        captured.add(packet);
      });
      byte[] frame = {5, 0, 5};
      stations.get(0).send(frame);
      await("captured", () -> captured.size() == 1);
      air.replay(captured.getFirst(), "b");
      await("heard twice", () -> stations.get(1).heard.size() == 2);
      assertArrayEquals(frame, stations.get(1).heard.getLast());
      air.replay(captured.getFirst(), "a");
      await("heard by its sender", () -> stations.get(0).heard.size() == 1);
    }
  }

  @Test
  void closingRemovesEveryLinkAndNothingElse() throws Exception {
    Path own = Files.writeString(directory.resolve("own"), "kept");
    PtyAir air = PtyAir.open(directory, List.of("a", "b"), PROFILE, Loss.NONE, 1);
    PtyAir beside = PtyAir.open(directory, List.of("c"), PROFILE, Loss.NONE, 1);
    assertTrue(Files.isSymbolicLink(air.port("a")));
    air.close();
    air.close();
    assertFalse(Files.exists(directory.resolve("a"), LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.isSymbolicLink(beside.port("c")));
    beside.close();
    try (var left = Files.list(directory)) {
      assertEquals(List.of(own), left.toList());
    }
  }

  @Test
  void namesThatAreNoPlainFileNamesAreRefused() {
    for (List<String> names :
        List.of(List.of("../a"), List.of("a/b"), List.of(""), List.of("a", "a"))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> PtyAir.open(directory, names, PROFILE, Loss.NONE, 1).close());
    }
  }

  private PtyAir open(String... names) throws Exception {
    return open(PROFILE, names);
  }

  private PtyAir open(LinkProfile profile, String... names) throws Exception {
    PtyAir air = PtyAir.open(directory, List.of(names), profile, Loss.NONE, 1);
    for (String name : names) {
      stations.add(new Station(air.port(name)));
    }
    return air;
  }

  private static LinkProfile slow() {
    Airtime airtime = Airtime.stream(1_000, 8, 0);
    return new LinkProfile(
        "slow",
        LinkProfile.Medium.BROADCAST,
        240,
        airtime,
        Law.NONE,
        1,
        1,
        100,
        new Delay(10_000, 15_000));
  }

  private static void await(PtyAir air, String what, Predicate<Air.Counters> so) {
    await(() -> what + ": " + air.counters(), () -> so.test(air.counters()));
  }

  private static void await(String what, BooleanSupplier so) {
    await(() -> what, so);
  }

  private static void await(Supplier<String> what, BooleanSupplier so) {
    long deadlineNanos = System.nanoTime() + 10_000_000_000L;
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > deadlineNanos) {
        fail("not within 10 s: " + what.get());
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
