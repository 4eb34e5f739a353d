package starling.link.pty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import jssc.SerialPort;
import jssc.SerialPortException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class PtyTest {
  private static final byte[] EVERY_BYTE = new byte[256];

  static {
    for (int i = 0; i < EVERY_BYTE.length; i++) {
      EVERY_BYTE[i] = (byte) i;
    }
  }

  @Test
  void everyByteValuePassesUnchangedBothWays() throws Exception {
    try (Pty pty = Pty.open()) {
      SerialPort port = open(pty.slave());
      port.writeBytes(EVERY_BYTE);
      assertArrayEquals(EVERY_BYTE, take(pty, EVERY_BYTE.length));
      assertEquals(EVERY_BYTE.length, pty.write(EVERY_BYTE));
      assertArrayEquals(EVERY_BYTE, take(port, EVERY_BYTE.length));
      assertEquals(0, pty.read(new byte[10], 0), "nothing was echoed");
      port.closePort();
    }
  }

  @Test
  void whatIsWrittenWhileNobodyListensIsDropped() throws Exception {
    try (Pty pty = Pty.open()) {
      assertFalse(pty.opened());
      assertEquals(0, pty.write(EVERY_BYTE));
      for (int i = 0; i < 3; i++) {
        SerialPort port = open(pty.slave());
        assertTrue(pty.opened());
        assertEquals(0, port.getInputBufferBytesCount());
        assertEquals(5, pty.write(new byte[5]));
        assertArrayEquals(new byte[5], take(port, 5));
        port.closePort();
        assertFalse(pty.opened());
        assertEquals(0, pty.write(EVERY_BYTE));
        assertEquals(0, pty.read(new byte[10], 0));
      }
    }
  }

  @Test
  void aSideThatDoesNotReadNeverBlocksTheWriter() throws Exception {
    try (Pty pty = Pty.open()) {
      SerialPort port = open(pty.slave());
      byte[] much = new byte[1 << 20];
      assertTrue(pty.write(much) < much.length);
      assertEquals(0, pty.write(much));
      port.closePort();
    }
  }

  @Test
  void readingWaitsForTheFirstToOpen() throws Exception {
    try (Pty pty = Pty.open()) {
      CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> take(pty, 3));
      SerialPort port = open(pty.slave());
      port.writeBytes(new byte[] {1, 2, 3});
      assertArrayEquals(new byte[] {1, 2, 3}, read.get(10, TimeUnit.SECONDS));
      port.closePort();
    }
  }

  @Test
  void closingEndsAReadAtOnceAndIsAnErrorToTheOtherSide() throws Exception {
    Pty pty = Pty.open();
    SerialPort port = open(pty.slave());
    CompletableFuture<Integer> read =
        CompletableFuture.supplyAsync(() -> pty.read(new byte[10], 20_000));
    pty.close();
    pty.close();
    assertEquals(-1, read.get(5, TimeUnit.SECONDS));
    assertEquals(0, pty.write(EVERY_BYTE));
    assertFalse(pty.opened());
    assertThrows(SerialPortException.class, port::getInputBufferBytesCount);
    assertThrows(SerialPortException.class, () -> port.writeBytes(EVERY_BYTE));
  }

  @Test
  void theLinkPointsToThePresentSlaveAndGoesWithIt(@TempDir Path directory) throws Exception {
    Path link = directory.resolve("station");
    Pty first = Pty.open();
    first.linkAt(link);
    assertEquals(first.slave(), Files.readSymbolicLink(link));
    Pty second = Pty.open();
    second.linkAt(link);
    first.close();
    assertEquals(second.slave(), Files.readSymbolicLink(link));
    open(link).closePort();
    second.close();
    assertFalse(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void aLinkNeverReplacesAFile(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("notes"), "kept");
    try (Pty pty = Pty.open()) {
      assertThrows(IOException.class, () -> pty.linkAt(file));
    }
    assertEquals("kept", Files.readString(file));
  }

  @Test
  void onePollerWaitsForManyAndNamesThoseThatHaveBytes() throws Exception {
    try (Pty a = Pty.open();
        Pty b = Pty.open();
        Poller poller = new Poller()) {
      List<Pty> both = List.of(a, b);
      assertEquals(List.of(), poller.await(both, 0));
      SerialPort port = open(b.slave());
      port.writeBytes(EVERY_BYTE);
      assertEquals(List.of(b), poller.await(both, 10_000));
      assertArrayEquals(EVERY_BYTE, take(b, EVERY_BYTE.length));
      assertEquals(List.of(), poller.await(both, 1));
      poller.wake();
      assertEquals(List.of(), poller.await(both, 20_000));
      port.closePort();
    }
  }

  @Test
  void waitingForTerminalsThatNobodyHasOpenCostsNextToNothing() throws Exception {
    try (Pty a = Pty.open();
        Pty b = Pty.open();
        Poller poller = new Poller()) {
      poller.await(List.of(a, b), 20);
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      poller.await(List.of(a, b), 500);
      long micros = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1000;
      assertTrue(micros < 50_000, "a tenth of a core would be a spin: " + micros + " us of 500 ms");
    }
  }

  @Test
  void randomBytesInRandomPiecesArriveInOrder() throws Exception {
    SplittableRandom random = new SplittableRandom(5);
    try (Pty pty = Pty.open()) {
      SerialPort port = open(pty.slave());
      for (int round = 0; round < 200; round++) {
        byte[] piece = new byte[1 + random.nextInt(2000)];
        random.nextBytes(piece);
        port.writeBytes(piece);
        assertArrayEquals(piece, take(pty, piece.length));
        assertEquals(piece.length, pty.write(piece));
        assertArrayEquals(piece, take(port, piece.length));
      }
      port.closePort();
    }
  }

  private static SerialPort open(Path path) throws SerialPortException {
    SerialPort port = new SerialPort(path.toString());
    port.openPort();
    port.setParams(57_600, 8, 1, 0);
    return port;
  }

  private static byte[] take(Pty pty, int count) {
    ByteArrayOutputStream taken = new ByteArrayOutputStream();
    byte[] buffer = new byte[1000];
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (taken.size() < count && System.nanoTime() < deadline) {
      int read = pty.read(buffer, 1_000);
      taken.write(buffer, 0, Math.max(0, read));
    }
    return taken.toByteArray();
  }

  private static byte[] take(SerialPort port, int count) throws SerialPortException {
    ByteArrayOutputStream taken = new ByteArrayOutputStream();
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (taken.size() < count && System.nanoTime() < deadline) {
      byte[] bytes = port.readBytes();
      taken.writeBytes(bytes == null ? new byte[0] : bytes);
    }
    return taken.toByteArray();
  }
}
