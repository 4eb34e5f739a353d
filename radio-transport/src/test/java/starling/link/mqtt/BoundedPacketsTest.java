package starling.link.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedPacketsTest {
  private static final int PUBLISH = 0x30;
  private static final int PUBLISH_QOS_1 = 0x32;
  private static final int SUBACK = 0x90;
  private static final int MAX_BYTES = 200;

  private final LongAdder leftOut = new LongAdder();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void packetsAboveTheLimitAreLeftOutAndAllOthersPassUnchanged(int chunkBytes) throws IOException {
    Random random = new Random(chunkBytes);
    var sent = new ByteArrayOutputStream();
    var expected = new ByteArrayOutputStream();
    long tooLarge = 0;
    for (int i = 0; i < 500; i++) {
      byte[] packet = packet(PUBLISH, random.nextInt(2 * MAX_BYTES), random);
      sent.write(packet);
      if (packet.length - headBytes(packet) <= MAX_BYTES) {
        expected.write(packet);
      } else {
        tooLarge++;
      }
    }
    sent.write(packet(PUBLISH, 3_000_000, random));

    assertArrayEquals(expected.toByteArray(), readAll(sent.toByteArray(), chunkBytes));
    assertEquals(tooLarge + 1, leftOut.sum());
  }

  @ParameterizedTest
  @ValueSource(ints = {PUBLISH_QOS_1, SUBACK})
  void aLargePacketThatCannotBeLeftOutEndsTheConnection(int type) throws IOException {
    byte[] packet = packet(type, MAX_BYTES + 1, new Random(1));
    assertThrows(IOException.class, () -> readAll(packet, 64));
  }

  @Test
  void aLengthOfMoreThanFourBytesEndsTheConnection() {
    byte[] packet = {PUBLISH, -1, -1, -1, -1, 1};
    assertThrows(IOException.class, () -> readAll(packet, 64));
  }

  @Test
  void aConnectionThatEndsInsideAHeadIsAnError() {
    assertThrows(IOException.class, () -> readAll(new byte[] {PUBLISH, -1}, 64));
    assertThrows(IOException.class, () -> readAll(new byte[] {PUBLISH, -1, -1, 3, 0}, 64));
  }

  private byte[] readAll(byte[] sent, int chunkBytes) throws IOException {
    try (InputStream in = new BoundedPackets(new ByteArrayInputStream(sent), MAX_BYTES, leftOut)) {
      var all = new ByteArrayOutputStream();
      byte[] chunk = new byte[chunkBytes];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        all.write(chunk, 0, count);
      }
      return all.toByteArray();
    }
  }

  private static byte[] packet(int first, int bodyBytes, Random random) throws IOException {
    var packet = new ByteArrayOutputStream();
    packet.write(first);
    for (int rest = bodyBytes; ; rest >>>= 7) {
      if (rest < 0x80) {
        packet.write(rest);
        break;
      }
      packet.write(rest & 0x7F | 0x80);
    }
    byte[] body = new byte[bodyBytes];
    random.nextBytes(body);
    packet.write(body);
    return packet.toByteArray();
  }

  private static int headBytes(byte[] packet) {
    int index = 1;
    while (packet[index] < 0) {
      index++;
    }
    return index + 1;
  }
}
