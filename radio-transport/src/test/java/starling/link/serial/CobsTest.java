package starling.link.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CobsTest {
  @ParameterizedTest
  @CsvSource({
    "'', 01",
    "00, 0101",
    "0000, 010101",
    "001100, 01021101",
    "11220033, 0311220233",
    "11223344, 0511223344",
    "11000000, 0211010101",
  })
  void smallExamplesEncodeAsWorkedOutByHand(String plain, String encoded) {
    assertEquals(encoded, HexFormat.of().formatHex(encode(HexFormat.of().parseHex(plain))));
  }

  @Test
  void aFullBlockNeedsNoZeroAfterIt() {
    byte[] full = bytes(254, 1);
    assertEquals(255, encode(full).length);
    assertEquals(257, encode(bytes(255, 1)).length);
    byte[] fullThenZero = Arrays.copyOf(full, 255);
    assertArrayEquals(new byte[] {1, 1}, Arrays.copyOfRange(encode(fullThenZero), 255, 257));
    assertArrayEquals(fullThenZero, decode(encode(fullThenZero)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anyBytesComeBackAndHaveNoZeroOnTheWay(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 5_000; round++) {
      byte[] plain = new byte[random.nextInt(round % 10 == 0 ? 1_100 : 40)];
      random.nextBytes(plain);
      int zerosIn = 1 + random.nextInt(300);
      for (int i = 0; i < plain.length; i++) {
        plain[i] = random.nextInt(zerosIn) == 0 ? 0 : plain[i];
      }
      byte[] encoded = encode(plain);
      assertEquals(-1, indexOfZero(encoded));
      assertTrue(encoded.length <= Cobs.encodedMax(plain.length));
      assertArrayEquals(encodeByBlocks(plain), encoded);
      assertArrayEquals(plain, decode(encoded));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "02", "0300", "020001", "05111111", "FF01", "0511220044"})
  void whatIsNoEncodingIsRefused(String malformed) {
    assertNull(decode(HexFormat.of().parseHex(malformed)));
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6})
  void whateverDecodesEncodesToTheSameBytes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int decoded = 0;
    for (int round = 0; round < 100_000; round++) {
      byte[] any = new byte[1 + random.nextInt(8)];
      for (int i = 0; i < any.length; i++) {
        any[i] = (byte) (1 + random.nextInt(9));
      }
      byte[] plain = decode(any);
      if (plain != null) {
        decoded++;
        assertArrayEquals(any, encode(plain));
      }
    }
    assertTrue(decoded > 1_000);
  }

  private static byte[] encode(byte[] plain) {
    byte[] into = new byte[Cobs.encodedMax(plain.length)];
    return Arrays.copyOf(into, Cobs.encode(plain, into, 0));
  }

  private static byte[] decode(byte[] encoded) {
    return Cobs.decode(encoded, encoded.length);
  }

  /** The paper's description word by word: append a zero, cut after each zero, count each piece. */
  private static byte[] encodeByBlocks(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] rest = Arrays.copyOf(plain, plain.length + 1);
    while (rest.length > 0) {
      int zero = indexOfZero(rest);
      int take = Math.min(zero, 254);
      out.write(take + 1);
      out.write(rest, 0, take);
      boolean zeroTaken = zero < 254;
      boolean onlyTheAppendedZeroIsLeft = !zeroTaken && rest.length == take + 1;
      rest = Arrays.copyOfRange(rest, take + (zeroTaken ? 1 : 0), rest.length);
      if (onlyTheAppendedZeroIsLeft) {
        break;
      }
    }
    return out.toByteArray();
  }

  private static int indexOfZero(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return i;
      }
    }
    return -1;
  }

  private static byte[] bytes(int count, int value) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
