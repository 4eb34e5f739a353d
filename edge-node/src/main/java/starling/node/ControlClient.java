package starling.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import starling.model.Delivery;

/**
 * One client of a control socket: it says a line, waits for what comes of it, reads that, and may
 * say the next. Each of these has its time.
 */
final class ControlClient {
  private static final int LINE_MAX_BYTES = 1024;
  private static final int TIMEOUT_DEFAULT_SECONDS = 30;
  private static final int TIMEOUT_MAX_SECONDS = 3600;
  private static final long PROGRESS_NANOS = 10_000_000_000L;
  private static final Set<String> KEYS = Set.of("zones", "query", "timeout_s");

  private final SocketChannel channel;
  private final SelectionKey key;
  private final ToLongFunction<Request> asks;
  private final ByteBuffer line = ByteBuffer.allocate(LINE_MAX_BYTES);
  private ByteBuffer writing = ByteBuffer.allocate(0);
  private Iterator<String> lines = Collections.emptyIterator();
  private long waitsFor;
  private boolean ended;
  private long deadlineNanos;

  /** What a line asks for. */
  record Request(String zone, String query, long timeoutMillis) {
    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException it says no request
     */
    static Request read(String line) {
      Map<String, String> members = Json.flat(line);
      for (String name : members.keySet()) {
        if (!KEYS.contains(name)) {
          throw new IllegalArgumentException(
              "unknown key " + name + "; there are zones, query, timeout_s");
        }
      }
      int seconds =
          Integer.parseInt(
              members.getOrDefault("timeout_s", String.valueOf(TIMEOUT_DEFAULT_SECONDS)));
      if (seconds < 1 || seconds > TIMEOUT_MAX_SECONDS) {
        throw new IllegalArgumentException("timeout_s is 1 to " + TIMEOUT_MAX_SECONDS);
      }
      String zone = members.getOrDefault("zones", "");
      return new Request(zone, members.getOrDefault("query", ""), seconds * 1000L);
    }
  }

  /**
   * A client that has just come.
   *
   * @param asks takes a request and answers its id
   */
  ControlClient(
      SocketChannel channel, SelectionKey key, ToLongFunction<Request> asks, long nowNanos) {
    this.channel = channel;
    this.key = key;
    this.asks = asks;
    this.deadlineNanos = nowNanos + PROGRESS_NANOS;
  }

  /** Something came of an inquiry: perhaps of this client's. */
  void answer(Delivery.Inquired answer) {
    if (waitsFor != 0 && answer.id() == waitsFor) {
      waitsFor = 0;
      lines = InquiryJson.lines(answer);
      deadlineNanos = System.nanoTime() + PROGRESS_NANOS;
    }
  }

  /** Reads and writes what can be without waiting; answers whether this client stays. */
  boolean serve(long nowNanos) {
    try {
      boolean stays = write(nowNanos) && read(nowNanos) && nowNanos < deadlineNanos;
      if (!stays) {
        close();
      }
      return stays;
    } catch (IOException e) {
      close();
      return false;
    }
  }

  private boolean write(long nowNanos) throws IOException {
    while (writing.hasRemaining() || lines.hasNext()) {
      if (!writing.hasRemaining()) {
        writing = ByteBuffer.wrap(lines.next().getBytes(StandardCharsets.UTF_8));
      }
      if (channel.write(writing) > 0) {
        deadlineNanos = nowNanos + PROGRESS_NANOS;
      }
      if (writing.hasRemaining()) {
        key.interestOps(SelectionKey.OP_WRITE);
        return true;
      }
    }
    key.interestOps(ended ? 0 : SelectionKey.OP_READ);
    return !ended || waitsFor != 0 || end() >= 0;
  }

  /** Answers whether the client is still there. */
  private boolean read(long nowNanos) throws IOException {
    ended |= channel.read(line) < 0; // it may still wait for what it asked
    boolean busy = waitsFor != 0 || writing.hasRemaining() || lines.hasNext();
    int end = end();
    if (busy || end < 0) {
      if (ended) {
        return busy;
      }
      return line.hasRemaining(); // a line that is too long is no line
    }
    String text = new String(line.array(), 0, end, StandardCharsets.UTF_8);
    line.flip().position(end + 1);
    line.compact();
    try {
      Request request = Request.read(text);
      waitsFor = asks.applyAsLong(request);
      deadlineNanos = nowNanos + request.timeoutMillis() * 1_000_000 + PROGRESS_NANOS;
    } catch (IllegalArgumentException e) {
      lines = Collections.singleton(InquiryJson.error("no request: " + e.getMessage())).iterator();
      return write(nowNanos);
    }
    return true;
  }

  private int end() {
    for (int i = 0; i < line.position(); i++) {
      if (line.array()[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // it is gone anyway
    }
  }
}
