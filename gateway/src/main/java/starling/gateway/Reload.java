package starling.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import starling.model.Delivery;
import starling.node.Configuration;
import starling.node.ConfigurationException;
import starling.node.NodeSettings;

/**
 * Looks at the configuration file every two seconds, as nodes look at their charter. What {@link
 * Parts} can change is taken up at once, of the rest it is said that it wants a start. A file that
 * is not in order changes nothing, and that is said as well.
 */
final class Reload implements AutoCloseable {
  private static final long LOOK_SECONDS = 2;

  private final Path file;
  private final List<String> overrides;
  private final Parts parts;
  private final Consumer<Delivery> owner;
  private final Thread thread = Thread.ofVirtual().name("reload").unstarted(this::run);
  private Configuration current;
  private FileTime seen;

  private Reload(
      Path file,
      List<String> overrides,
      Configuration current,
      Parts parts,
      Consumer<Delivery> owner) {
    this.file = file;
    this.overrides = overrides;
    this.current = current;
    this.parts = parts;
    this.owner = owner;
    this.seen = time();
  }

  /**
   * Begins to look.
   *
   * @param current what was read from the file
   * @param owner is told what was taken up and what was not
   */
  static Reload start(
      Path file,
      List<String> overrides,
      Configuration current,
      Parts parts,
      Consumer<Delivery> owner) {
    Reload reload = new Reload(file, overrides, current, parts, owner);
    reload.thread.start();
    return reload;
  }

  private void run() {
    try {
      while (true) {
        TimeUnit.SECONDS.sleep(LOOK_SECONDS);
        FileTime now = time();
        if (!now.equals(seen)) {
          seen = now;
          take();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take() {
    try {
      Configuration next = Configuration.read(file, overrides, GatewaySettings.KEYS);
      NodeSettings _ = NodeSettings.of(next, true);
      GatewaySettings settings = GatewaySettings.of(next);
      Set<String> changed = new TreeSet<>(current.differences(next));
      Set<String> later = new TreeSet<>(changed);
      later.removeIf(key -> Parts.TABLES.contains(key.substring(0, key.indexOf('.'))));
      if (!parts.canChangeTo(settings)) {
        later.addAll(changed);
      } else {
        parts.change(settings);
        current = next;
      }
      changed.removeAll(later);
      tell(new Delivery.Notice("configuration", name(), "taken up: " + changed));
      if (!later.isEmpty()) {
        warn("these want another start: " + later);
      }
    } catch (ConfigurationException | IOException e) {
      warn("not taken up: " + e.getMessage());
    }
  }

  private void warn(String text) {
    tell(new Delivery.Warning("configuration", name(), text));
  }

  private void tell(Delivery delivery) {
    owner.accept(delivery);
  }

  private String name() {
    return String.valueOf(file.getFileName());
  }

  private FileTime time() {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // being replaced just now
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
