package starling.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import starling.charter.Draft.Duty;
import starling.join.Invite;
import starling.keys.Invitations;
import starling.node.SmallFile;

/** {@code starling keys invite}: a place for a board that somebody else flashes. */
@Command(
    name = "invite",
    description = {
      "Makes a one-time invite, for a board that is flashed by somebody who does not have the"
          + " operator's key: starling flash --invite. The board asks to join at the broker; see"
          + " 'keys pending'.",
      "The file is secret: who has it may ask. It grants nothing before you approve."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: starling keys invite /orchard/north/n18 --uplink --to n18.invite --hours 24"
    })
final class InviteVerb implements Callable<Integer> {
  @ParentCommand private @Nullable KeysVerb keys;

  @Parameters(paramLabel = "PATH", description = "Its place, such as /orchard/north/n18.")
  private String path = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FILE",
      description = "Where the invite goes; must not be there yet.")
  private Path to = Path.of("");

  @Option(
      names = "--hours",
      paramLabel = "HOURS",
      defaultValue = "24",
      description = "How long it is good for, 1 to 720 (default: 24).")
  private int hours;

  @Mixin private PlaceOptions place = new PlaceOptions();

  @Option(names = "--uplink", description = "It reaches the parent zone's medium too.")
  private boolean uplink;

  @Override
  public Integer call() throws IOException {
    KeysVerb parent = Objects.requireNonNull(keys);
    Set<Duty> duties = place.duties();
    duties.add(Duty.SENSES);
    if (uplink) {
      duties.add(Duty.UPLINK);
    }
    Invite invite =
        parent.refusing(() ->
            new Invitations(parent.site())
                .invite(path, place.schema, duties, hours, Instant.now()));
    write(invite.text() + "\n");
    parent.out().println("invite " + to + " for " + path);
    parent.out().println("expires " + Instant.ofEpochSecond(invite.card().expiresSeconds()));
    return 0;
  }

  private void write(String text) throws IOException {
    try {
      SmallFile.createSecret(to, text);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(to + " exists; name another file", e);
    }
  }
}
