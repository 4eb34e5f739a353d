package starling.bench.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What one would send instead: a message with the readings as JSON, sealed by {@link AesGcm}. No
 * rounds, no repair, no replay window, no budget.
 */
final class Json {
  private final Gson gson = new Gson();
  private final AesGcm cipher = new AesGcm();
  private final Map<String, Message> held = new HashMap<>();
  private byte[][] frames = new byte[0][];
  private long number;

  private record Message(String node, long ts, Map<String, Double> values) {}

  /** The peer of {@link Windows#encode}. */
  Case encode() {
    return new Case("encode_json", "the same readings as JSON, by AES-128-GCM", this::encode);
  }

  /** The peer of {@link Windows#decode}. */
  Case decode() {
    return new Case(
        "decode_json", "such a message is opened, read and held", this::prepare, this::decode);
  }

  private byte[] message() {
    long millis = (Cell.START_NANOS + number * Cell.WINDOW_NANOS) / 1_000_000;
    String text = gson.toJson(new Message("/bench/cell/a", millis, Cell.READINGS));
    return cipher.seal(number++, text.getBytes(UTF_8));
  }

  private long encode(int operations) {
    long bytes = 0;
    for (int i = 0; i < operations; i++) {
      bytes += message().length;
    }
    return bytes;
  }

  private void prepare(int operations) {
    number = 0;
    frames = new byte[operations][];
    Arrays.setAll(frames, _ -> message());
  }

  private long decode(int operations) {
    long bytes = 0;
    for (int i = 0; i < operations; i++) {
      String text = new String(cipher.open(i, frames[i]), UTF_8);
      Message message = gson.fromJson(text, Message.class);
      held.put(message.node(), message);
      bytes += frames[i].length;
    }
    return bytes;
  }
}
