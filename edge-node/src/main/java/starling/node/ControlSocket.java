package starling.node;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import starling.engine.Local;
import starling.model.Delivery;

/**
 * How a process is asked on its own machine: a Unix domain socket in its state directory, for its
 * owner alone (mode 0600), a line of JSON each way ({@link ControlRequest}).
 *
 * <p>One thread of its own serves all clients and waits for none: what a client does not read in
 * time ends its connection, and the engine's thread only leaves answers in a queue.
 */
final class ControlSocket implements ControlClient.Host, AutoCloseable {
  /** Its name in the state directory. */
  static final String NAME = "control";

  private static final Logger LOG = System.getLogger(ControlSocket.class.getName());
  private static final int CLIENTS_MAX = 4;
  private static final int ANSWERS_MAX = 4 * CLIENTS_MAX;
  private static final long LOOK_MILLIS = 1_000;

  private final Path file;
  private final ServerSocketChannel door;
  private final Selector selector;
  private final String root;
  private final Consumer<Local> engine;
  private final Queue<Delivery.Inquired> answers = new ArrayBlockingQueue<>(ANSWERS_MAX);
  private final List<ControlClient> clients = new ArrayList<>();
  private final Thread thread = Thread.ofPlatform().name("control").daemon().unstarted(this::run);
  private volatile boolean running = true;
  private long lastId;

  private ControlSocket(
      Path file, ServerSocketChannel door, Selector selector, String root, Consumer<Local> engine) {
    this.file = file;
    this.door = door;
    this.selector = selector;
    this.root = root;
    this.engine = engine;
  }

  /**
   * Opens the socket, in place of one that an earlier process left; without one if there can be
   * none, as on a file system without sockets.
   *
   * @param root the root zone's path
   * @param engine takes what is asked; must not block
   */
  static @Nullable ControlSocket open(Path state, String root, Consumer<Local> engine) {
    Path file = state.resolve(NAME);
    ServerSocketChannel door = null;
    try {
      Selector selector = Selector.open();
      door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      bind(door, state, file);
      door.configureBlocking(false);
      door.register(selector, SelectionKey.OP_ACCEPT);
      ControlSocket socket = new ControlSocket(file, door, selector, root, engine);
      socket.thread.start();
      return socket;
    } catch (IOException | UnsupportedOperationException e) {
      LOG.log(Level.WARNING, "nobody can ask this process: no socket {0}: {1}", file, e.toString());
      closeQuietly(door);
      return null;
    }
  }

  /** Made where only its owner may look, and moved once it is its owner's alone. */
  private static void bind(ServerSocketChannel door, Path state, Path file) throws IOException {
    Path room =
        Files.createTempDirectory(
            state,
            NAME,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path made = room.resolve("s");
    try {
      door.bind(UnixDomainSocketAddress.of(made), CLIENTS_MAX);
      Files.setPosixFilePermissions(made, SmallFile.OWNER_ONLY);
      Files.deleteIfExists(file);
      Files.move(made, file);
    } finally {
      Files.deleteIfExists(made);
      Files.delete(room);
    }
  }

  /** An answer, from the engine's thread; never waits. */
  void answer(Delivery.Inquired answer) {
    answers.offer(answer); // there is room for more than can be asked
    selector.wakeup();
  }

  private void run() {
    try {
      while (running) {
        selector.select(LOOK_MILLIS);
        selector.selectedKeys().clear();
        for (Delivery.Inquired answer = answers.poll(); answer != null; answer = answers.poll()) {
          for (ControlClient client : clients) {
            client.answer(answer);
          }
        }
        clients.removeIf(client -> !client.serve(System.nanoTime()));
        accept();
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "nobody can ask this process any more: {0}", e.toString());
    } finally {
      clients.forEach(ControlClient::close);
      closeQuietly(door);
      closeQuietly(selector);
    }
  }

  /** Lets in as many as there is room for; who comes then waits at the door. */
  private void accept() throws IOException {
    SocketChannel next = clients.size() < CLIENTS_MAX ? door.accept() : null;
    while (next != null) {
      next.configureBlocking(false);
      SelectionKey key = next.register(selector, SelectionKey.OP_READ);
      clients.add(new ControlClient(next, key, this, System.nanoTime()));
      next = clients.size() < CLIENTS_MAX ? door.accept() : null;
    }
    boolean room = clients.size() < CLIENTS_MAX;
    door.keyFor(selector).interestOps(room ? SelectionKey.OP_ACCEPT : 0);
  }

  @Override
  public long ask(ControlRequest.Rows request) {
    long id = ++lastId;
    String zone = request.zone().isEmpty() ? root : request.zone();
    engine.accept(new Local.Inquiry(id, zone, request.query(), request.timeoutMillis()));
    return id;
  }

  @Override
  public void sleep(ControlRequest.Sleep request) {
    LOG.log(
        Level.INFO,
        request.seconds() == 0 ? "awake, as asked" : "silent for {0} s, as asked",
        Integer.toString(request.seconds()));
    engine.accept(request.said());
  }

  private static void closeQuietly(@Nullable AutoCloseable one) {
    try {
      if (one != null) {
        one.close();
      }
    } catch (Exception e) {
      // it is not needed any more
    }
  }

  @Override
  public void close() {
    running = false;
    selector.wakeup();
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // the next process replaces it
    }
  }
}
