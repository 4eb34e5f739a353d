package starling.node;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SupervisorTest {
  private static final Linker LINKER = Linker.nativeLinker();

  @TempDir Path directory;

  /** What systemd does: a datagram socket that is bound to a path. */
  private static final class Ear {
    private final int file;

    Ear(Path path, boolean abstractName) throws Throwable {
      file = (int) call("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT).invokeExact(1, 2, 0);
      byte[] name = path.toString().getBytes(UTF_8);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment address = arena.allocate(110);
        address.set(JAVA_SHORT, 0, (short) 1);
        MemorySegment.copy(name, 0, address, JAVA_BYTE, abstractName ? 3 : 2, name.length);
        int bytes = 2 + name.length + (abstractName ? 1 : 0);
        MethodHandle bind = call("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
        assertEquals(0, (int) bind.invokeExact(file, address, bytes));
      }
    }

    String hear() throws Throwable {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment into = arena.allocate(512);
        MethodHandle recv = call("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
        long count = (long) recv.invokeExact(file, into, 512L, 0);
        byte[] bytes = new byte[(int) count];
        MemorySegment.copy(into, JAVA_BYTE, 0, bytes, 0, bytes.length);
        return new String(bytes, UTF_8);
      }
    }

    private static MethodHandle call(String name, MemoryLayout answer, MemoryLayout... takes) {
      return LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(answer, takes));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void itHearsThatTheNodeIsReadyWorksAndStops(boolean abstractName) throws Throwable {
    Path path = directory.resolve("notify");
    Ear ear = new Ear(path, abstractName);
    Supervisor supervisor =
        Supervisor.of(
                Map.of("NOTIFY_SOCKET", (abstractName ? "@" : "") + path, "WATCHDOG_USEC", "30000"))
            .orElseThrow();
    supervisor.ready("/orchard/north/n17", () -> 0);
    assertEquals("READY=1\nSTATUS=/orchard/north/n17", ear.hear());
    assertEquals("WATCHDOG=1", ear.hear());
    assertEquals("WATCHDOG=1", ear.hear());
  }

  @Test
  void anEngineThatHangsIsNotSaidToWork() throws Throwable {
    Path path = directory.resolve("notify");
    Ear ear = new Ear(path, false);
    AtomicLong asked = new AtomicLong();
    Supervisor supervisor =
        Supervisor.of(Map.of("NOTIFY_SOCKET", path.toString(), "WATCHDOG_USEC", "6000"))
            .orElseThrow();
    supervisor.ready("", () -> asked.incrementAndGet() < 3 ? 0 : 31_000_000_000L);
    assertEquals("READY=1\nSTATUS=", ear.hear());
    assertEquals("WATCHDOG=1", ear.hear());
    assertEquals("WATCHDOG=1", ear.hear());
    while (asked.get() < 8) {
      Thread.onSpinWait();
    }
    supervisor.stopping();
    assertEquals("STOPPING=1", ear.hear(), "nothing between");
  }

  @Test
  void withoutOneNothingIsSaid() {
    assertTrue(Supervisor.of(Map.of()).isEmpty());
    assertTrue(Supervisor.of(Map.of("NOTIFY_SOCKET", "")).isEmpty());
    assertTrue(Supervisor.of(Map.of("NOTIFY_SOCKET", "vsock:2:1")).isEmpty());
    assertTrue(Supervisor.of(Map.of("NOTIFY_SOCKET", "/" + "x".repeat(200))).isEmpty());
  }

  @Test
  void oneThatIsGoneDoesNotStopTheNode() {
    Supervisor.of(Map.of("NOTIFY_SOCKET", directory + "/nobody")).orElseThrow().stopping();
  }
}
