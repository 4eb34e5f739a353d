package starling.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.engine.Local;
import starling.model.Delivery;

/** A running process is asked on its own machine. */
class ControlSocketTest {
  @TempDir Path state;

  @Test
  void aRunningNodeSaysWhatItsZonesConsistOf() throws Exception {
    Path configuration = Solo.write(state, Path.of("/nowhere"));
    try (Program node = Program.node("--config", configuration.toString())) {
      Path socket = state.resolve("state/control");
      Eventually.holds("a socket", () -> Files.exists(socket));
      assertEquals(SmallFile.OWNER_ONLY, Files.getPosixFilePermissions(socket));
      Eventually.holds("a window", () -> ask(socket, "{}").getFirst().contains("/rehearsal/stage"));
      List<String> rows = ask(socket, "{\"zones\":\"/rehearsal\",\"query\":\"stage\"}");
      JsonObject row = JsonParser.parseString(rows.getFirst()).getAsJsonObject();
      assertEquals("stage", row.get("query").getAsString());
      assertEquals("{\"reported\":1,\"expected\":1}", row.get("coverage").toString());
      assertEquals("1", row.getAsJsonObject("units").get("avg_load").getAsString());
      rows = ask(socket, "{\"zones\":\"/rehearsal/stage\"}");
      row = JsonParser.parseString(rows.getFirst()).getAsJsonObject();
      assertEquals("/rehearsal/stage/actor", row.get("node").getAsString());
      assertTrue(row.getAsJsonObject("values").has("memory"), rows.toString());
      assertEquals(
          "{\"v\":1,\"of\":\"/rehearsal/stag\",\"error\":\"there is no zone /rehearsal/stag:"
              + " in /rehearsal there is stage, pit; did you mean stage?\"}",
          ask(socket, "{\"zones\":\"/rehearsal/stag\"}").getLast());
      node.signal("TERM");
      assertEquals(0, node.await(), node.output());
      assertFalse(Files.exists(socket), "it goes with its process");
    }
  }

  @Test
  void clientsThatAreSlowOrMeanNoGoodKeepNobodyElse() throws Exception {
    BlockingQueue<Local> asked = new LinkedBlockingQueue<>();
    Files.writeString(state.resolve("control"), "left behind");
    try (ControlSocket control =
        Objects.requireNonNull(ControlSocket.open(state, "/r", asked::add))) {
      Path socket = state.resolve("control");
      try (SocketChannel deaf = connect(socket);
          SocketChannel endless = connect(socket)) {
        say(deaf, "{\"zones\":\"/r/deaf\"}\n");
        Local.Inquiry first = inquiry(asked);
        control.answer(answer(first, 20_000)); // more than a socket's buffers hold, never read
        say(endless, "x".repeat(5_000));
        assertTrue(isClosed(endless), "no line is that long");
        assertEquals(
            "{\"v\":1,\"error\":\"no request: unknown key zone; there are zones, query,"
                + " timeout_s, sleep_s\"}",
            ask(socket, "{\"zone\":\"/r\"}").getLast());
        List<SocketChannel> crowd = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          crowd.add(connect(socket));
        }
        for (SocketChannel one : crowd) {
          one.close();
        }
        try (SocketChannel client = connect(socket)) {
          say(client, "{\"query\":\"q\",\"timeout_s\":7}\n");
          Local.Inquiry second = inquiry(asked);
          assertEquals(new Local.Inquiry(second.id(), "/r", "q", 7000), second);
          control.answer(answer(second, 64));
          assertEquals(65, lines(client).size());
        }
      }
    }
  }

  private static Local.Inquiry inquiry(BlockingQueue<Local> asked) throws InterruptedException {
    return assertInstanceOf(Local.Inquiry.class, asked.poll(10, TimeUnit.SECONDS));
  }

  @Test
  void itsOwnerLetsANodeSleepAndEndsThat() throws Exception {
    BlockingQueue<Local> asked = new LinkedBlockingQueue<>();
    try (ControlSocket _ = Objects.requireNonNull(ControlSocket.open(state, "/r", asked::add))) {
      Path socket = state.resolve("control");
      String answer = ask(socket, "{\"sleep_s\":600}").getLast();
      assertEquals("{\"v\":1,\"sleeps_s\":600}", answer);
      assertEquals(new Local.Sleep(600_000), asked.poll(10, TimeUnit.SECONDS));
      assertEquals("{\"v\":1,\"sleeps_s\":0}", ask(socket, "{\"sleep_s\":0}").getLast());
      assertEquals(new Local.Awake(), asked.poll(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void whatIsNoRequestIsRefusedWithWhatIsWrong() {
    Map<String, String> wrong = new TreeMap<>();
    wrong.put("", "it ends early");
    wrong.put("[]", "at character 1 there is no {");
    wrong.put("{\"zones\":{}}", "only texts, numbers, true and false are read");
    wrong.put("{\"zones\":\"/a\",\"zones\":\"/b\"}", "two members are called zones");
    wrong.put("{\"zones\":\"/a\"} {}", "more follows the object");
    wrong.put("{\"zones\":\"\\u00", "an escape that does not end");
    wrong.put("{\"timeout_s\":0}", "timeout_s is 1 to 3600");
    wrong.put("{\"sleep_s\":40000}", "sleep_s stands alone, and is 0 to 32768");
    wrong.put("{\"sleep_s\":5,\"zones\":\"/a\"}", "sleep_s stands alone, and is 0 to 32768");
    wrong.forEach((line, why) -> {
      try {
        throw new AssertionError(line + " was read as " + ControlRequest.read(line));
      } catch (IllegalArgumentException e) {
        assertEquals(why, e.getMessage());
      }
    });
    assertEquals(
        new ControlRequest.Rows("/ü\"\n", "q", 30_000),
        ControlRequest.read("{ \"zones\" : \"/\\u00fc\\\"\\n\", \"query\":\"q\"}"));
  }

  private static Delivery.Inquired answer(Local.Inquiry to, int rows) {
    List<Delivery.Latest> nodes = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      nodes.add(
          new Delivery.Latest(
              to.zone() + "/n" + i,
              1_700_000_000_000L,
              new TreeMap<>(Map.of("t", 21.4)),
              new TreeMap<>(Map.of("t", "Cel"))));
    }
    return new Delivery.Inquired(
        to.id(), to.zone(), Delivery.Outcome.ROWS, "", 1_700_000_000_000L, List.of(), nodes, 0);
  }

  private static SocketChannel connect(Path socket) throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(socket));
  }

  private static void say(SocketChannel to, String text) throws IOException {
    to.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static boolean isClosed(SocketChannel channel) {
    try {
      return channel.read(ByteBuffer.allocate(10)) < 0;
    } catch (IOException e) {
      return true;
    }
  }

  private static List<String> ask(Path socket, String request) throws IOException {
    try (SocketChannel channel = connect(socket)) {
      say(channel, request + "\n");
      return lines(channel);
    }
  }

  /** All lines of one answer. */
  private static List<String> lines(SocketChannel from) throws IOException {
    BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(from), StandardCharsets.UTF_8));
    List<String> lines = new ArrayList<>();
    do {
      lines.add(String.valueOf(reader.readLine()));
    } while (lines.getLast().startsWith("{\"v\":1,\"zone\"")
        || lines.getLast().startsWith("{\"v\":1,\"node\""));
    return lines;
  }
}
