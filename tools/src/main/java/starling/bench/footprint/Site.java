package starling.bench.footprint;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import starling.charter.Draft;
import starling.keys.Bundle;
import starling.keys.SiteDirectory;
import starling.link.Presets;
import starling.link.pty.Pty;
import starling.model.Channel;
import starling.model.Page;
import starling.model.Schema;

/**
 * A cell of two nodes in a directory that goes away with it: one to observe, and one for it to
 * speak to, which never answers.
 */
public final class Site implements AutoCloseable {
  private static final String CELL = "/bench/cell";
  private static final String NODE = CELL + "/n1";
  private static final String SILENT = CELL + "/n2";
  private static final Schema SCHEMA =
      new Schema(
          1, List.of(new Channel("load", "1", 2, 0, 1000), new Channel("memory", "%", 1, 0, 100)));
  private static final int DRAIN_MILLIS = 500;
  private static final int BUFFER_BYTES = 4096;

  private final Scratch files;
  private final @Nullable Pty modem;

  private Site(Scratch files, @Nullable Pty modem) {
    this.files = files;
    this.modem = modem;
  }

  /**
   * A cell on a radio channel: a modem behind a pseudo-terminal that takes all and says nothing.
   */
  public static Site onRadio(Duration window) throws IOException {
    Pty modem = Pty.open();
    Thread.ofPlatform().name("modem").daemon().start(() -> drain(modem));
    Bundle.Radio radio =
        new Bundle.Radio(
            Presets.SIK_64K.profile().name(), modem.slave().toString(), Optional.empty());
    Bundle bundle = new Bundle(NODE, Optional.of(radio), Optional.empty());
    return new Site(write(window, Page.Medium.BROADCAST, bundle), modem);
  }

  /** A cell that meets at a broker. */
  public static Site onNetwork(Duration window, URI broker) throws IOException {
    Bundle bundle = new Bundle(NODE, Optional.empty(), Optional.of(broker.toString()));
    return new Site(write(window, Page.Medium.ADDRESSED, bundle), null);
  }

  private static Scratch write(Duration window, Page.Medium medium, Bundle bundle)
      throws IOException {
    Scratch files = Scratch.create();
    Draft draft =
        new Draft("bench", window.toMillis())
            .schema(SCHEMA)
            .query("board", "SELECT AVG(load), MAX(memory), COUNT(*) FROM readings")
            .cell(CELL, medium);
    SiteDirectory site = SiteDirectory.create(files.resolve("site"), draft);
    for (String node : List.of(NODE, SILENT)) {
      draft.node(node, site.newNode(node), SCHEMA.number(), Set.of(Draft.Duty.SENSES));
    }
    site.save(draft);
    bundle.write(site, files.resolve("node"));
    return files;
  }

  private static void drain(Pty modem) {
    byte[] buffer = new byte[BUFFER_BYTES];
    while (modem.read(buffer, DRAIN_MILLIS) >= 0) {}
  }

  /** What the node to observe is started with. */
  public List<String> arguments() {
    Path configuration = files.resolve("node").resolve("node.toml");
    return List.of("--config", configuration.toString(), "--clock.root=true", "--exit-with-stdin");
  }

  /** Where its output goes. */
  public Path log() {
    return files.resolve("log");
  }

  @Override
  public void close() throws IOException {
    if (modem != null) {
      modem.close();
    }
    files.close();
  }
}
