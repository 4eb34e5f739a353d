package starling.node;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One node alone on a {@link Stage}, whose broker is not there. */
final class Solo {
  private static final URI NOWHERE = URI.create("tcp://127.0.0.1:9");

  private Solo() {}

  /** Writes its files; answers its configuration. */
  static Path write(Path home, Path port) throws IOException {
    Stage.Actor actor = new Stage.Actor("actor", home, Optional.of(port));
    Stage.write(List.of(actor), NOWHERE, 1);
    return actor.configuration();
  }
}
