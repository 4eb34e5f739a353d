package starling.bench.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import starling.bench.footprint.Proc;
import starling.bench.footprint.Program;

/** A {@link Load} that is told what to do. */
final class LoadProcess implements AutoCloseable {

  private final String path;
  private final Process process;
  private final BufferedReader answers;
  private final Path log;

  private LoadProcess(String path, Process process, Path log) {
    this.path = path;
    this.process = process;
    this.answers = process.inputReader();
    this.log = log;
  }

  /**
   * Starts it.
   *
   * @param java the JVM and its flags
   * @param path see {@link Load}
   */
  static LoadProcess start(List<String> java, String path, URI broker, Path scratch)
      throws IOException {
    Path directory = Files.createDirectory(scratch.resolve(path));
    List<String> command = new ArrayList<>(java);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Load.class.getName()));
    command.addAll(List.of(path, broker.toString(), directory.toString()));
    Path log = directory.resolve("log");
    return new LoadProcess(
        path, new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
  }

  String path() {
    return path;
  }

  /** Answers how many messages a second the broker acknowledged. */
  double saturate(double seconds) throws IOException {
    return ask("saturate " + seconds)[0];
  }

  /** Answers latencies in milliseconds: the median and the 99th percentile. */
  double[] pace(double seconds, int perSecond) throws IOException {
    return ask("pace " + seconds + " " + perSecond);
  }

  /** What the kernel says of it. */
  Proc proc() {
    return new Proc(process.pid());
  }

  private double[] ask(String command) throws IOException {
    process.outputWriter().write(command + "\n");
    process.outputWriter().flush();
    String line = answers.readLine();
    if (line == null) {
      throw new IOException(path + " ended:\n" + Files.readString(log).strip());
    }
    return Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    Program.end(process);
  }
}
