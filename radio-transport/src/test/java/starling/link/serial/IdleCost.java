package starling.link.serial;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import starling.link.Link;
import starling.link.Presets;
import starling.link.Reception;
import starling.link.pty.Pty;

/** Prints what an idle link costs, thread by thread; for a person, not a test. */
final class IdleCost {
  private IdleCost() {}

  /**
   * Runs for the seconds of the first argument, or 20, on a pseudo-terminal where nothing comes.
   */
  public static void main(String[] arguments) throws Exception {
    int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
    try (Pty pty = Pty.open();
        SerialLink link =
            new SerialLink(pty.slave().toString(), 57_600, Presets.SIK_64K.profile())) {
      link.open(new Silent());
      TimeUnit.SECONDS.sleep(5);
      var threads = ManagementFactory.getThreadMXBean();
      var process = ProcessHandle.current();
      long processMs = process.info().totalCpuDuration().orElseThrow().toMillis();
      long[] ids = threads.getAllThreadIds();
      long[] before = cpu(ids);
      TimeUnit.SECONDS.sleep(seconds);
      long[] after = cpu(ids);
      processMs = process.info().totalCpuDuration().orElseThrow().toMillis() - processMs;
      System.out.printf(
          "process %d ms CPU in %d s: %.2f %%%n", processMs, seconds, processMs / 10.0 / seconds);
      for (int i = 0; i < ids.length; i++) {
        var info = threads.getThreadInfo(ids[i]);
        if (after[i] - before[i] > 0 && info != null) {
          System.out.printf(
              "  %-30s %.2f %%%n", info.getThreadName(), (after[i] - before[i]) / 1e7 / seconds);
        }
      }
    }
  }

  private static long[] cpu(long[] ids) {
    long[] nanos = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      nanos[i] = ManagementFactory.getThreadMXBean().getThreadCpuTime(ids[i]);
    }
    return nanos;
  }

  private static final class Silent implements Link.Listener {
    @Override
    public void heard(byte[] frame, Reception reception, long heardNanos) {}

    @Override
    public void left(long frameId, boolean left) {}

    @Override
    public void state(boolean up, String reason) {
      System.out.println((up ? "up: " : "down: ") + reason);
    }
  }
}
