package starling.bench.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program under observation. Its standard input is a pipe from here, upon whose end it ends: so
 * it goes with this process whatever ends that.
 */
public final class Program implements AutoCloseable {
  private static final Pattern FIRST_FRAME = Pattern.compile("first frame after (\\d+) ms");
  private static final int START_SECONDS = 60;
  private static final int STOP_SECONDS = 10;
  private static final int LOOK_MILLIS = 20;

  private final Process process;
  private final Path log;

  private Program(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts it.
   *
   * @param log where its output goes
   */
  public static Program start(List<String> command, Path log) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("STARLING_NO_BUILD", "1");
    return new Program(builder.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
  }

  public Proc proc() {
    return new Proc(process.pid());
  }

  /** Waits for a node's first frame; answers when it was, from the start of the process. */
  public long firstFrameMillis() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (process.isAlive() && System.nanoTime() < deadline) {
      Matcher said = FIRST_FRAME.matcher(Files.readString(log));
      if (said.find()) {
        return Long.parseLong(said.group(1));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    throw new IOException("the node did not start:\n" + Files.readString(log).strip());
  }

  /** Asks it to stop, and waits for that. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.destroy();
    end(process);
  }

  /** Waits until a process that was asked to has ended, and makes it if it does not. */
  public static void end(Process process) {
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
