package starling.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.link.air.PtyAir;
import starling.model.Delivery;

/**
 * Runs a node for a few windows on a {@link Stage} with two others, so that a start-up cache made
 * of that run holds what a node's life needs and nothing else. The node is a process of its own,
 * the production program; the stage, the air, the broker and the others are in this one. Leaves
 * nothing behind.
 */
final class Rehearsal {
  private static final int NODES = 3;

  /** How much longer everything takes, as where the node is emulated. */
  private static final int SLOWER = Integer.getInteger("starling.rehearsal.slower", 1);

  /** How many windows the others must have had from it. */
  private static final int WINDOWS = Integer.getInteger("starling.rehearsal.windows", 3);

  private static final int LAST_SECONDS = 30 * SLOWER;

  private Rehearsal() {}

  /**
   * Runs {@code command --config FILE --exit-with-stdin}; the exit status is its, or 1 if nobody
   * heard of it.
   */
  public static void main(String[] command) throws Exception {
    Logs.setUp();
    Path directory = Files.createTempDirectory("starling-rehearsal");
    int status;
    try {
      status = run(directory, List.of(command));
    } finally {
      Folders.delete(directory);
    }
    System.exit(status);
  }

  private static int run(Path directory, List<String> command)
      throws IOException, ConfigurationException, InterruptedException {
    CompletableFuture<Integer> heard = new CompletableFuture<>();
    try (PtyAir air =
            PtyAir.open(
                directory.resolve("air"),
                List.of("actor", "partner"),
                Presets.SIK_64K.profile(),
                new Loss.Independent(0),
                1);
        Switchboard broker = Switchboard.open()) {
      Stage.Actor actor = actor(directory, "actor", Optional.of(air.port("actor")));
      Stage.Actor partner = actor(directory, "partner", Optional.of(air.port("partner")));
      Stage.Actor prompter = actor(directory, "prompter", Optional.empty());
      Stage.write(List.of(actor, partner, prompter), broker.uri(), SLOWER);
      try (Node _ = node(partner, new CompletableFuture<>());
          Node _ = node(prompter, heard)) {
        return perform(command, actor, heard);
      }
    }
  }

  private static Stage.Actor actor(Path directory, String name, Optional<Path> port)
      throws IOException {
    return new Stage.Actor(name, Files.createDirectory(directory.resolve(name)), port);
  }

  /** A node in this process, that tells once it has everybody's readings of some windows. */
  private static Node node(Stage.Actor who, CompletableFuture<Integer> heard)
      throws IOException, ConfigurationException {
    AtomicInteger windows = new AtomicInteger();
    Configuration from = Configuration.read(who.configuration(), List.of(), NodeSettings.KEYS);
    return Node.start(
        NodeSettings.of(from, false),
        delivery -> {
          if (delivery instanceof Delivery.Result result
              && result.reported() == NODES
              && windows.incrementAndGet() == WINDOWS) {
            heard.complete(0);
          }
        });
  }

  private static int perform(
      List<String> command, Stage.Actor actor, CompletableFuture<Integer> heard)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of("--config", actor.configuration().toString(), "--exit-with-stdin"));
    Process node =
        new ProcessBuilder(words)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    CompletableFuture<Integer> _ = heard.completeOnTimeout(1, LAST_SECONDS, TimeUnit.SECONDS);
    CompletableFuture<Void> _ = node.onExit().thenAccept(_ -> heard.complete(1));
    int status = heard.join();
    node.getOutputStream().close();
    return Math.max(status, node.waitFor());
  }
}
