package starling.node;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.charter.Draft;
import starling.charter.Operator;
import starling.charter.PageCodec;
import starling.engine.SectionType;
import starling.link.pty.Pty;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Page;
import starling.wire.WireReader;

/** A running node with a real serial port. */
class NodeTest {
  private static final String UP = "link radio is up";
  private static final int FRAME_MIN_BYTES = 16;

  @TempDir Path directory;

  @Test
  void aRadioThatIsPulledAndPluggedAgainIsUsedAgain() throws Exception {
    Path port = directory.resolve("ttyRADIO");
    Pty first = Pty.open();
    first.linkAt(port);
    try (first;
        Program node = start(port)) {
      node.awaitSaid(UP, 1);
      awaitFrame(first);
      first.close();
      node.awaitSaid("link radio is down", 1);
      try (Pty radio = Pty.open()) {
        radio.linkAt(port);
        node.awaitSaid(UP, 2);
        awaitFrame(radio);
        node.signal("TERM");
        assertEquals(0, node.await(), node.output());
      }
    }
  }

  @Test
  void randomBytesOnTheLineAreNoiseAndNothingElse() throws Exception {
    try (Pty radio = Pty.open();
        Program node = start(radio.slave())) {
      node.awaitSaid(UP, 1);
      awaitFrame(radio);
      long before = residentKilobytes(node);
      SplittableRandom random = new SplittableRandom(1);
      byte[] noise = new byte[512];
      for (int sent = 0; sent < 2_000_000; sent += radio.write(noise)) {
        random.nextBytes(noise);
        assertTrue(node.alive(), node.output());
        radio.read(new byte[4096], 0);
      }
      awaitFrame(radio);
      assertEquals(1, node.said(" is up, generation"), node.output());
      assertFalse(node.output().contains("WARNING"), node.output());
      assertTrue(residentKilobytes(node) < before + 24 * 1024, "memory grew");
      node.signal("TERM");
      assertEquals(0, node.await(), node.output());
    }
  }

  @Test
  void eachBootIsANewGeneration() throws Exception {
    Path file = Solo.write(directory, Path.of("/nowhere"));
    for (long boot = 1; boot <= 3; boot++) {
      CountDownLatch result = new CountDownLatch(1);
      try (Node node = Node.start(settings(file), counting(result))) {
        assertEquals("/rehearsal/stage/actor", node.path());
        assertTrue(result.await(30, TimeUnit.SECONDS));
      }
      try (Journal journal = Journal.open(directory.resolve("state"))) {
        byte[] generation = journal.entries().get(new Journal.Key(1, 0));
        assertEquals(boot, generation[3]);
      }
    }
  }

