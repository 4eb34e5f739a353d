package starling.cli;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The running node or gateway that a verb asks, as its user says which. */
final class AskedProcess {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Ask the process that runs with this configuration.")
  private @Nullable Path config;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Ask the process that has this state directory.")
  private @Nullable Path state;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec verb;

  /** Refuses what contradicts itself. */
  void check() {
    if (config != null && state != null) {
      throw new ParameterException(
          Objects.requireNonNull(verb).commandLine(),
          "--config and --state both say whom to ask: leave one out");
    }
  }

  /** Opens a conversation with it. */
  ControlConnection connect() throws IOException {
    Path socket = socket();
    try {
      return ControlConnection.open(socket);
    } catch (SocketException e) {
      boolean there = Files.exists(socket);
      throw new IOException(
          there
              ? "can't ask at " + socket + ": " + e.getMessage() + "; are you its user?"
              : "the process does not run: there is no " + socket,
          e);
    }
  }

  /** Its state directory, whether it runs or not. */
  Path state() throws IOException {
    return Objects.requireNonNull(socket().toAbsolutePath().getParent());
  }

  private Path socket() throws IOException {
    if (state != null) {
      return Whom.in(state);
    }
    return config == null ? Whom.likeliest() : Whom.configured(config);
  }
}
