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
import starling.model.Page;

/** {@code starling keys approve}: a board gets the place that its invite names. */
@Command(
    name = "approve",
    description = {
      "Gives the board with this fingerprint its place: signs the charter with it, and sends the"
          + " board that and the site's key, sealed for it alone. May be said again if the board"
          + " did not hear it."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: starling keys approve 7f3a-19c2-04be-5d61-a8f0 --broker tcp://gateway.local:1883"
    })
final class ApproveVerb implements Callable<Integer> {
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
            .make(fingerprint, one -> invitations.approve(one, Instant.now()));
    parent.out().println("approved " + made.request().card().path());
    parent
        .out()
        .println(
            "charter version "
                + parent.site().charter().version(Page.SITE)
                + (made.spread()
                    ? " signed, and given to the gateway"
                    : " signed: give charter.bin to a gateway, and all will know"));
    return 0;
  }
}
