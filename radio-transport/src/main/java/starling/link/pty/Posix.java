package starling.link.pty;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * The C library's functions that a pseudo-terminal needs. Each answers what the function returns,
 * or minus errno. Numbers are Linux's, equal on x86-64 and ARM (asm-generic/fcntl.h, errno-base.h,
 * poll.h).
 */
final class Posix {
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int EAGAIN = 11;
  static final int POLLIN = 0x01;
  static final int POLLHUP = 0x10;

  /** {@code struct pollfd}: the file, then what to look for, then what was found. */
  static final int POLLFD_BYTES = 8;

  private static final int O_RDWR = 0x2;
  private static final int O_NOCTTY = 0x100;
  private static final int O_NONBLOCK = 0x800;
  private static final int O_CLOEXEC = 0x80000;
  private static final int TCSANOW = 0;

  /** More than any {@code struct termios}: glibc's has 60 bytes. */
  private static final int TERMIOS_BYTES = 256;

  private static final int NAME_BYTES_MAX = 128;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout SIZE =
      Objects.requireNonNull(LINKER.canonicalLayouts().get("size_t"));

  private static final Call OPENPT = new Call("posix_openpt", JAVA_INT, JAVA_INT);
  private static final Call GRANTPT = new Call("grantpt", JAVA_INT, JAVA_INT);
  private static final Call UNLOCKPT = new Call("unlockpt", JAVA_INT, JAVA_INT);
  private static final Call PTSNAME = new Call("ptsname_r", JAVA_INT, JAVA_INT, ADDRESS, SIZE);
  private static final Call GET = new Call("tcgetattr", JAVA_INT, JAVA_INT, ADDRESS);
  private static final Call RAW = new Call("cfmakeraw", JAVA_INT, ADDRESS);
  private static final Call SET = new Call("tcsetattr", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  private static final Call OPEN = new Call("open", JAVA_INT, ADDRESS, JAVA_INT);
  private static final Call PIPE = new Call("pipe2", JAVA_INT, ADDRESS, JAVA_INT);
  private static final Call POLL = new Call("poll", JAVA_INT, ADDRESS, SIZE, JAVA_INT);
  private static final Call READ = new Call("read", SIZE, JAVA_INT, ADDRESS, SIZE);
  private static final Call WRITE = new Call("write", SIZE, JAVA_INT, ADDRESS, SIZE);
  private static final Call CLOSE = new Call("close", JAVA_INT, JAVA_INT);

  private Posix() {}

  /** A new master, non-blocking, not inherited by started processes. */
  static int openMaster() {
    return (int) OPENPT.with(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  }

  /** Lets the slave be opened, by its owner. */
  static int unlock(int master) {
    int granted = (int) GRANTPT.with(master);
    return granted < 0 ? granted : (int) UNLOCKPT.with(master);
  }

  /** The slave's path; empty if the master has none. */
  static String slaveName(int master) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(NAME_BYTES_MAX);
      return PTSNAME.with(master, name, (long) NAME_BYTES_MAX) == 0 ? name.getString(0) : "";
    }
  }

  /** Makes the line carry bytes as they are: no echo, no lines, no signals. */
  static int makeRaw(int master) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment termios = arena.allocate(TERMIOS_BYTES);
      int got = (int) GET.with(master, termios);
      if (got < 0) {
        return got;
      }
      // It returns nothing: whatever stands in the result register is not looked at.
      RAW.with(termios);
      return (int) SET.with(master, TCSANOW, termios);
    }
  }

  /** Opens a slave, without making it this process's controlling terminal. */
  static int openSlave(String name) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) OPEN.with(arena.allocateFrom(name), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    }
  }

  /** A non-blocking pipe into {@code ends}: where to read, where to write. */
  static int pipe(int[] ends) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pair = arena.allocate(JAVA_INT, 2);
      int made = (int) PIPE.with(pair, O_NONBLOCK | O_CLOEXEC);
      ends[0] = pair.getAtIndex(JAVA_INT, 0);
      ends[1] = pair.getAtIndex(JAVA_INT, 1);
      return made;
    }
  }

  /** Says that {@code poll} shall look for bytes to read from a file; -1 is no file. */
  static void watch(MemorySegment set, int index, int file) {
    long at = (long) index * POLLFD_BYTES;
    set.set(JAVA_INT, at, file);
    set.set(JAVA_SHORT, at + 4, (short) POLLIN);
    set.set(JAVA_SHORT, at + 6, (short) 0);
  }

  /** What {@code poll} found: {@link #POLLIN}, {@link #POLLHUP}. */
  static int found(MemorySegment set, int index) {
    return set.get(JAVA_SHORT, (long) index * POLLFD_BYTES + 6);
  }

  static int poll(MemorySegment set, int count, int timeoutMs) {
    return (int) POLL.with(set, (long) count, timeoutMs);
  }

  /** Whether nobody has the other side open. */
  static boolean hungUp(int master) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocate(POLLFD_BYTES, JAVA_INT.byteAlignment());
      watch(one, 0, master);
      poll(one, 1, 0);
      return (found(one, 0) & POLLHUP) != 0;
    }
  }

  static int read(int file, MemorySegment into) {
    return (int) READ.with(file, into, into.byteSize());
  }

  static int write(int file, MemorySegment from) {
    return (int) WRITE.with(file, from, from.byteSize());
  }

  static void close(int file) {
    CLOSE.with(file);
  }

  /** One function, bound at first use of this class. */
  private static final class Call {
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
        STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final String name;
    private final MethodHandle handle;

    Call(String name, MemoryLayout result, MemoryLayout... parameters) {
      this.name = name;
      MethodHandle bound =
          LINKER.downcallHandle(
              LINKER.defaultLookup().findOrThrow(name),
              FunctionDescriptor.of(result, parameters),
              Linker.Option.captureCallState("errno"));
      handle = bound.asSpreader(1, Object[].class, parameters.length);
    }

    long with(Object... arguments) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(STATE);
        Number result = (Number) handle.invoke(state, arguments);
        return result.longValue() < 0 ? -(int) ERRNO.get(state, 0L) : result.longValue();
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("calling " + name, e);
      }
    }
  }
}
