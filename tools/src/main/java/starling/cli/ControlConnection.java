package starling.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A conversation with a running node or gateway: a line each way. */
final class ControlConnection implements AutoCloseable {
  private static final int LINES_MAX = 4096;

  private final SocketChannel channel;
  private final BlockingQueue<Optional<String>> heard = new LinkedBlockingQueue<>(LINES_MAX);

  private ControlConnection(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * Opens one.
   *
   * @throws IOException nobody listens there
   */
  static ControlConnection open(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    ControlConnection connection = new ControlConnection(channel);
    Thread.ofPlatform().name("control").daemon().start(connection::listen);
    return connection;
  }

  private void listen() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        heard.put(Optional.of(line));
      }
      heard.put(Optional.empty());
    } catch (IOException e) {
      heard.offer(Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void say(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** The next line; nothing if none comes in time. */
  Optional<String> next(long waitMillis) throws IOException, InterruptedException {
    Optional<String> line = heard.poll(waitMillis, TimeUnit.MILLISECONDS);
    if (line != null && line.isEmpty()) {
      throw new IOException("the process ended the conversation: is it busy, or stopping?");
    }
    return line == null ? Optional.empty() : line;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
