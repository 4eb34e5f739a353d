package starling.link.mqtt;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedPacketsTest {
  private static final int PUBLISH = 0x30;
  private static final int PUBLISH_QOS_1 = 0x32;
  private static final int PUBACK = 0x40;
  private static final int SUBACK = 0x90;
  private static final int MAX_BYTES = 200;
  private static final HexFormat HEX = HexFormat.of();

  private final LongAdder leftOut = new LongAdder();
  private final List<String> messages = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void messagesAreHandedOverThoseAboveTheLimitAreLeftOutAndAllElsePassesUnchanged(int chunkBytes)
      throws IOException {
    Random random = new Random(chunkBytes);
    var sent = new ByteArrayOutputStream();
    var passing = new ByteArrayOutputStream();
    List<String> expected = new ArrayList<>();
    long tooLarge = 0;
    for (int i = 0; i < 500; i++) {
      byte[] acknowledgement = packet(PUBACK, 2, random);
      sent.write(acknowledgement);
      passing.write(acknowledgement);
      String topic = "zone/" + i;
      byte[] payload = new byte[random.nextInt(2 * MAX_BYTES)];
      random.nextBytes(payload);
      sent.write(publish(PUBLISH | i % 2, topic, payload));
      if (2 + topic.length() + payload.length <= MAX_BYTES) {
        expected.add(topic + " " + HEX.formatHex(payload) + " " + (i % 2 == 1));
      } else {
        tooLarge++;
      }
    }
    sent.write(packet(PUBLISH, 3_000_000, random));

    assertArrayEquals(passing.toByteArray(), readAll(sent.toByteArray(), chunkBytes));
    assertEquals(expected, messages);
    assertEquals(tooLarge + 1, leftOut.sum());
  }

  @Test
  void aMessageThatEndsBeforeItsTopicDoesEndsTheConnection() {
    assertThrows(IOException.class, () -> readAll(new byte[] {PUBLISH, 0}, 64));
    assertThrows(IOException.class, () -> readAll(new byte[] {PUBLISH, 1, 0}, 64));
    assertThrows(IOException.class, () -> readAll(new byte[] {PUBLISH, 3, 0, 2, 'a'}, 64));
    assertThrows(IOException.class, () -> readAll(new byte[] {PUBLISH, 5, 0, 1, 'a', 'b'}, 64));
    assertEquals(List.of(), messages);
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
    try (InputStream in =
        new BoundedPackets(
            new ByteArrayInputStream(sent),
            MAX_BYTES,
            leftOut,
            (topic, payload, retained) ->
                messages.add(topic + " " + HEX.formatHex(payload) + " " + retained))) {
      var all = new ByteArrayOutputStream();
      byte[] chunk = new byte[chunkBytes];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        all.write(chunk, 0, count);
      }
      return all.toByteArray();
    }
  }

  private static byte[] packet(int first, int bodyBytes, Random random) throws IOException {
    byte[] body = new byte[bodyBytes];
    random.nextBytes(body);
    return packet(first, body);
  }

  private static byte[] publish(int first, String topic, byte[] payload) throws IOException {
    var body = new ByteArrayOutputStream();
    body.write(new byte[] {0, (byte) topic.length()});
    body.write(topic.getBytes(US_ASCII));
    body.write(payload);
    return packet(first, body.toByteArray());
  }

  private static byte[] packet(int first, byte[] body) throws IOException {
    var packet = new ByteArrayOutputStream();
    packet.write(first);
    for (int rest = body.length; ; rest >>>= 7) {
      if (rest < 0x80) {
        packet.write(rest);
        break;
      }
      packet.write(rest & 0x7F | 0x80);
    }
    packet.write(body);
    return packet.toByteArray();
  }
}
