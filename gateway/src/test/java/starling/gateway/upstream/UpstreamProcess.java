package starling.gateway.upstream;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** An upstream in a process of its own, so that it can be killed. */
final class UpstreamProcess {
  private UpstreamProcess() {}

  static Process start(URI broker, String name) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            UpstreamProcess.class.getName(),
            broker.toString(),
            name)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    UpstreamTest.start(URI.create(args[0]), args[1]);
    Thread.currentThread().join();
  }
}
