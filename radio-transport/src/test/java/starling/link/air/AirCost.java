package starling.link.air;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import starling.link.LinkProfile;
import starling.link.Presets;

/** Prints what 18 stations on three channels cost, idle and talking; for a person, not a test. */
final class AirCost {
  private static final int SECONDS = 10;

  private AirCost() {}

  /** The stations' ports are held open by a shell each, so only the channels are measured. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory("air");
    LinkProfile profile = Presets.SIK_64K.profile();
    List<PtyAir> airs = new ArrayList<>();
    List<Process> hosts = new ArrayList<>();
    for (int cell = 0; cell < 3; cell++) {
      int first = 6 * cell;
      List<String> names = IntStream.range(first, first + 6).mapToObj(i -> "node" + i).toList();
      airs.add(PtyAir.open(directory, names, profile, new Loss.Independent(0.1), cell));
    }
    measure("idle, nobody has a port open", airs);
    for (int i = 0; i < 18; i++) {
      hosts.add(host(airs.get(i / 6).port("node" + i), "exec sleep 1000"));
    }
    measure("idle, every port open", airs);
    hosts.forEach(Process::destroy);
    hosts.clear();
    for (int i = 0; i < 18; i++) {
      String talk = "cat <&3 >/dev/null & while sleep 0.5; do printf %0120d 1 >&3; done";
      hosts.add(host(airs.get(i / 6).port("node" + i), talk));
    }
    measure("each sends 120 bytes every 0.5 s", airs);
    hosts.forEach(host -> host.descendants().forEach(ProcessHandle::destroy));
    hosts.forEach(Process::destroy);
    airs.forEach(PtyAir::close);
    Files.delete(directory);
  }

  private static Process host(Path port, String what) throws Exception {
    return new ProcessBuilder("sh", "-c", "exec 3<>" + port + "; " + what).start();
  }

  private static void measure(String what, List<PtyAir> airs) throws Exception {
    TimeUnit.SECONDS.sleep(3);
    long before = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
    TimeUnit.SECONDS.sleep(SECONDS);
    long used = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() - before;
    System.out.printf("%s: %.2f %% of a core%n", what, used / 10.0 / SECONDS);
    airs.forEach(air -> System.out.println("  " + air.counters()));
  }
}
