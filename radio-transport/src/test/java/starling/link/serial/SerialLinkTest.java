package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static starling.link.serial.Recorder.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Delay;
import starling.link.Law;
import starling.link.LinkProfile;
import starling.link.ModemSettings;
import starling.link.Purpose;
import starling.link.pty.Pty;

/** Real pseudo-terminals, opened through jSSC. */
@Timeout(60)
class SerialLinkTest {
  private static final int BAUD = 1_000_000;
  private static final int MTU = 250;
  private static final LinkProfile FREE =
      new LinkProfile(
          "free",
          LinkProfile.Medium.BROADCAST,
          MTU,
          bytes -> 1,
          Law.NONE,
          1,
          1,
          1,
          new Delay(10_000, 15_000));

  private final AirtimeLedger ledger = new AirtimeLedger(FREE);
  private final Recorder recorder = new Recorder();

  @Test
  void framesOfEverySizePassBothWays() throws Exception {
    try (Pty pty = Pty.open();
        SerialLink link = opened(pty.slave())) {
      FrameStream far = new FrameStream(MTU);
      SplittableRandom random = new SplittableRandom(1);
      for (int size = 1; size <= MTU; size++) {
        byte[] frame = random(random, size);
        send(link, size, frame);
        assertArrayEquals(frame, next(pty, far));
        byte[] line = FrameStream.framed(frame);
        assertEquals(line.length, pty.write(line));
        int count = size;
        await("frame of " + size, () -> recorder.heard.size() == count);
        assertArrayEquals(frame, recorder.heard.getLast());
        await("left", () -> recorder.left.size() == count);
        assertEquals(List.of(true), recorder.left.get((long) size));
      }
      assertEquals(new SerialLink.Counters(MTU, 0), link.counters());
    }
  }

  @Test
  void unpluggedTheLinkIsDownAndPluggedInAgainItRecoversByItself(@TempDir Path directory)
      throws Exception {
    Path path = directory.resolve("radio");
    Pty pty = Pty.open();
    pty.linkAt(path);
    try (SerialLink link = opened(path)) {
      for (int round = 0; round < 3; round++) {
        pty.write(new byte[] {9, 9, 9});
        pty.close();
        await("down", () -> !recorder.up());
        send(link, 100 + round, new byte[10]);
        assertEquals(List.of(false), recorder.left.get(100L + round));
        pty = Pty.open();
        pty.linkAt(path);
        await("up", recorder::up);
        byte[] frame = {1, 2, (byte) round};
        pty.write(FrameStream.framed(frame));
        int count = round + 1;
        await("heard", () -> recorder.heard.size() == count);
        assertArrayEquals(frame, recorder.heard.getLast());
        send(link, round, frame);
        assertArrayEquals(frame, next(pty, new FrameStream(MTU)));
      }
      assertTrue(recorder.states.stream().anyMatch(s -> s.contains("unplugged")));
    }
    pty.close();
  }

  @Test
  void twoMegabytesOfNoiseYieldNoFrameAndLeaveMemoryFlat() throws Exception {
    try (Pty pty = Pty.open();
        SerialLink link = opened(pty.slave())) {
      SplittableRandom random = new SplittableRandom(6);
      long leastGrown = Long.MAX_VALUE;
      for (int round = 0; round < 4; round++) {
        long before = heapBytes();
        noise(pty, random, 1 << 19);
        leastGrown = Math.min(leastGrown, heapBytes() - before);
      }
      await("all counted", () -> link.counters().garbageBytes() > 2_000_000);
      // The JVM's own heap comes and goes; what is kept of the noise would grow in every round.
      assertTrue(leastGrown < 100_000, "each 512 kB of noise left " + leastGrown + " bytes");
      assertEquals(0, recorder.heard.size());
      byte[] frame = random(random, MTU);
      writeAll(pty, FrameStream.framed(frame));
      await("the frame after the noise", () -> recorder.heard.size() == 1);
      assertArrayEquals(frame, recorder.heard.getFirst());
    }
  }

  @Test
  void aMissingPortIsToldOnceWithWhatToDoAndComesUpWhenPluggedIn(@TempDir Path directory)
      throws Exception {
    Path path = directory.resolve("radio");
    try (SerialLink link = new SerialLink(path.toString(), BAUD, FREE)) {
      link.open(recorder);
      await("told", () -> recorder.states.size() == 1);
      assertTrue(recorder.states.getFirst().startsWith("down: no serial port " + path));
      assertTrue(recorder.states.getFirst().contains("plugged in?"));
      send(link, 1, new byte[5]);
      assertEquals(List.of(false), recorder.left.get(1L));
      try (Pty pty = Pty.open()) {
        pty.linkAt(path);
        await("up", recorder::up);
        assertEquals(2, recorder.states.size());
      }
    }
  }

