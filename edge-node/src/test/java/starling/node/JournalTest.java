package starling.node;

import static java.util.Comparator.reverseOrder;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path directory;

  @Test
  void theLatestValueOfAKeyWins() throws IOException {
    try (Journal journal = Journal.open(directory)) {
      journal.append(List.of(entry(1, 7, "old"), entry(2, 7, "other"), entry(1, 8, "more")));
      journal.append(List.of(entry(1, 7, "new")));
      assertEquals(Map.of("1/7", "new", "2/7", "other", "1/8", "more"), texts(journal));
    }
    assertEquals(Map.of("1/7", "new", "2/7", "other", "1/8", "more"), reopened());
  }

  @Test
  void anEmptyValueForgetsItsKey() throws IOException {
    try (Journal journal = Journal.open(directory)) {
      journal.append(List.of(entry(1, 7, "a"), entry(1, 8, "b")));
      journal.append(List.of(entry(1, 7, "")));
    }
    assertEquals(Map.of("1/8", "b"), reopened());
  }

  @Test
  void whatWasUnchangedForLongestComesFirst() throws IOException {
    try (Journal journal = Journal.open(directory)) {
      journal.append(List.of(entry(1, 3, "a"), entry(1, 1, "b"), entry(1, 2, "c")));
      journal.append(List.of(entry(1, 3, "d")));
    }
    try (Journal journal = Journal.open(directory)) {
      assertEquals(
          List.of(1L, 2L, 3L), journal.entries().keySet().stream().map(Journal.Key::key).toList());
    }
  }

  @Test
  void aTailTornAtAnyByteIsCutOffAndWhatWasBeforeStands() throws IOException {
    List<Long> ends = new ArrayList<>(List.of(0L));
    try (Journal journal = Journal.open(directory)) {
      for (int i = 1; i <= 4; i++) {
        journal.append(List.of(entry(1, i, "x".repeat(i))));
        ends.add(Files.size(log()));
      }
    }
    byte[] whole = Files.readAllBytes(log());
    for (int length = 0; length <= whole.length; length++) {
      Files.write(log(), Arrays.copyOf(whole, length));
      int size = length;
      int records = (int) ends.stream().filter(end -> end > 0 && end <= size).count();
      try (Journal journal = Journal.open(directory)) {
        assertEquals(records, journal.entries().size(), "cut at " + length);
        assertEquals(length - ends.get(records), journal.tornBytes());
        journal.append(List.of(entry(2, 1, "after")));
      }
      assertEquals("after", reopened().get("2/1"));
      assertEquals(records + 1, reopened().size());
    }
  }

  @Test
  void aFlippedBitAnywhereLeavesAnEarlierStateWhole() throws IOException {
    List<Map<String, String>> states = new ArrayList<>(List.of(Map.of()));
    try (Journal journal = Journal.open(directory)) {
      for (int i = 1; i <= 3; i++) {
        journal.append(List.of(entry(1, i % 2, "value " + i)));
        states.add(texts(journal));
      }
    }
    byte[] whole = Files.readAllBytes(log());
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(log(), flipped);
      Map<String, String> state = reopened();
      assertTrue(states.subList(0, 3).contains(state), "bit " + bit + ": " + state);
    }
  }

  @Test
  void aLogThatIsMostlyOutdatedIsRewritten() throws IOException {
    byte[] value = new byte[60_000];
    try (Journal journal = Journal.open(directory)) {
      journal.append(List.of(entry(9, 9, "kept")));
      for (int i = 0; i < 200; i++) {
        value[0] = (byte) i;
        journal.append(List.of(new Journal.Entry(new Journal.Key(1, i % 2), value.clone())));
        assertTrue(Files.size(log()) < 2 * 120_100 + Journal.SLACK_BYTES + 60_100, "at " + i);
      }
    }
    try (Journal journal = Journal.open(directory)) {
      assertEquals(0, journal.tornBytes());
      assertEquals("kept", texts(journal).get("9/9"));
      assertArrayEquals(value, journal.entries().get(new Journal.Key(1, 1)));
      journal.append(List.of(entry(9, 9, "still")));
    }
    assertEquals("still", reopened().get("9/9"));
  }

  /** Whatever a power cut leaves of a rewriting: parts of the second file, or the renamed one. */
  @Test
  void aCutAtAnyStepOfARewritingLeavesTheOldLogOrTheNewOne() throws IOException {
    try (Journal journal = Journal.open(directory)) {
      for (int i = 0; i < 5; i++) {
        journal.append(List.of(entry(1, 1, "version " + i), entry(1, 2, "kept")));
      }
    }
    Map<String, String> state = reopened();
    byte[] old = Files.readAllBytes(log());
    byte[] fresh = Arrays.copyOfRange(old, old.length - 2 * 15 - 13, old.length);
    for (int written = 0; written <= fresh.length; written++) {
      Files.write(directory.resolve(Journal.NEXT), Arrays.copyOf(fresh, written));
      assertEquals(state, reopened(), written + " bytes written");
      assertFalse(Files.exists(directory.resolve(Journal.NEXT)));
    }
    Files.write(log(), fresh);
    assertEquals(state, reopened());
  }

  @Test
  void aCopyTakenAfterEachAppendHoldsAllThatWasAppended(@TempDir Path copies) throws IOException {
    String value = "v".repeat(50_000);
    try (Journal journal = Journal.open(directory)) {
      for (int i = 0; i < 20; i++) {
        journal.append(List.of(entry(1, i % 3, i + value)));
        Path copy = Files.createDirectory(copies.resolve("" + i));
        Files.copy(log(), copy.resolve(Journal.FILE));
        try (Journal cut = Journal.open(copy)) {
          assertEquals(texts(journal), texts(cut));
        }
      }
    }
  }

  @Test
  void twoProcessesDoNotShareALog() throws Exception {
    try (Journal _ = Journal.open(directory)) {
      Program other = Program.java(JournalTest.class.getName(), directory.toString());
      assertEquals(1, other.await());
      assertTrue(other.output().contains("in use by another process"), other.output());
    }
    assertEquals(0, Program.java(JournalTest.class.getName(), directory.toString()).await());
  }

  /** The other process. */
  public static void main(String[] args) {
    try (Journal _ = Journal.open(Path.of(args[0]))) {
      System.exit(0);
    } catch (IOException e) {
      System.out.println(e.getMessage());
      System.exit(1);
    }
  }

  @Test
  void twiceInOneProcessIsRefusedToo() throws IOException {
    try (Journal _ = Journal.open(directory)) {
      assertThrows(IOException.class, () -> Journal.open(directory));
    }
  }

  @Test
  void aFileThatNoNodeCanHaveWrittenIsLeftAsItIs() throws IOException {
    try (RandomAccessFile huge = new RandomAccessFile(log().toFile(), "rw")) {
      huge.setLength(1L << 40);
    }
    IOException refusal = assertThrows(IOException.class, () -> Journal.open(directory));
    assertTrue(refusal.getMessage().contains("move it away"), refusal.getMessage());
    assertEquals(1L << 40, Files.size(log()));
  }

  @Test
  void stateBeyondTheLimitIsRefusedAndWhatWasThereStands() throws IOException {
    int records = 0;
    try (Journal journal = Journal.open(directory)) {
      IOException refusal = null;
      while (refusal == null && records < 100) {
        Journal.Entry next = new Journal.Entry(new Journal.Key(1, records), new byte[65_535]);
        try {
          journal.append(List.of(next));
          records++;
        } catch (IOException e) {
          refusal = e;
        }
      }
      assertEquals(Journal.LIVE_MAX_BYTES / 65_550, records);
    }
    assertEquals(records, reopened().size());
  }

  @Test
  void aValueThatNoRecordHoldsIsRefused() throws IOException {
    try (Journal journal = Journal.open(directory)) {
      List<Journal.Entry> large =
          List.of(new Journal.Entry(new Journal.Key(1, 1), new byte[65_536]));
      assertThrows(IllegalArgumentException.class, () -> journal.append(large));
      assertNull(journal.entries().get(new Journal.Key(1, 1)));
    }
  }

  @Test
  void closingTwiceIsClosing() throws IOException {
    Journal journal = Journal.open(directory);
    journal.close();
    journal.close();
    assertEquals(Map.of(), reopened());
  }

  @Test
  void nothingButTheLogAndItsLockIsLeft() throws IOException {
    reopened();
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(
          List.of(Journal.FILE, Journal.LOCK),
          files.map(file -> file.getFileName().toString()).sorted(reverseOrder()).toList());
    }
  }

  private Path log() {
    return directory.resolve(Journal.FILE);
  }

  private Map<String, String> reopened() throws IOException {
    try (Journal journal = Journal.open(directory)) {
      return texts(journal);
    }
  }

  private static Map<String, String> texts(Journal journal) {
    Map<String, String> texts = new TreeMap<>();
    journal
        .entries()
        .forEach((key, value) -> texts.put(key.protocol() + "/" + key.key(), new String(value)));
    return texts;
  }

  private static Journal.Entry entry(int protocol, long key, String value) {
    return new Journal.Entry(new Journal.Key(protocol, key), value.getBytes());
  }
}
