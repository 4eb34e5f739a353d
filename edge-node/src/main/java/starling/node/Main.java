package starling.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** {@code starling node}: runs one node until it is told to stop. */
public final class Main {
  private static final String HELP =
      """
      Usage: starling node --config FILE [--TABLE.KEY=VALUE]... [--exit-with-stdin]
             starling node status [--json]

      Runs one node: reads its sensors, gossips with its neighbours, represents its cell if it is its turn.

        --config FILE       its configuration (TOML); /etc/starling/node.toml if not said
        --TABLE.KEY=VALUE   sets a key of the configuration: --link.radio.port=/dev/ttyUSB1
        --exit-with-stdin   stops when standard input ends
        --template          prints a commented example of a configuration, with every key
        --check             says whether the configuration is in order, and what is not
        --show              prints what is configured, and where each of it was set
        status              says how the node on this machine is: see status --help
        --help              this text, and all configuration keys

      Exit status: 0 stopped as told, 1 failed or moved by the charter: to be started again, 2 wrong usage or configuration.

      Examples:
        starling node --template >/etc/starling/node.toml
        starling node --config /etc/starling/node.toml

      Configuration keys:
      """;

  private Main() {}

  /** Runs; exit status 0 after a stop, 1 after a failure, 2 for wrong usage. */
  public static void main(String[] args) throws InterruptedException {
    System.exit(run(args));
  }

  private static int run(String[] args) throws InterruptedException {
    if (args.length > 0 && args[0].equals("status")) {
      return StatusCommand.run(args, System.out, System.err);
    }
    CommandLine line = CommandLine.parse(args);
    if (line.help()) {
      help(HELP, NodeSettings.KEYS, System.out);
      return 0;
    }
    if (!line.wrong().isEmpty()) {
      System.err.println("starling node: " + line.wrong() + "; see: starling node --help");
      return 2;
    }
    Logs.setUp();
    try {
      if (line.template()) {
        System.out.print(template());
        return 0;
      }
      Path file = line.config(Path.of("/etc/starling/node.toml"));
      Configuration from = Configuration.read(file, line.overrides(), NodeSettings.KEYS);
      if (line.show()) {
        System.out.print(from.show(NodeSettings.KEYS));
      } else if (line.check()) {
        NodeSettings _ = NodeSettings.of(from, false);
        System.out.println(file + " is in order");
      } else {
        Optional<Supervisor> supervisor = Supervisor.of(System.getenv());
        Optional<StatusFile> status = StatusFile.of(from);
        Joining.ifInvited(from, status, what -> supervisor.ifPresent(one -> one.waiting(what)));
        Node node = Node.start(NodeSettings.of(from, false), _ -> {}, status);
        supervisor.ifPresent(one -> one.ready(node.path(), node::idleNanos));
        untilStopped(line.exitWithStdin(), () -> supervisor.ifPresent(Supervisor::stopping), node);
      }
      return 0;
    } catch (ConfigurationException e) {
      System.err.println(e.getMessage());
      return 2;
    } catch (IOException e) {
      System.err.println("starling node: " + describe(e));
      return 1;
    }
  }

  /** The commented example of a node's configuration, which is the reference of its keys. */
  public static String template() throws IOException {
    try (InputStream in = Main.class.getResourceAsStream("node.toml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What went wrong, with the file it went wrong with. */
  public static String describe(IOException e) {
    return Refusals.describe(e);
  }

  /** Prints a program's help and the configuration keys it takes. */
  public static void help(String text, List<Configuration.Key> keys, PrintStream to) {
    to.print(text);
    for (Configuration.Key key : keys) {
      to.printf("  %-24s %s%n", key.pattern(), key.help());
    }
  }

  /**
   * Waits for a signal, or for standard input to end; then closes everything, in order. After a
   * signal the exit status is 0, as the program did what it was told.
   */
  public static void untilStopped(boolean orStdinEnds, AutoCloseable... running)
      throws InterruptedException {
    Stop.await(orStdinEnds);
    for (AutoCloseable one : running) {
      try {
        one.close();
      } catch (Exception e) {
        System.err.println("while stopping: " + e.getMessage());
      }
    }
    Stop.done();
  }
}
