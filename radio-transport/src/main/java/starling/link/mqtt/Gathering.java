package starling.link.mqtt;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Messages that are handed to the client library together leave in one piece, where it would have
 * the system send each by itself: a packet, over TLS a record, and on the other side somebody woken
 * for each. One waits only for others that the library has already been given.
 */
final class Gathering extends FilterOutputStream {
  private static final int BYTES_MAX = 16 << 10;
  private static final int PUBLISH = 3; // MQTT 3.1.1, 2.2.1: the upper half of the first byte
  private static final int TYPE_SHIFT = 4;

  private final AtomicInteger toCome;
  private final int messagesMax;
  private final byte[] held = new byte[BYTES_MAX];
  private int length;
  private int messages;
  private boolean within; // a packet
  private boolean message; // it is one

  /**
   * Before anything is written.
   *
   * @param toCome messages that the library has been given and has not written yet
   * @param messagesMax so many are held back at most: with all of them in here the library would
   *     wait for acknowledgements, and they for it
   */
  Gathering(OutputStream to, AtomicInteger toCome, int messagesMax) {
    super(to);
    this.toCome = toCome;
    this.messagesMax = messagesMax;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] from, int at, int count) throws IOException {
    if (!within && count > 0) {
      within = true;
      message = (from[at] & 0xFF) >> TYPE_SHIFT == PUBLISH;
    }
    if (length + count > BYTES_MAX) {
      leave();
    }
    if (count > BYTES_MAX) {
      out.write(from, at, count);
      return;
    }
    System.arraycopy(from, at, held, length, count);
    length += count;
  }

  /** The library does so after each packet. */
  @Override
  public void flush() throws IOException {
    within = false;
    messages++;
    int left = message ? toCome.decrementAndGet() : toCome.get();
    message = false;
    if (left <= 0 || messages >= messagesMax) {
      leave();
    }
  }

  private void leave() throws IOException {
    messages = 0;
    if (length > 0) {
      int count = length;
      length = 0;
      out.write(held, 0, count);
    }
    out.flush();
  }
}
