package starling.gateway.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A way to a broker on which, once it is told to, nothing comes back. */
final class DeafProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int port;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean swallowing;
  private volatile boolean swallowed;

  private DeafProxy(ServerSocket server, int port) {
    this.server = server;
    this.port = port;
  }

  static DeafProxy to(int port) throws IOException {
    DeafProxy proxy =
        new DeafProxy(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()), port);
    Thread.ofVirtual().start(proxy::accept);
    return proxy;
  }

  URI uri() {
    return URI.create("mqtt://127.0.0.1:" + server.getLocalPort());
  }

  /** What the broker says from now on is lost. */
  void swallow() {
    swallowing = true;
  }

  /** Whether anything was. */
  boolean hasSwallowed() {
    return swallowed;
  }

  /** All connections end; new ones work. */
  void cut() {
    sockets.forEach(DeafProxy::close);
    sockets.clear();
    swallowing = false;
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket broker = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.addAll(List.of(client, broker));
        Thread.ofVirtual().start(() -> copy(client, broker, false));
        Thread.ofVirtual().start(() -> copy(broker, client, true));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void copy(Socket from, Socket to, boolean back) {
    byte[] buffer = new byte[8192];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (!back || !swallowing) {
          out.write(buffer, 0, n);
        } else {
          swallowed = true;
        }
      }
    } catch (IOException e) {
      // Cut.
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Closed already.
    }
  }
}
