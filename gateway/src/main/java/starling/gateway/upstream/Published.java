package starling.gateway.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The topics on which this gateway has had the broker retain something, so that it can take back
 * what it published before it was started again, and only that. Kept in a file of lines {@code
 * +topic} and {@code -topic}; one that can't be kept or read costs no more than that.
 */
final class Published {
  private static final System.Logger LOG = System.getLogger(Published.class.getName());
  private static final int LINES_MAX = 4 * Shelf.TOPICS_MAX;
  private static final int BYTES_MAX = 16 << 20;

  private final Optional<Path> file;
  private final Set<String> topics = new LinkedHashSet<>();
  private int lines;
  private boolean failed;

  /** What an earlier life remembered; without a file, nothing is remembered beyond this one. */
  Published(Optional<Path> file) {
    this.file = file;
    try {
      if (file.isPresent() && Files.exists(file.get())) {
        read(file.get());
        rewrite(file.get());
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  /** They, at most as many as a gateway may retain. */
  Set<String> topics() {
    return Set.copyOf(topics);
  }

  /** Something is going to be retained there. */
  void add(String topic) {
    if (topics.size() < Shelf.TOPICS_MAX && topics.add(topic)) {
      append("+" + topic);
    }
  }

  /** Nothing of ours is retained there any more. */
  void remove(String topic) {
    if (topics.remove(topic)) {
      append("-" + topic);
    }
  }

  private void read(Path from) throws IOException {
    if (Files.size(from) > BYTES_MAX) {
      throw new IOException(from + " has more than " + BYTES_MAX + " bytes");
    }
    String text = new String(Files.readAllBytes(from), UTF_8);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1); // the last line may be torn
    whole
        .lines()
        .filter(line -> !line.isEmpty())
        .forEach(line -> {
          String topic = line.substring(1);
          if (line.charAt(0) == '-') {
            topics.remove(topic);
          } else if (topics.size() < Shelf.TOPICS_MAX) {
            topics.add(topic);
          }
        });
  }

  private void append(String line) {
    try {
      if (file.isEmpty()) {
        return;
      }
      if (lines >= LINES_MAX) {
        rewrite(file.get());
      } else {
        Files.writeString(
            file.get(), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        lines++;
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void rewrite(Path to) throws IOException {
    Path next = to.resolveSibling(to.getFileName() + ".next");
    Files.write(next, topics.stream().map(topic -> "+" + topic).toList());
    Files.move(next, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    lines = topics.size();
  }

  private void fail(IOException e) {
    if (!failed) {
      failed = true;
      LOG.log(Level.WARNING, "topics are not remembered for the next start: {0}", e.toString());
    }
  }
}
