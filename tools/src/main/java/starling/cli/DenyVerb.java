package starling.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import starling.keys.Invitations;

/** {@code starling keys deny}: a board gets nothing, and its invite is used up. */
@Command(
    name = "deny",
    description =
        "Tells the board with this fingerprint that it is not wanted; its invite is used up.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: starling keys deny 7f3a-19c2-04be-5d61-a8f0 --broker tcp://gateway.local:1883"
    })
final class DenyVerb implements Callable<Integer> {
  @ParentCommand private @Nullable KeysVerb keys;
  @Mixin private DeskOptions options = new DeskOptions();

  @Parameters(paramLabel = "FINGERPRINT", description = "As the board shows it.")
  private String fingerprint = "";

  @Override
  public Integer call() throws IOException, InterruptedException {
    KeysVerb parent = Objects.requireNonNull(keys);
    Invitations invitations = new Invitations(parent.site());
    Decision.Made made =
        new Decision(parent, options)
            .make(fingerprint, one -> invitations.deny(one, Instant.now()));
    parent.out().println("denied " + made.request().card().path() + "; nothing was changed");
    return 0;
  }
}