  @Test
  void aNewerCharterFileIsNoticedWhileTheNodeRuns() throws Exception {
    Path file = Solo.write(directory, Path.of("/nowhere"));
    Charter charter = settings(file).charter();
    KeyFile.Identity operator = anotherOperator(file, charter);
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch changed = new CountDownLatch(1);
    try (Node node =
        Node.start(
            settings(file),
            delivery -> {
              if (delivery instanceof Delivery.Result result) {
                (result.query().equals("later") ? changed : first).countDown();
              }
            })) {
      assertEquals("/rehearsal/stage/actor", node.path());
      assertTrue(first.await(30, TimeUnit.SECONDS));
      Path next = directory.resolve("next.bin");
      Files.write(next, new byte[] {1});
      Files.move(next, directory.resolve("charter.bin"), ATOMIC_MOVE, REPLACE_EXISTING);
      replaceCharter(Draft.of(charter).query("later", "SELECT MAX(load) FROM readings"), operator);
      assertTrue(changed.await(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void aNodeThatIsMovedEndsAndGoesOnThereAsAnotherBoot() throws Exception {
    try (Pty radio = Pty.open()) {
      Path file = Solo.write(directory, radio.slave());
      Charter charter = settings(file).charter();
      KeyFile.Identity operator = anotherOperator(file, charter);
      try (Program node = Program.node("--config", file.toString())) {
        node.awaitSaid("first frame after", 1);
        long size = stateBytes();
        Eventually.holds("some windows are sealed", () -> stateBytes() > size + 150);
        Draft draft = Draft.of(charter).cell("/rehearsal/loft", Page.Medium.BROADCAST);
        replaceCharter(draft.move("/rehearsal/stage/actor", "/rehearsal/loft"), operator);
        assertEquals(1, node.await(), node.output());
        String moved = "has moved this node from /rehearsal/stage/actor to /rehearsal/loft/actor";
        assertEquals(1, node.said(moved), node.output());
      }
      List<Seal> there = seals();
      CountDownLatch results = new CountDownLatch(2);
      try (Node node = Node.start(settings(file), counting(results))) {
        assertEquals("/rehearsal/loft/actor", node.path());
        assertTrue(results.await(30, TimeUnit.SECONDS));
      }
      int cell = there.getFirst().cell();
      long last = there.stream().mapToLong(Seal::endMillis).max().orElseThrow();
      List<Seal> here = seals().stream().filter(seal -> seal.cell() != cell).toList();
      assertFalse(here.isEmpty());
      assertTrue(here.stream().allMatch(seal -> seal.endMillis() > last), here + " after " + last);
    }
  }

  /** A contribution as it is in the log. */
  private record Seal(int cell, long endMillis) {}

  private List<Seal> seals() throws Exception {
    List<Seal> seals = new ArrayList<>();
    try (Journal journal = Journal.open(directory.resolve("state"))) {
      assertTrue(journal.entries().get(new Journal.Key(1, 0))[3] > 0);
      for (var entry : journal.entries().entrySet()) {
        if (entry.getKey().protocol() == SectionType.ZONE.code() && entry.getKey().key() >= 16) {
          WireReader from = new WireReader(entry.getValue());
          int cell = from.u16();
          from.u16();
          seals.add(new Seal(cell, from.u48()));
        }
      }
    }
    return seals;
  }

  private long stateBytes() throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(directory.resolve("state"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  /** Signs a node's charter as another operator, whose key it then believes. */
  private KeyFile.Identity anotherOperator(Path file, Charter charter) throws IOException {
    KeyFile.Identity operator = KeyFile.generate();
    Files.write(directory.resolve("charter.bin"), signed(charter, operator));
    String text = Files.readString(file);
    String key = HexFormat.of().formatHex(operator.publicKey());
    Files.writeString(file, text.replaceFirst("operator = \"[^\"]*", "operator = \"" + key));
    return operator;
  }

  private void replaceCharter(Draft by, KeyFile.Identity operator) throws IOException {
    Path next = directory.resolve("next.bin");
    Files.write(next, signed(by.charter(), operator));
    Files.move(next, directory.resolve("charter.bin"), ATOMIC_MOVE, REPLACE_EXISTING);
  }

  @Test
  void closingIsQuickAndDoneOnce() throws Exception {
    try (Pty radio = Pty.open()) {
      CountDownLatch result = new CountDownLatch(1);
      Node node = Node.start(settings(Solo.write(directory, radio.slave())), counting(result));
      assertTrue(result.await(30, TimeUnit.SECONDS));
      long began = System.nanoTime();
      node.close();
      assertTrue(System.nanoTime() - began < 3_000_000_000L, "closing took too long");
      node.close();
      assertFalse(threads().stream().anyMatch(name -> name.matches("engine|sensors|serial.*")));
      try (Journal journal = Journal.open(directory.resolve("state"))) {
        assertEquals(0, journal.tornBytes());
      }
    }
  }

  @Test
  void nothingIsSaidAfterClosing() throws Exception {
    try (Pty radio = Pty.open()) {
      CountDownLatch result = new CountDownLatch(1);
      AtomicInteger told = new AtomicInteger();
      Node node =
          Node.start(
              settings(Solo.write(directory, radio.slave())),
              delivery -> {
                told.incrementAndGet();
                counting(result).accept(delivery);
              });
      assertTrue(result.await(30, TimeUnit.SECONDS));
      node.close();
      int before = told.get();
      byte[] buffer = new byte[4096];
      while (radio.read(buffer, 0) > 0) {}
      assertEquals(0, radio.write(new byte[100]), "somebody has the port open");
      assertEquals(0, radio.read(buffer, 1500));
      assertEquals(before, told.get());
    }
  }

  /** The engine is stuck, the radio is loud: neither the link nor closing waits for the engine. */
  @Test
  void anOwnerThatBlocksKeepsNobodyElse() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (Pty radio = Pty.open()) {
      Node node =
          Node.start(
              settings(Solo.write(directory, radio.slave())),
              delivery -> {
                if (delivery instanceof Delivery.Result) {
                  stuck.countDown();
                  awaitQuietly(release);
                }
              });
      assertTrue(stuck.await(30, TimeUnit.SECONDS));
      byte[] frame = awaitFrame(radio);
      long taken = 0;
      long deadline = System.nanoTime() + 30_000_000_000L;
      while (taken < 3000L * frame.length && System.nanoTime() < deadline) {
        taken += radio.write(frame);
      }
      assertTrue(taken >= 3000L * frame.length, "the link waits for the engine");
      long began = System.nanoTime();
      node.close();
      assertTrue(System.nanoTime() - began < 10_000_000_000L, "closing waits for the engine");
      release.countDown();
    }
  }

  @Test
  void aStartThatFailsLeavesTheStateFree() throws Exception {
    Path file = Solo.write(directory, Path.of("/nowhere"));
    NodeSettings settings = settings(file);
    Files.delete(directory.resolve("node.key"));
    KeyFile.write(directory.resolve("node.key"), KeyFile.generate());
    NodeSettings stranger = settings(file);
    assertThrows(ConfigurationException.class, () -> Node.start(stranger, _ -> {}));
    Node.start(settings, _ -> {}).close();
  }

  private Program start(Path port) throws IOException {
    return Program.node("--config", Solo.write(directory, port).toString());
  }

  private static byte[] signed(Charter charter, KeyFile.Identity operator) {
    Operator by = new Operator(operator.publicKey());
    return PageCodec.bundle(
        charter.pages().values().stream()
            .map(page -> PageCodec.sign(page, by, operator.privateKey()))
            .toList());
  }

  private static NodeSettings settings(Path file) throws Exception {
    return NodeSettings.of(Configuration.read(file, List.of(), NodeSettings.KEYS), false);
  }

  private static Consumer<Delivery> counting(CountDownLatch results) {
    return delivery -> {
      if (delivery instanceof Delivery.Result) {
        results.countDown();
      }
    };
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the node says next, as it is on the line. */
  private static byte[] awaitFrame(Pty radio) throws Exception {
    byte[] buffer = new byte[4096];
    AtomicInteger bytes = new AtomicInteger();
    Eventually.holds(
        "a frame on the line",
        () -> {
          bytes.set(radio.read(buffer, 10));
          return bytes.get() > FRAME_MIN_BYTES;
        });
    return Arrays.copyOf(buffer, bytes.get());
  }

  private static long residentKilobytes(Program program) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + program.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no VmRSS");
  }

  private static List<String> threads() {
    List<String> names = new ArrayList<>();
    Thread.getAllStackTraces().keySet().forEach(thread -> names.add(thread.getName()));
    return names;
  }
}
