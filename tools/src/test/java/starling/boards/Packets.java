package starling.boards;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Frames out of the bytes that one radio sends: {@code 00 | COBS(frame | CRC-16) | 00}. */
final class Packets {
  private static final int CRC_BYTES = 2;
  private static final int CRC_POLYNOMIAL = 0x1021;
  private static final int BLOCK_MAX = 0xFF;

  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

  /** The frames that end with these bytes; what a lost packet tore is left out. */
  List<byte[]> frames(byte[] packet) {
    List<byte[]> frames = new ArrayList<>();
    for (byte one : packet) {
      if (one != 0) {
        pending.write(one);
      } else {
        decoded(pending.toByteArray()).ifPresent(frames::add);
        pending.reset();
      }
    }
    return frames;
  }

  private static Optional<byte[]> decoded(byte[] stuffed) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    for (int at = 0; at < stuffed.length; ) {
      int code = stuffed[at] & 0xFF;
      if (at + code > stuffed.length) {
        return Optional.empty();
      }
      plain.write(stuffed, at + 1, code - 1);
      at += code;
      if (code < BLOCK_MAX && at < stuffed.length) {
        plain.write(0);
      }
    }
    byte[] all = plain.toByteArray();
    boolean isWhole = all.length > CRC_BYTES && crc(all) == 0;
    return isWhole ? Optional.of(Arrays.copyOf(all, all.length - CRC_BYTES)) : Optional.empty();
  }

  /** CRC-16/IBM-3740, which is 0 over bytes and their own. */
  private static int crc(byte[] bytes) {
    int crc = 0xFFFF;
    for (byte one : bytes) {
      crc ^= (one & 0xFF) << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc << 1 ^ ((crc & 0x8000) != 0 ? CRC_POLYNOMIAL : 0);
      }
      crc &= 0xFFFF;
    }
    return crc;
  }
}
