package starling.node;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whoever started this process and watches it: systemd, by the protocol of sd_notify(3). It is told
 * that the node is ready, that its engine still works, and that it stops. Datagrams to a Unix
 * socket, which Java's own sockets do not send; without such a supervisor none of this is loaded.
 */
final class Supervisor {
  private static final Logger LOG = System.getLogger(Supervisor.class.getName());

  /** How long an engine that works may do nothing: it wakes at least every ten seconds. */
  private static final long IDLE_MAX_NANOS = 30_000_000_000L;

  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 0x80002;
  private static final int MSG_NOSIGNAL = 0x4000;

  /** {@code struct sockaddr_un}: the family, then the path. */
  private static final int ADDRESS_BYTES = 110;

  private final String socket;
  private final OptionalLong watchdogMillis;

  private volatile @Nullable LongSupplier idle; // how long ago it worked; null before it is ready

  private Supervisor(String socket, OptionalLong watchdogMillis) {
    this.socket = socket;
    this.watchdogMillis = watchdogMillis;
  }

  /** The one that an environment names, if any. */
  static Optional<Supervisor> of(Map<String, String> environment) {
    String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
    int bytes = socket.getBytes(UTF_8).length;
    if (!socket.startsWith("/") && !socket.startsWith("@") || bytes > ADDRESS_BYTES - 3) {
      return Optional.empty();
    }
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    return Optional.of(
        new Supervisor(
            socket,
            micros.matches("[0-9]{1,15}")
                ? OptionalLong.of(Long.parseLong(micros) / 1000)
                : OptionalLong.empty()));
  }

  /**
   * The node runs; from now on it is told thrice a watchdog's time that the engine works, as long
   * as it does.
   *
   * @param idleNanos how long ago the engine has done something
   */
  void ready(String status, LongSupplier idleNanos) {
    boolean first = idle == null;
    idle = idleNanos;
    say("READY=1\nSTATUS=" + status);
    if (first) {
      watchdogMillis.ifPresent(
          millis -> Thread.ofPlatform().name("watchdog").daemon().start(() -> watch(millis / 3)));
    }
  }

  /** The board waits for a place, which may take days: that is work as well. */
  void waiting(String status) {
    ready(status, () -> 0);
  }

  private void watch(long everyMillis) {
    try {
      while (true) {
        LongSupplier now = idle;
        if (now == null || now.getAsLong() < IDLE_MAX_NANOS) {
          say("WATCHDOG=1");
        }
        Thread.sleep(Math.max(1, everyMillis));
      }
    } catch (InterruptedException e) {
      // Nobody does that.
    }
  }

  /** It ends, as it was told. */
  void stopping() {
    say("STOPPING=1");
  }

  private void say(String state) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(ADDRESS_BYTES);
      byte[] path = socket.getBytes(UTF_8);
      address.set(JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(path, 0, address, JAVA_BYTE, 2, path.length);
      if (path[0] == '@') {
        address.set(JAVA_BYTE, 2, (byte) 0); // a name without a file
      }
      byte[] text = state.getBytes(UTF_8);
      Posix.send(arena.allocateFrom(JAVA_BYTE, text), text.length, address, 2 + path.length);
    } catch (Throwable e) { // a MethodHandle may throw whatever it likes
      LOG.log(Level.WARNING, "the supervisor can''t be told anything: {0}", e.toString());
    }
  }

  /** The C library's functions, looked up when there is a supervisor. */
  private static final class Posix {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SOCKET =
        function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SENDTO =
        function(
            "sendto",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CLOSE =
        function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private static MethodHandle function(String name, FunctionDescriptor form) {
      return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), form);
    }

    static void send(MemorySegment text, int count, MemorySegment address, int addressBytes)
        throws Throwable {
      int file = (int) SOCKET.invokeExact(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
      if (file < 0) {
        throw new IllegalStateException("no socket");
      }
      try {
        long sent =
            (long)
                SENDTO.invokeExact(file, text, (long) count, MSG_NOSIGNAL, address, addressBytes);
        if (sent != count) {
          throw new IllegalStateException("the socket takes nothing");
        }
      } finally {
        int _ = (int) CLOSE.invokeExact(file);
      }
    }
  }
}
