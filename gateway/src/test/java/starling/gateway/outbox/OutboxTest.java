package starling.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.link.mqtt.Eventually;

class OutboxTest {
  private static final long MINUTE_MILLIS = 60_000;
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOON);

  @TempDir Path directory;

  @Test
  void whatWasKeptIsThereAfterAnotherStartInItsOrder() throws IOException {
    try (Kept kept = open(1 << 20)) {
      kept.put(window("a", 1, 5), window("b", 1, 5), window("a", 2, 7), event(kept, "told"));
      kept.outbox.done(window("b", 1, 5));
    }
    try (Kept kept = open(1 << 20)) {
      assertEquals(Map.of("b", "b knows"), kept.outbox.known());
      assertEquals(List.of("a 2"), kept.outbox.newest().stream().map(OutboxTest::name).toList());
      assertEquals(List.of("a 1", "a 2", "told"), kept.names());
      assertArrayEquals(window("a", 2, 7).payload(), kept.all().get(1).payload());
    }
  }

  @Test
  void aBetterAnswerTakesThePlaceOfALesserOneAndALesserAcknowledgementLeavesIt()
      throws IOException {
    try (Kept kept = open(1 << 20)) {
      kept.put(window("a", 1, 5), window("a", 2, 9), window("a", 1, 6), window("a", 1, 4));
      kept.outbox.done(window("a", 1, 5));
      assertEquals(List.of(6, 9), kept.all().stream().map(Entry::reported).toList());
      kept.outbox.done(window("a", 1, 6));
      kept.outbox.done(window("a", 2, 10));
      assertEquals(List.of(), kept.all());
    }
  }

  @Test
  void noTwoEventsHaveOneNumberWhateverTheClockDoes() throws IOException {
    long last;
    try (Kept kept = open(1 << 20)) {
      Entry event = event(kept, "told");
      kept.put(event, event(kept, "told"));
      last = kept.all().getLast().number();
      kept.all().forEach(entry -> kept.outbox.done(entry));
      assertEquals(List.of(), kept.all());
    }
    InstantSource aYearBack = InstantSource.fixed(NOON.minus(Duration.ofDays(365)));
    try (Outbox outbox = Outbox.open(settings(1 << 20), aYearBack)) {
      assertEquals(last + 1, outbox.nextEvent());
      outbox.start(new Quiet());
    }
  }

  @Test
  void whenFullOneWindowInTwoInFourIsLeftAndTheGapIsNamed() throws IOException {
    int zones = 4;
    int windows = 4000;
    try (Kept kept = open(1 << 20)) {
      for (int window = 0; window < windows; window += 100) {
        int first = window + 1;
        kept.put(
            IntStream.range(0, 100 * zones)
                .mapToObj(i -> window("z" + i % zones, first + i / zones, 5))
                .toArray(Entry[]::new));
      }
      Eventually.until("counted", () -> kept.outbox.stock().bytes() <= 1 << 20);
      List<Entry> left = kept.all();
      for (int zone = 0; zone < zones; zone++) {
        String topic = "z" + zone;
        Gap gap = kept.gaps.stream().filter(g -> g.topic().equals(topic)).findFirst().orElseThrow();
        List<Long> minutes =
            left.stream()
                .filter(entry -> entry.topic().equals(topic))
                .map(entry -> entry.number() / MINUTE_MILLIS)
                .toList();
        long every = gap.everyMillis() / MINUTE_MILLIS;
        assertTrue(every >= 4 && every <= 1 << Thinning.PACE_MAX, "one in " + every);
        assertEquals(windows, minutes.size() + gap.missing(), "each is there or named");
        assertEquals(windows, minutes.getLast(), "the newest is there");
        assertEquals(minutes.stream().sorted().toList(), minutes);
        for (int i = 1; i < minutes.size(); i++) {
          assertTrue(minutes.get(i) - minutes.get(i - 1) <= every, "evenly: " + minutes);
        }
        assertTrue(gap.fromMillis() == 0 && gap.toMillis() <= windows * MINUTE_MILLIS);
      }
    }
  }

  @Test
  void whereverTheLogIsTornWhatWasKeptBeforeIsThere() throws IOException {
    Path file = directory.resolve("outbox.db");
    Path log = directory.resolve("outbox.db-wal");
    byte[] torn;
    byte[] base;
    try (Kept kept = open(1 << 20)) {
      for (int window = 1; window <= 40; window++) {
        kept.put(window("a", window, 5));
      }
      base = Files.readAllBytes(file);
      torn = Files.readAllBytes(log);
    }
    Random random = new Random(5);
    int most = 0;
    for (int cut = 0; cut < 40; cut++) {
      Files.write(file, base);
      Files.write(log, torn);
      try (RandomAccessFile end = new RandomAccessFile(log.toFile(), "rw")) {
        long at = random.nextLong(torn.length);
        end.setLength(cut % 2 == 0 ? at : torn.length);
        end.seek(Math.min(at, end.length()));
        end.write(random.nextInt(256));
      }
      try (Kept kept = open(1 << 20)) {
        List<Long> minutes = kept.all().stream().map(e -> e.number() / MINUTE_MILLIS).toList();
        List<Long> first =
            IntStream.rangeClosed(1, minutes.size()).mapToObj(i -> (long) i).toList();
        assertEquals(first, minutes, "those before the tear, and no other");
        most = Math.max(most, minutes.size());
      }
    }
    assertTrue(most > 20, "most that was left is " + most);
  }

  @Test
  void aFileThatIsNoOutboxIsSetAsideAndSaid() throws IOException {
    Path file = directory.resolve("outbox.db");
    byte[] noise = new byte[10_000];
    new Random(3).nextBytes(noise);
    Files.write(file, noise);
    try (Kept kept = open(1 << 20)) {
      kept.put(window("a", 1, 5));
      assertEquals(List.of("a 1"), kept.names());
      assertTrue(kept.warnings.getFirst().contains("outbox.db.damaged"), kept.warnings.toString());
    }
    assertArrayEquals(noise, Files.readAllBytes(directory.resolve("outbox.db.damaged")));
  }

  @Test
  void aFileThatIsDamagedWhileInUseIsSetAsideAndMessagesGoOn() throws IOException {
    try (Kept kept = open(32 << 20)) {
      for (int window = 1; window < 16_000; window += 4000) { // more than SQLite remembers
        kept.put(windows(window, window + 3999));
      }
      byte[] noise = new byte[64 << 10];
      new Random(3).nextBytes(noise);
      for (String part : List.of("outbox.db", "outbox.db-wal")) {
        try (RandomAccessFile file = new RandomAccessFile(directory.resolve(part).toFile(), "rw")) {
          file.setLength(0);
          file.write(noise);
        }
      }
      kept.put(windows(16_001, 20_000));
      kept.all();
      assertTrue(kept.warnings.getFirst().contains("outbox.db.damaged"), kept.warnings.toString());
      kept.put(windows(20_001, 20_002));
      List<String> names = kept.names();
      assertTrue(names.containsAll(List.of("a 20001", "a 20002")), names.toString());
    }
  }

  @Test
  void aSecondProcessIsRefused() throws IOException {
    try (Kept kept = open(1 << 20)) {
      kept.put(window("a", 1, 5));
      IOException refused =
          assertThrows(IOException.class, () -> Outbox.open(settings(1 << 20), CLOCK));
      assertTrue(refused.getMessage().contains("another process uses it"), refused.getMessage());
    }
  }

  private Outbox.Settings settings(long bytesMax) {
    return new Outbox.Settings(Optional.of(directory.resolve("outbox.db")), bytesMax);
  }

  private Kept open(long bytesMax) throws IOException {
    return new Kept(Outbox.open(settings(bytesMax), CLOCK));
  }

  private static Entry window(String topic, int minute, int reported) {
    byte[] payload = new byte[400];
    payload[0] = (byte) minute;
    payload[1] = (byte) reported;
    return new Entry(topic, minute * MINUTE_MILLIS, MINUTE_MILLIS, reported, reported, payload);
  }

  private static Entry[] windows(int first, int last) {
    return IntStream.rangeClosed(first, last)
        .mapToObj(minute -> window("a", minute, 5))
        .toArray(Entry[]::new);
  }

  private static Entry event(Kept kept, String topic) {
    return Entry.event(topic, kept.outbox.nextEvent(), new byte[50]);
  }

  private static String name(Entry entry) {
    return entry.topic() + (entry.isEvent() ? "" : " " + entry.number() / MINUTE_MILLIS);
  }

  /** An outbox and what it told. */
  private static final class Kept extends Quiet implements AutoCloseable {
    private final Outbox outbox;
    private final AtomicLong kept = new AtomicLong();
    private final SynchronousQueue<Page> pages = new SynchronousQueue<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private long put;

    Kept(Outbox outbox) {
      this.outbox = outbox;
      outbox.start(this);
    }

    void put(Entry... entries) {
      for (Entry entry : entries) {
        outbox.put(entry);
      }
      put += entries.length;
      Eventually.until("kept", () -> kept.get() == put);
    }

    List<Entry> all() {
      List<Entry> all = new ArrayList<>();
      try {
        for (Page page = page(0); !page.entries().isEmpty(); page = page(page.last())) {
          all.addAll(page.entries());
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      all.removeIf(entry -> entry.topic().equals("gap"));
      return all;
    }

    List<String> names() {
      return all().stream().map(OutboxTest::name).toList();
    }

    private Page page(long after) throws InterruptedException {
      outbox.ask(after, 100);
      return pages.take();
    }

    @Override
    public void kept(List<Entry> entries, boolean onDisk) {
      kept.addAndGet(entries.size());
    }

    @Override
    public void late(Page page) {
      try {
        pages.put(page);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public Entry event(Gap gap) {
      gaps.add(gap);
      return Entry.event("gap", outbox.nextEvent(), new byte[10]);
    }

    @Override
    public void warn(String text) {
      warnings.add(text);
    }

    @Override
    public void close() {
      outbox.close();
    }
  }

  private static class Quiet implements Outbox.Owner {
    @Override
    public void kept(List<Entry> entries, boolean onDisk) {}

    @Override
    public void late(Page page) {}

    @Override
    public Entry event(Gap gap) {
      throw new AssertionError(gap);
    }

    @Override
    public String words(String topic) {
      return topic + " knows";
    }

    @Override
    public void warn(String text) {
      throw new AssertionError(text);
    }
  }
}
