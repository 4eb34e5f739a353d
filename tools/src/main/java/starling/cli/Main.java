package starling.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/**
 * Every verb of {@code tools/starling} that is no program of its own. Exit status: 0 done, 1
 * failed, 2 wrong usage.
 */
@Command(
    name = "starling",
    description = "Sensor zones over serial radio and MQTT that sum themselves up.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      DemoVerb.class,
      KeysVerb.class,
      FlashVerb.class,
      PushVerb.class,
      QueryVerb.class,
      PredictVerb.class,
      SimulateVerb.class,
      BenchVerb.class,
      ZonesVerb.class,
      HistoryVerb.class,
      SleepVerb.class,
      RadioVerb.class,
      SniffVerb.class
    },
    footer = {"", "Example:", "  starling demo --seconds 180"})
public final class Main {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  private Main() {}

  /** Runs a verb and ends the process with its exit status. */
  public static void main(String[] args) {
    System.exit(
        run(
            new PrintWriter(System.out, true, System.out.charset()),
            new PrintWriter(System.err, true, System.err.charset()),
            args));
  }

  static int run(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new Main())
        .setOut(out)
        .setErr(err)
        .setExitCodeExceptionMapper(_ -> FAILED)
        .setParameterExceptionHandler(Main::refuse)
        .setExecutionExceptionHandler(Main::report)
        .execute(args);
  }

  /** Where this program and what belongs to it is: the launcher says so. */
  static Path home() {
    return Path.of(System.getenv().getOrDefault("STARLING_HOME", ""));
  }

  static CommandLine commands() {
    return new CommandLine(new Main());
  }

  /** What is wrong, what was perhaps meant, and where help is; not pages of usage. */
  private static int refuse(ParameterException wrong, String[] args) {
    CommandLine verb = wrong.getCommandLine();
    PrintWriter err = verb.getErr();
    err.println("starling: " + wrong.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
    if (verb.getParent() == null) {
      err.println("Verbs: node gateway " + String.join(" ", verb.getSubcommands().keySet()));
    }
    err.println("See: " + verb.getCommandSpec().qualifiedName() + " --help");
    return WRONG_USAGE;
  }

  /** What was expected to go wrong explains itself; what was not shows where it happened. */
  private static int report(Exception failed, CommandLine verb, CommandLine.ParseResult parsed) {
    if (failed instanceof IOException && failed.getMessage() != null) {
      verb.getErr().println("starling: " + failed.getMessage());
    } else {
      failed.printStackTrace(verb.getErr());
    }
    return FAILED;
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {
        "starling " + (version == null ? "(not packaged)" : version),
        "Java " + Runtime.version() + " on ${os.name} ${os.arch}"
      };
    }
  }
}
