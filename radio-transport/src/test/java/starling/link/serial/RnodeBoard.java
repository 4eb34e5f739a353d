package starling.link.serial;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a board with RNode firmware answers, by the firmware's published commands. */
final class RnodeBoard {
  /** Settings that it takes otherwise than asked. */
  final Map<Integer, Long> takes = new ConcurrentHashMap<>();

  /** Commands that it does not answer. */
  final Set<Integer> ignores = new TreeSet<>();

  /** Frames that went on the air. */
  final List<byte[]> sent = new CopyOnWriteArrayList<>();

  int major = 1;
  int minor = 74;
  int preambleSymbols = 18;
  boolean radioWorks = true;
  boolean startsByItself;

  private final Map<Integer, Long> settings = new TreeMap<>();
  private final Map<Integer, Long> running = new TreeMap<>();
  private boolean on;

  /** Power on, or a reset: everything is forgotten; a boot loader's text, then its first words. */
  synchronized byte[] boot() {
    settings.clear();
    running.clear();
    on = startsByItself;
    byte[] text = "ets Jul 29 rst:0x1 (POWERON_RESET)\r\n".getBytes(StandardCharsets.US_ASCII);
    return KissStream.join(text, NaiveKiss.line(0x55, new byte[] {(byte) 0xF8}));
  }

  /** Whether the radio runs with this value. */
  synchronized boolean runsWith(int command, long value) {
    return on && Long.valueOf(value).equals(running.get(command));
  }

  /** What it says when a frame comes from the air: nothing while its radio is off. */
  synchronized byte[] hears(byte[] frame) {
    if (!on) {
      return new byte[0];
    }
    return KissStream.join(
        NaiveKiss.line(0x23, new byte[] {(byte) (157 - 90)}),
        NaiveKiss.line(0x24, new byte[] {(byte) (-5 * 4)}),
        NaiveKiss.line(0x00, frame));
  }

  /** What it answers to a message, its command in front. */
  synchronized byte[] obey(byte[] message) {
    int command = message[0] & 0xFF;
    byte[] value = Arrays.copyOfRange(message, 1, message.length);
    if (ignores.contains(command)) {
      return new byte[0];
    }
    boolean asks = Arrays.equals(value, command < 0x03 ? new byte[4] : new byte[] {-1});
    if (command >= 0x01 && command <= 0x05 && asks) {
      return told(command, settings.getOrDefault(command, 0L), command < 0x03 ? 4 : 1);
    }
    return switch (command) {
      case 0x00 -> {
        if (on) {
          sent.add(value);
        }
        yield new byte[0];
      }
      case 0x01, 0x02 -> set(command, ByteBuffer.wrap(value).getInt() & 0xFFFF_FFFFL, 4);
      case 0x03, 0x04, 0x05 -> set(command, value[0], 1);
      case 0x06 -> radio(value[0] & 0xFF);
      case 0x08 -> value[0] == 0x73 ? NaiveKiss.line(0x08, new byte[] {0x46}) : new byte[0];
      case 0x50 -> NaiveKiss.line(0x50, new byte[] {(byte) major, (byte) minor});
      default -> new byte[0];
    };
  }

  /** A radio that runs by itself keeps what it runs with, and answers what was asked. */
  private byte[] set(int command, long asked, int bytes) {
    long taken = takes.getOrDefault(command, asked);
    settings.put(command, taken);
    return told(command, taken, bytes);
  }

  private static byte[] told(int command, long taken, int bytes) {
    byte[] whole = ByteBuffer.allocate(8).putLong(taken).array();
    return NaiveKiss.line(command, Arrays.copyOfRange(whole, 8 - bytes, 8));
  }

  private byte[] radio(int state) {
    byte[] more = new byte[0];
    if (state == 1 && !radioWorks) {
      more = NaiveKiss.line(0x90, new byte[] {1});
    } else if (state == 1 && !on) {
      on = true;
      running.putAll(settings);
      byte[] physical = ByteBuffer.allocate(12).putShort(4, (short) preambleSymbols).array();
      more = NaiveKiss.line(0x26, physical);
    } else if (state == 0) {
      on = false;
    }
    return KissStream.join(more, NaiveKiss.line(0x06, new byte[] {(byte) (on ? 1 : 0)}));
  }
}
