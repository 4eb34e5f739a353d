package starling.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import starling.join.JoinRequest;
import starling.model.NodeId;

/** {@code starling keys pending}: who asks to join. */
@Command(
    name = "pending",
    description = {
      "Listens for boards that ask to join with an invite of yours. Compare the fingerprint with"
          + " what the board shows (on its screen, in its journal, or: starling-node status) before"
          + " you approve: whoever copied the invite has another one."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: starling keys pending --broker tcp://gateway.local:1883",
      "         starling keys pending --gateway http://gateway.local:9610 --json | jq .fingerprint"
    })
final class PendingVerb implements Callable<Integer> {
  private static final long LOOK_MILLIS = 200;
  private static final long OTHERS_NANOS = 4_500_000_000L;

  @ParentCommand private @Nullable KeysVerb keys;
  @Mixin private DeskOptions options = new DeskOptions();

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    KeysVerb parent = Objects.requireNonNull(keys);
    Set<String> shown = new HashSet<>();
    String state;
    long until = System.nanoTime() + options.seconds * 1_000_000_000L;
    long others = until; // once one was heard, all have been within two of their turns
    try (JoinDesk desk = parent.refusing(() -> options.open(parent.site()))) {
      do {
        for (JoinRequest one : desk.pending()) {
          if (shown.add(one.id())) {
            parent.out().println(json ? json(one) : line(one));
          }
        }
        parent.out().flush();
        if (!shown.isEmpty() && others == until) {
          others = System.nanoTime() + OTHERS_NANOS;
        }
        Thread.sleep(LOOK_MILLIS);
      } while (System.nanoTime() < Math.min(until, others));
      state = desk.state();
    }
    if (shown.isEmpty()) {
      throw new IOException("nobody asked within " + options.seconds + " s (" + state + ")");
    }
    return 0;
  }

  private static String line(JoinRequest request) {
    return "%s\t%s\tnode %s\tinvite until %s"
        .formatted(
            request.fingerprint(),
            request.card().path(),
            NodeId.of(request.node()),
            Instant.ofEpochSecond(request.card().expiresSeconds()));
  }

  private static String json(JoinRequest request) {
    JsonObject object = new JsonObject();
    object.addProperty("fingerprint", request.fingerprint());
    object.addProperty("node", request.card().path());
    object.addProperty("id", NodeId.of(request.node()).toString());
    object.addProperty(
        "expires", Instant.ofEpochSecond(request.card().expiresSeconds()).toString());
    return object.toString();
  }
}