  @Test
  void eachSendHasExactlyOneOutcomeAlsoWhenTheLinkClosesMeanwhile() throws Exception {
    try (Pty pty = Pty.open()) {
      SerialLink link = opened(pty.slave());
      send(link, 1_000, new byte[20]);
      await("one left", () -> List.of(true).equals(recorder.left.get(1_000L)));
      CountDownLatch half = new CountDownLatch(500);
      Thread sender =
          Thread.ofPlatform()
              .start(() -> {
                for (int id = 0; id < 1_000; id++) {
                  send(link, id, new byte[20]);
                  half.countDown();
                }
              });
      half.await();
      link.close();
      sender.join();
      await("all told", () -> recorder.left.size() == 1_001);
      assertTrue(recorder.left.values().stream().allMatch(outcomes -> outcomes.size() == 1));
    }
  }

  @Test
  void aModemThatTakesNoBytesFillsTheQueueAndIsThenRefused() throws Exception {
    Pty pty = Pty.open();
    SerialLink link = opened(pty.slave());
    AtomicInteger id = new AtomicInteger();
    await(
        "stuck",
        () -> {
          send(link, id.incrementAndGet(), new byte[MTU]);
          long open = id.get() - recorder.left.size();
          assertTrue(open <= 5, "one in flight and four queued");
          long refused = recorder.left.values().stream().filter(List.of(false)::equals).count();
          return open == 5 && refused > 1_000;
        });
    long began = System.nanoTime();
    link.close();
    assertTrue(System.nanoTime() - began < 3_000_000_000L, "closing does not wait for it");
    pty.close();
    await("all told", () -> recorder.left.size() == id.get());
  }

  @Test
  void closingEndsBothThreadsAndMayBeRepeated() throws Exception {
    try (Pty pty = Pty.open()) {
      SerialLink link = opened(pty.slave());
      String name = pty.slave().toString();
      assertEquals(2, threads(name));
      link.close();
      link.close();
      assertEquals(0, threads(name));
      send(link, 1, new byte[1]);
      assertEquals(List.of(false), recorder.left.get(1L));
      assertThrows(IllegalStateException.class, () -> link.open(recorder));
    }
  }

  @Test
  void aPermitForAnotherLengthSendsNothing() throws Exception {
    try (Pty pty = Pty.open();
        SerialLink link = opened(pty.slave())) {
      AirtimeLedger.Permit permit = ledger.reserve(10, Purpose.NEWS, 0).orElseThrow();
      assertThrows(
          IllegalArgumentException.class, () -> link.send(1, Address.ALL, permit, new byte[11]));
      assertEquals(0, pty.read(new byte[100], 50));
    }
  }

  /** jSSC's loop can't be provoked at will: a port stands in that waits as it does. */
  @Test
  void aReadThatNeverReturnsIsFreedByClosingThePort() {
    AtomicInteger opened = new AtomicInteger();
    SerialPort.Opener stuckOnce =
        (path, baud) -> opened.incrementAndGet() == 1 ? new Stuck() : new Quiet();
    try (SerialLink link =
        new SerialLink("stuck", BAUD, FREE, new ModemSettings.Transparent(), stuckOnce)) {
      link.open(recorder);
      await("opened again", () -> opened.get() == 2 && recorder.up());
      assertFalse(recorder.states.stream().noneMatch(s -> s.equals("down: it was stuck")));
    }
  }

  private static class Quiet implements SerialPort {
    @Override
    public void pins(ModePins to) {}

    @Override
    public boolean busy() {
      return false;
    }

    @Override
    public byte[] read() throws IOException {
      return new byte[0];
    }

    @Override
    public void write(byte[] bytes) {}

    @Override
    public void close() {}
  }

  private static final class Stuck extends Quiet {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public byte[] read() throws IOException {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("it was stuck");
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private SerialLink opened(Path path) {
    SerialLink link = new SerialLink(path.toString(), BAUD, FREE);
    link.open(recorder);
    await("open", recorder::up);
    return link;
  }

  private void send(SerialLink link, long id, byte[] frame) {
    AirtimeLedger.Permit permit = ledger.reserve(frame.length, Purpose.NEWS, 0).orElseThrow();
    link.send(id, Address.ALL, permit, frame);
  }

  private static byte[] next(Pty pty, FrameStream far) {
    List<byte[]> frames = new ArrayList<>();
    byte[] buffer = new byte[600];
    await(
        "a frame at the far side",
        () -> {
          int count = pty.read(buffer, 100);
          frames.addAll(far.feed(Arrays.copyOf(buffer, Math.max(0, count))));
          return !frames.isEmpty();
        });
    assertEquals(1, frames.size());
    return frames.getFirst();
  }

  private static void noise(Pty pty, SplittableRandom random, int bytes) {
    for (int done = 0; done < bytes; done += 1_024) {
      writeAll(pty, random(random, 1_024));
    }
  }

  private static void writeAll(Pty pty, byte[] bytes) {
    byte[][] rest = {bytes};
    await(
        "taken",
        () -> {
          rest[0] = Arrays.copyOfRange(rest[0], pty.write(rest[0]), rest[0].length);
          return rest[0].length == 0;
        });
  }

  private static byte[] random(SplittableRandom random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private static long heapBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().endsWith(name))
        .count();
  }
}
