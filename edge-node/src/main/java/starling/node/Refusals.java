package starling.node;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is wrong with a configuration, collected so that its owner is told all of it at once. */
public final class Refusals {
  private final List<String> wrong = new ArrayList<>();
  private boolean filesOnly = true;

  /** Something to get from a configuration. */
  @FunctionalInterface
  public interface Part<T> {
    /** Gets it, or says why it can't be had. */
    T get() throws ConfigurationException, IOException;
  }

  /** The part, or nothing if it is refused. */
  public <T> Optional<T> get(Part<T> part) {
    try {
      return Optional.of(part.get());
    } catch (ConfigurationException e) {
      wrong.add(String.valueOf(e.getMessage()));
      filesOnly = false;
    } catch (IOException e) {
      wrong.add(describe(e));
    }
    return Optional.empty();
  }

  /** Throws if anything was refused: a failure if only files failed, else a wrong configuration. */
  public void end() throws ConfigurationException, IOException {
    String all = String.join(System.lineSeparator(), wrong);
    if (wrong.isEmpty()) {
      return;
    }
    if (filesOnly) {
      throw new IOException(all);
    }
    throw new ConfigurationException(all);
  }

  /** What went wrong, with the file it went wrong with. */
  static String describe(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> missing.getFile() + " does not exist";
      case AccessDeniedException denied ->
          denied.getFile() + ": permission denied; who owns it, and who runs this?";
      default -> String.valueOf(e.getMessage());
    };
  }
}
