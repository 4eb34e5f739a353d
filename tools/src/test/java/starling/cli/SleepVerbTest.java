package starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SleepVerbTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  /** A process that hears one line and answers; what it heard. */
  private CompletableFuture<String> answering(String answer) throws Exception {
    ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    door.bind(UnixDomainSocketAddress.of(directory.resolve("control")));
    CompletableFuture<String> heard = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try (door;
              SocketChannel client = door.accept()) {
            ByteBuffer line = ByteBuffer.allocate(100);
            client.read(line);
            client.write(ByteBuffer.wrap((answer + "\n").getBytes(StandardCharsets.UTF_8)));
            heard.complete(new String(line.array(), 0, line.position(), StandardCharsets.UTF_8));
          } catch (java.io.IOException e) {
            heard.completeExceptionally(e);
          }
        });
    return heard;
  }

  @Test
  void aProcessIsToldForHowLong() throws Exception {
    CompletableFuture<String> heard = answering("{\"v\":1,\"sleeps_s\":600}");
    assertEquals(0, run("sleep", "600", "--state", directory.toString()), err::toString);
    assertEquals("{\"sleep_s\":600}\n", heard.get());
    assertEquals("it is silent for 600 s from now", out.toString().strip());
  }

  @Test
  void whatItRefusesIsSaid() throws Exception {
    answering("{\"v\":1,\"error\":\"no request: unknown key sleep_s\"}");
    assertEquals(1, run("sleep", "0", "--state", directory.toString()));
    assertEquals("starling: no request: unknown key sleep_s", err.toString().strip());
  }

  @Test
  void wrongUsageIsRefusedWithWhatIsRight() {
    assertEquals(2, run("sleep"));
    assertEquals(2, run("sleep", "40000"));
    assertEquals(2, run("sleep", "5", "--state", "a", "--config", "b"));
    assertTrue(err.toString().contains("1 to 32768 seconds, or 0 to end it, not 40000"));
    assertTrue(err.toString().contains("leave one out"), err::toString);
    assertEquals(1, run("sleep", "5", "--state", directory.toString()));
    assertTrue(err.toString().contains("the process does not run"), err::toString);
  }
}
