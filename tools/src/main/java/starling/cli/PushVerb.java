package starling.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import starling.flash.push.Push;
import starling.flash.push.Ssh;
import starling.flash.software.Release;
import starling.keys.Enrolment;
import starling.progress.Progress;
import starling.progress.ProgressBar;

/** {@code starling push}: a board that runs becomes a node, or gets newer programs. */
@Command(
    name = "push",
    description = {
      "Makes a board that runs a node of the site, over ssh: the programs, and an identity of its"
          + " own. A board that is a node already gets the programs as they are built now.",
      "New programs are on trial: unless they have a medium, hear somebody and are heard within"
          + " --rounds, as those before did, the old ones run again, with the state that they had."
          + " A power cut during the trial leads back too."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    footer = {
      "",
      "ssh is the system's, with your own configuration, agent and known hosts. The user there may"
          + " run sudo without a password, as pi may; or name a directory with --root, for a node"
          + " that runs as that user.",
      "",
      "Exit status: 0 done, 1 failed, 2 wrong usage.",
      "",
      "Examples:",
      "  starling push pi@north-n17.local --node /orchard/north/n17 --dir orchard \\",
      "      --radio sik-64k:/dev/ttyUSB0",
      "  starling push pi@north-n17.local          newer programs",
      "  starling push me@box -o Port=2222 --root /home/me/starling --node /orchard/barn/n3 …"
    })
final class PushVerb implements Callable<Integer> {
  @Parameters(paramLabel = "HOST", description = "The board, as ssh names it: pi@north-n17.local.")
  private String host = "";

  @Option(
      names = "--node",
      paramLabel = "PATH",
      description = "Which node it becomes, if it is none yet.")
  private @Nullable String node;

  @Mixin private BoardOptions board = new BoardOptions();

  @Mixin private SoftwareOption software = new SoftwareOption();

  @Option(
      names = "--rounds",
      paramLabel = "ROUNDS",
      defaultValue = "10",
      description = {
        "In how many rounds of its cell new programs must show that they work (default: 10). In a"
            + " round everybody has a turn to speak: a window on a radio."
      })
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      defaultValue = "1800",
      description = "And how long that may take, whatever becomes of them (default: 1800).")
  private int seconds;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "A directory there to take for /; without systemd, and without root.")
  private String root = "";

  @Option(names = "-o", paramLabel = "OPTION", description = "As ssh takes it: -o Port=2222.")
  private List<String> options = new ArrayList<>();

  @Option(names = "--json", description = "Print what was done as one JSON object.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandSpec verb = Objects.requireNonNull(spec);
    try {
      if (!root.matches("(/[A-Za-z0-9._-]+)*") || rounds < 1 || seconds < 1) {
        throw new IllegalArgumentException(
            "--root is an absolute path, --rounds and --seconds at least 1");
      }
      Progress progress = ProgressBar.on(verb.commandLine().getErr());
      Path archive = software.archive(progress);
      Release.Label label = Release.Label.of(archive);
      Push push =
          new Push(
              new Ssh(host, options), archive, label.name(), root, new Push.Trial(rounds, seconds));
      Push.Done done =
          push.run(this::identity, Release.glibc(archive).orElse(0), label.machine(), progress);
      print(done, label.name(), verb.commandLine().getOut());
      return 0;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(verb.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Enrolment identity() throws IOException {
    if (node == null) {
      throw new IllegalArgumentException(
          host + " is no node yet: say which one it becomes: --node /orchard/north/n17");
    }
    return board.enrolment(node, List.of());
  }

  private void print(Push.Done done, String release, PrintWriter out) {
    if (json) {
      JsonObject object = new JsonObject();
      object.addProperty("host", host);
      object.addProperty("done", done.name().toLowerCase(Locale.ROOT));
      object.addProperty("release", release);
      out.println(object);
    } else {
      out.println(
          switch (done) {
            case INSTALLED -> host + " is " + node + " now, release " + release;
            case UPDATED -> host + " runs release " + release + ", which works";
            case SAME -> host + " runs release " + release + " already";
          });
    }
    out.flush();
  }
}
