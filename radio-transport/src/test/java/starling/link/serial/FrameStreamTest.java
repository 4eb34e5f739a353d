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

class FrameStreamTest {
  private static final int MTU = 250;

  @Test
  void theChecksumIsTheOneThatIsPublished() {
    // CRC-16/IBM-3740 in the catalogue of parametrised CRC algorithms: check 0x29b1.
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertEquals(0x29B1, FrameStream.crc(digits, digits.length));
  }

  @Test
  void aFrameOnTheLineLooksAsDocumented() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertEquals(
        "000c31323334353637383929b100", HexFormat.of().formatHex(FrameStream.framed(digits)));
  }

  @Test
  void framingCostsAtMostWhatItSays() {
    SplittableRandom random = new SplittableRandom(1);
    for (int size = 1; size <= 1_024; size++) {
      byte[] frame = new byte[size];
      random.nextBytes(frame);
      int most = FrameStream.framingBytes(size);
      assertTrue(FrameStream.framed(frame).length <= size + most);
      assertTrue(most <= (size < 252 ? 5 : 9), size + " bytes: " + most);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 255, 4_096})
  void framesOfEverySizeComeOutOfAnyChunking(int chunk) {
    SplittableRandom random = new SplittableRandom(chunk);
    List<byte[]> sent = new ArrayList<>();
    for (int size = 1; size <= MTU; size++) {
      sent.add(random(random, size));
    }
    FrameStream stream = new FrameStream(MTU);
    List<byte[]> got = new ArrayList<>();
    byte[] line = join(sent.stream().map(FrameStream::framed).toList());
    for (int at = 0; at < line.length; at += chunk) {
      got.addAll(stream.feed(Arrays.copyOfRange(line, at, Math.min(at + chunk, line.length))));
    }
    assertFrames(sent, got);
    assertEquals(MTU, stream.frames());
    assertEquals(0, stream.garbageBytes());
  }

  @Test
  void aFrameAfterGarbageOfAnyLengthIsHeard() {
    SplittableRandom random = new SplittableRandom(2);
    for (int garbage = 0; garbage < 1_000; garbage++) {
      FrameStream stream = new FrameStream(MTU);
      byte[] frame = random(random, 1 + random.nextInt(MTU));
      assertEquals(0, stream.feed(random(random, garbage)).size());
      assertFrames(List.of(frame), stream.feed(FrameStream.framed(frame)));
    }
  }

  @Test
  void halfAFrameCostsOnlyItself() {
    SplittableRandom random = new SplittableRandom(3);
    byte[] cut = FrameStream.framed(random(random, 100));
    byte[] whole = random(random, 100);
    for (int at = 1; at < cut.length; at++) {
      for (byte[] half :
          List.of(Arrays.copyOf(cut, at - 1), Arrays.copyOfRange(cut, at + 1, 105))) {
        FrameStream stream = new FrameStream(MTU);
        assertFrames(List.of(whole), stream.feed(join(List.of(half, FrameStream.framed(whole)))));
      }
    }
  }

  @Test
  void aBitThatFlipsCostsTheFrameAndNeverTheNext() {
    SplittableRandom random = new SplittableRandom(4);
    byte[] frame = random(random, 60);
    byte[] next = random(random, 60);
    byte[] line = FrameStream.framed(frame);
    for (int bit = 8; bit < (line.length - 1) * 8; bit++) {
      byte[] bad = line.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      FrameStream stream = new FrameStream(MTU);
      assertFrames(List.of(next), stream.feed(join(List.of(bad, FrameStream.framed(next)))));
    }
  }

  @Test
  void aFrameLongerThanTheMtuIsGarbage() {
    SplittableRandom random = new SplittableRandom(5);
    FrameStream stream = new FrameStream(100);
    for (int size = 101; size < 2_000; size += 13) {
      assertEquals(0, stream.feed(FrameStream.framed(random(random, size))).size());
    }
    byte[] largest = random(random, 100);
    assertFrames(List.of(largest), stream.feed(FrameStream.framed(largest)));
  }

  @Test
  void everyByteIsPartOfAFrameOrCountedAsGarbage() {
    FrameStream stream = new FrameStream(100);
    byte[] noise = new byte[100_000];
    Arrays.fill(noise, (byte) 'x');
    stream.feed(noise);
    stream.feed(new byte[1]);
    assertEquals(noise.length, stream.garbageBytes());
    stream.feed(new byte[] {5, 5, 5});
    stream.restart();
    assertEquals(noise.length + 3, stream.garbageBytes());
    stream.feed(new byte[1_000]);
    assertEquals(noise.length + 3, stream.garbageBytes(), "delimiters are not garbage");
  }

  private static byte[] random(SplittableRandom random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.forEach(out::writeBytes);
    return out.toByteArray();
  }

  private static void assertFrames(List<byte[]> expected, List<byte[]> got) {
    assertEquals(expected.size(), got.size());
    for (int i = 0; i < got.size(); i++) {
      assertArrayEquals(expected.get(i), got.get(i), "frame " + i);
    }
  }
}
