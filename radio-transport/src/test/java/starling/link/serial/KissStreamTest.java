package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KissStreamTest {
  private static final int MAX = 250;

  @Test
  void aMessageOnTheLineLooksAsPublished() {
    byte[] payload = {'T', (byte) 0xC0, (byte) 0xDB, 0};
    assertEquals("c00054dbdcdbdd00c0", HexFormat.of().formatHex(KissStream.framed(0, payload)));
    assertEquals("c0dbdc07c0", HexFormat.of().formatHex(KissStream.framed(0xC0, (byte) 7)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 255, 4_096})
  void messagesOfEverySizeComeOutOfAnyChunkingAndAsANaiveCodecHasThem(int chunk) {
    SplittableRandom random = new SplittableRandom(chunk);
    List<byte[]> sent = new ArrayList<>();
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (int size = 0; size <= MAX; size++) {
      byte[] payload = escapes(random, size);
      int type = random.nextInt(256);
      byte[] line = KissStream.framed(type, payload);
      assertArrayEquals(NaiveKiss.line(type, payload), line);
      lines.writeBytes(line);
      sent.add(plain(type, payload));
    }
    List<byte[]> got = new ArrayList<>();
    KissStream stream = new KissStream(MAX);
    byte[] line = lines.toByteArray();
    for (int at = 0; at < line.length; at += chunk) {
      stream
          .feed(Arrays.copyOfRange(line, at, Math.min(at + chunk, line.length)))
          .forEach(message -> got.add(plain(message.type(), message.payload())));
    }
    assertEquals(sent.size(), got.size());
    for (int i = 0; i < sent.size(); i++) {
      assertArrayEquals(sent.get(i), got.get(i));
    }
    assertEquals(0, stream.garbageBytes());
  }

  @Test
  void aMessageAfterNoiseOrHalfAMessageIsHeard() {
    SplittableRandom random = new SplittableRandom(2);
    KissStream stream = new KissStream(MAX);
    for (int round = 0; round < 2_000; round++) {
      byte[] noise = escapes(random, random.nextInt(600));
      stream.feed(noise);
      byte[] payload = escapes(random, 1 + random.nextInt(MAX));
      byte[] half = KissStream.framed(0, payload);
      stream.feed(Arrays.copyOf(half, random.nextInt(half.length)));
      KissStream.Message last = stream.feed(KissStream.framed(0, payload)).getLast();
      assertEquals(0, last.type());
      assertArrayEquals(payload, last.payload());
    }
  }

  @Test
  void bootTextBeforeTheFirstDelimiterIsNoMessage() {
    KissStream stream = new KissStream(MAX);
    byte[] boot = "rst:0x1 (POWERON)\r\nload:0x3fff0030\r\n".getBytes(StandardCharsets.US_ASCII);
    stream.feed(boot);
    assertEquals(1, stream.feed(KissStream.framed(0, (byte) 1)).size());
    assertEquals(boot.length, stream.garbageBytes());
  }

  @Test
  void aMessageThatIsTooLongOrWronglyEscapedIsGarbageAndTheNextIsHeard() {
    KissStream stream = new KissStream(4);
    List<byte[]> bad =
        List.of(
            KissStream.framed(0, new byte[5]),
            new byte[] {(byte) 0xC0, 0, (byte) 0xDB, 1, (byte) 0xC0},
            new byte[] {(byte) 0xC0, 0, 1, (byte) 0xDB, (byte) 0xC0},
            new byte[] {(byte) 0xC0, 0, (byte) 0xDB, (byte) 0xDB, (byte) 0xDC, (byte) 0xC0});
    long garbage = 0;
    for (byte[] line : bad) {
      assertEquals(List.of(), stream.feed(line));
      garbage += line.length - 2;
      assertEquals(garbage, stream.garbageBytes());
      assertEquals(1, stream.feed(KissStream.framed(0, new byte[4])).size());
    }
  }

  @Test
  void afterARestartTheOtherHalfIsNoMessage() {
    KissStream stream = new KissStream(MAX);
    byte[] line = KissStream.framed(0, new byte[20]);
    stream.feed(Arrays.copyOf(line, 10));
    stream.restart();
    assertTrue(stream.feed(Arrays.copyOfRange(line, 10, line.length)).isEmpty());
    assertEquals(line.length - 2, stream.garbageBytes());
  }

  /** Every other byte one that means something. */
  private static byte[] escapes(SplittableRandom random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    byte[] special = {(byte) 0xC0, (byte) 0xDB, (byte) 0xDC, (byte) 0xDD};
    for (int i = 0; i < size; i += 1 + random.nextInt(4)) {
      bytes[i] = special[random.nextInt(special.length)];
    }
    return bytes;
  }

  private static byte[] plain(int type, byte[] payload) {
    byte[] plain = new byte[payload.length + 1];
    plain[0] = (byte) type;
    System.arraycopy(payload, 0, plain, 1, payload.length);
    return plain;
  }
}
