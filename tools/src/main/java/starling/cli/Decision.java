package starling.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import starling.join.JoinRequest;

/** What an operator says to a board that asks. */
final class Decision {
  private static final long LOOK_MILLIS = 200;

  private final KeysVerb keys;
  private final DeskOptions options;

  Decision(KeysVerb keys, DeskOptions options) {
    this.keys = keys;
    this.options = options;
  }

  /** Makes the answer for a request. */
  interface Say {
    byte[] to(JoinRequest request) throws IOException;
  }

  /**
   * What was said.
   *
   * @param spread whether the site learns the new charter by itself
   */
  record Made(JoinRequest request, boolean spread) {}

  /** Waits for the board with this fingerprint, and tells it. */
  Made make(String fingerprint, Say say) throws IOException, InterruptedException {
    try (JoinDesk desk = keys.refusing(() -> options.open(keys.site()))) {
      JoinRequest request = await(desk, fingerprint);
      byte[] answer = keys.refusing(() -> say.to(request));
      desk.decide(request, answer, Files.readAllBytes(keys.site().charterFile()));
      return new Made(request, desk.spreads());
    }
  }

  private JoinRequest await(JoinDesk desk, String fingerprint)
      throws IOException, InterruptedException {
    String wanted = fingerprint.replace("-", "");
    long until = System.nanoTime() + options.seconds * 1_000_000_000L;
    do {
      Optional<JoinRequest> found =
          desk.pending().stream()
              .filter(one -> one.fingerprint().replace("-", "").equalsIgnoreCase(wanted))
              .findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      Thread.sleep(LOOK_MILLIS);
    } while (System.nanoTime() < until);
    throw new IOException(
        "no board with the fingerprint "
            + fingerprint
            + " asked within "
            + options.seconds
            + " s ("
            + desk.state()
            + "); see: starling keys pending");
  }
}
