package starling.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import starling.frame.Keyring;
import starling.keys.SiteDirectory;
import starling.link.LinkProfile;
import starling.link.ModemSettings;
import starling.link.Presets;
import starling.model.Charter;
import starling.node.KeyFile;
import starling.sniff.Sniffed;
import starling.sniff.Sniffer;

/** {@code starling sniff}: the frames on the air, live. */
@Command(
    name = "sniff",
    description = {
      "Shows frames as they come, one line each: when, how strong, from whom, what counter and what"
          + " promise to speak again; with the site's key also what is in them. Nothing is sent."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    footer = {
      "",
      "A sender's frames are decoded from its next introduction on, within 32 of its frames.",
      "",
      "Exit status: 0 done, 1 the port or broker could not be used, 2 wrong usage.",
      "",
      "Examples:",
      "  starling sniff /dev/ttyUSB0 --modem rnode-sf9 --dir orchard",
      "  starling sniff /dev/ttyUSB0 --for 60 --json",
      "  starling sniff mqtt://gateway.local:1883/orchard --key site.key"
    })
final class SniffVerb implements Callable<Integer> {
  private static final long LOOK_MILLIS = 200;
  private static final int SECONDS_MAX = 7 * 86_400;
  private static final int BAUD_MIN = 300;
  private static final int BAUD_MAX = 4_000_000;
  private static final int KILO = 1_000;

  @Parameters(
      paramLabel = "PORT",
      description = "A modem's device, or a broker and site: mqtt://host:port/SITE.")
  private String port = "";

  @Option(
      names = "--modem",
      paramLabel = "PRESET",
      defaultValue = "sik-64k",
      description = "The medium and how its modem is spoken to (default: ${DEFAULT-VALUE}).")
  private String preset = "";

  @Option(
      names = "--baud",
      paramLabel = "RATE",
      description = "Bits per second on the wire (default: the preset's).")
  private @Nullable Integer baud;

  @Option(
      names = "--frequency-khz",
      paramLabel = "KHZ",
      description = "rnode: the carrier (default: 869525).")
  private @Nullable Integer frequencyKilohertz;

  @Option(names = "--key", paramLabel = "FILE", description = "The site's key: frames are decoded.")
  private @Nullable Path key;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "The operator's directory: names, and its site's key.")
  private @Nullable Path directory;

  @Option(
      names = "--for",
      paramLabel = "SECONDS",
      description = "End after that (default: when interrupted).")
  private @Nullable Integer seconds;

  @Option(names = "--json", description = "Print one JSON object a frame.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (seconds != null && (seconds < 1 || seconds > SECONDS_MAX)) {
      throw wrong("--for is 1 to 604800 seconds, not " + seconds);
    }
    boolean broker = port.startsWith("mqtt://") || port.startsWith("tcp://");
    Presets medium = medium(broker);
    Charter charter = directory == null ? Charter.EMPTY : new SiteDirectory(directory).charter();
    Sniffer sniffer = new Sniffer(keyring(), charter, medium.profile().keyNumber());
    try (Tap tap = broker ? Tap.broker(uri()) : serial(medium)) {
      return listen(tap, sniffer);
    }
  }

  private Presets medium(boolean broker) {
    Presets medium =
        broker
            ? Presets.MQTT
            : Presets.of(preset)
                .orElseThrow(() ->
                    wrong(
                        "no preset '"
                            + preset
                            + "'; there are "
                            + String.join(", ", Presets.names())));
    if (!broker && !medium.profile().broadcast()) {
      throw wrong(preset + " is no radio: name the broker and site, mqtt://host:1883/orchard");
    }
    return medium;
  }

  private URI uri() {
    try {
      return URI.create(port);
    } catch (IllegalArgumentException e) {
      throw wrong("a broker and site look like mqtt://host:1883/orchard, not '" + port + "'");
    }
  }

  private Tap serial(Presets medium) {
    ModemSettings modem = medium.modem();
    int rate = baud == null ? modem.baud() : baud;
    if (rate < BAUD_MIN || rate > BAUD_MAX) {
      throw wrong("--baud is 300 to 4000000, not " + rate);
    }
    if (frequencyKilohertz != null) {
      if (!(modem instanceof ModemSettings.Rnode rnode)) {
        throw wrong("--frequency-khz is for RNodes: " + preset + " is tuned by other means");
      }
      modem = rnode.tuned((long) KILO * frequencyKilohertz, rnode.powerDbm());
    }
    LinkProfile profile = medium.profile();
    return Tap.serial(port, rate, profile, modem);
  }

  private Optional<Keyring> keyring() throws IOException {
    if (key != null) {
      return Optional.of(KeyFile.readSite(key));
    }
    return directory == null
        ? Optional.empty()
        : Optional.of(KeyFile.readSite(new SiteDirectory(directory).siteKey()));
  }

  private int listen(Tap tap, Sniffer sniffer) throws IOException, InterruptedException {
    long beganNanos = System.nanoTime();
    long forNanos = seconds == null ? Long.MAX_VALUE : seconds * 1_000_000_000L;
    boolean wasUp = false;
    long frames = 0;
    boolean read = true;
    while (read && System.nanoTime() - beganNanos < forNanos) {
      Optional<Tap.Capture> next = tap.next(LOOK_MILLIS);
      switch (next.orElse(null)) {
        case Tap.Capture.Frame(var frame, var reception, var atMillis) -> {
          read = show(sniffer.sniff(frame, reception, atMillis));
          frames++;
        }
        case Tap.Capture.State(var up, var reason) -> {
          if (!up && !wasUp) {
            throw new IOException(reason);
          }
          wasUp = true;
          err().println("starling: " + reason);
        }
        case null -> {}
      }
    }
    err()
        .println(
            "starling: "
                + frames
                + " frames, "
                + tap.garbageBytes()
                + " bytes besides, "
                + tap.dropped()
                + " dropped");
    return 0;
  }

  /** Answers whether anybody still reads: the other end of a pipe may have enough. */
  private boolean show(Sniffed frame) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(json ? FrameLine.json(frame).toString() : FrameLine.text(frame));
    return !out.checkError();
  }

  private PrintWriter err() {
    return Objects.requireNonNull(spec).commandLine().getErr();
  }

  private ParameterException wrong(String why) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), why);
  }
}
