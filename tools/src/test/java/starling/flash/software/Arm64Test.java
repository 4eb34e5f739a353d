package starling.flash.software;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import starling.Repository;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Link;
import starling.link.Presets;
import starling.link.Purpose;
import starling.link.Reception;
import starling.link.air.Loss;
import starling.link.air.PtyAir;
import starling.link.serial.SerialLink;

/**
 * The boards' own Java runtime, on an emulated arm64 processor: frames pass between it and this
 * machine, through jSSC on both sides, over pseudo-terminals. Needs what {@code tools/verify}
 * installs, and the runtime, which is fetched the first time.
 */
@Timeout(600)
class Arm64Test {
  private static final int FRAMES = 5;
  private static final int ANSWER_SECONDS = 90;

  @TempDir Path directory;

  @Test
  void framesPassBetweenAnEmulatedBoardAndThisMachine() throws Exception {
    Arm64Runtime arm64 = Arm64Runtime.ready(Repository.root());
    try (PtyAir air =
            PtyAir.open(
                directory.resolve("air"),
                List.of("board", "here"),
                Presets.SIK_64K.profile(),
                new Loss.Independent(0),
                1);
        SerialLink link =
            new SerialLink(air.port("here").toString(), 57_600, Presets.SIK_64K.profile())) {
      Process board = board(arm64, air.port("board"));
      try {
        assertEquals("aarch64 is up", line(board));
        talk(link);
      } catch (AssertionError e) {
        throw new AssertionError(Files.readString(directory.resolve("board.log")), e);
      } finally {
        board.getOutputStream().close();
        if (!board.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)) {
          board.destroyForcibly();
        }
      }
    }
  }

  private Process board(Arm64Runtime arm64, Path port) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ClassCache.emulator().orElseThrow());
    command.addAll(List.of("-L", arm64.directory().resolve("sysroot").toString()));
    command.add(arm64.runtime().resolve("bin/java").toString());
    command.add("@" + Repository.root().resolve("edge-node/src/packaging/jvm.options"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(SerialEcho.class.getName(), port.toString()));
    return new ProcessBuilder(command)
        .redirectError(directory.resolve("board.log").toFile())
        .start();
  }

  private static String line(Process board) throws Exception {
    return new BufferedReader(new InputStreamReader(board.getInputStream(), UTF_8)).readLine();
  }

  private static void talk(SerialLink link) throws Exception {
    BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();
    BlockingQueue<Boolean> up = new LinkedBlockingQueue<>();
    link.open(
        new Link.Listener() {
          @Override
          public void heard(byte[] frame, Reception reception, long heardNanos) {
            heard.add(frame);
          }

          @Override
          public void left(long frameId, boolean left) {}

          @Override
          public void state(boolean isUp, String reason) {
            up.add(isUp);
          }
        });
    assertEquals(true, up.poll(ANSWER_SECONDS, TimeUnit.SECONDS));
    AirtimeLedger ledger = new AirtimeLedger(Presets.SIK_64K.profile());
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < FRAMES; i++) {
      byte[] frame = new byte[10 + 40 * i];
      random.nextBytes(frame);
      Optional<AirtimeLedger.Permit> permit =
          ledger.reserve(frame.length, Purpose.NEWS, System.nanoTime());
      link.send(i, Address.ALL, permit.orElseThrow(), frame);
      byte[] answer = heard.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
      assertNotNull(answer, "no answer to frame " + i);
      byte[] meant = new byte[frame.length];
      for (int j = 0; j < meant.length; j++) {
        meant[j] = frame[meant.length - 1 - j];
      }
      assertArrayEquals(meant, answer);
    }
  }
}
