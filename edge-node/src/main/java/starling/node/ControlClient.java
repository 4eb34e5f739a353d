package starling.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import starling.model.Delivery;

/**
 * One client of a control socket: it says a line, waits for what comes of it, reads that, and may
 * say the next. Each of these has its time.
 */
final class ControlClient {
  private static final int LINE_MAX_BYTES = 1024;
  private static final long PROGRESS_NANOS = 10_000_000_000L;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Host host;
  private final ByteBuffer line = ByteBuffer.allocate(LINE_MAX_BYTES);
  private ByteBuffer writing = ByteBuffer.allocate(0);
  private Iterator<String> lines = Collections.emptyIterator();
  private long waitsFor;
  private boolean ended;
  private long deadlineNanos;

  /** What a client may ask of its process. */
  interface Host {
    /** Takes a request and answers its id. */
    long ask(ControlRequest.Rows request);

    void sleep(ControlRequest.Sleep request);
  }

  /** A client that has just come. */
  ControlClient(SocketChannel channel, SelectionKey key, Host host, long nowNanos) {
    this.channel = channel;
    this.key = key;
    this.host = host;
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
      return take(ControlRequest.read(text), nowNanos);
    } catch (IllegalArgumentException e) {
      return say(InquiryJson.error("no request: " + e.getMessage()), nowNanos);
    }
  }

  private boolean take(ControlRequest request, long nowNanos) throws IOException {
    return switch (request) {
      case ControlRequest.Rows rows -> {
        waitsFor = host.ask(rows);
        deadlineNanos = nowNanos + rows.timeoutMillis() * 1_000_000 + PROGRESS_NANOS;
        yield true;
      }
      case ControlRequest.Sleep sleep -> {
        host.sleep(sleep);
        yield say(InquiryJson.sleeps(sleep.seconds()), nowNanos);
      }
    };
  }

  private boolean say(String answer, long nowNanos) throws IOException {
    lines = Collections.singleton(answer).iterator();
    return write(nowNanos);
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
