package starling.cli;

import com.google.gson.Gson;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import starling.link.Presets;
import starling.link.serial.Probe;

/** {@code starling radio}: what media cost, and what modem is at a port. */
@Command(
    name = "radio",
    description = "Says what frames cost on each medium, and what modem is at a port.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    footer = {
      "",
      "Exit status: 0 done, 1 failed or nothing known was found, 2 wrong usage.",
      "",
      "Examples:",
      "  starling radio show rnode-sf9",
      "  starling radio probe /dev/ttyUSB0",
      "",
      "docs/modems.md has a section for each sort of modem."
    })
final class RadioVerb {
  private static final int SECONDS_MAX = 600;
  private static final int BAUD_MIN = 300;
  private static final int BAUD_MAX = 4_000_000;

  @Spec private @Nullable CommandSpec spec;

  @Command(
      name = "show",
      description = "Shows airtime and what law and channel target allow, of one preset or all.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling radio show lora-sf9"})
  int show(
      @Parameters(arity = "0..1", paramLabel = "PRESET", description = "Such as lora-sf9.")
          @Nullable String preset,
      @Option(names = "--json", description = "Print one JSON object a row.") boolean json) {
    PrintWriter out = out();
    for (Presets each : preset == null ? Arrays.asList(Presets.values()) : List.of(known(preset))) {
      if (json) {
        AirtimeTable.rows(each).forEach(row -> out.println(new Gson().toJson(row)));
      } else {
        AirtimeTable.lines(each).forEach(out::println);
        out.println();
      }
    }
    out.flush();
    return 0;
  }

  private Presets known(String preset) {
    return Presets.of(preset)
        .orElseThrow(() ->
            wrong("no preset '" + preset + "'; there are " + String.join(", ", Presets.names())));
  }

  @Command(
      name = "probe",
      description = {
        "Asks whether an RNode or an XBee is at a port, and listens for frames; no setting is"
            + " changed. A program that has the port open has to be stopped first."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: starling radio probe /dev/ttyUSB0 --baud 57600"})
  int probe(
      @Parameters(paramLabel = "PORT", description = "The device.") String port,
      @Option(
              names = "--baud",
              paramLabel = "RATE",
              defaultValue = "115200",
              description = "Bits per second on the wire (default: ${DEFAULT-VALUE}, RNodes').")
          int baud,
      @Option(
              names = "--seconds",
              paramLabel = "N",
              defaultValue = "10",
              description = "How long to ask and listen, 1 to 600 (default: ${DEFAULT-VALUE}).")
          int seconds,
      @Option(names = "--json", description = "Print one JSON object.") boolean json)
      throws IOException {
    if (seconds < 1 || seconds > SECONDS_MAX) {
      throw wrong("--seconds is 1 to 600, not " + seconds);
    }
    if (baud < BAUD_MIN || baud > BAUD_MAX) {
      throw wrong("--baud is 300 to 4000000, not " + baud);
    }
    if (isTerminal()) {
      Objects.requireNonNull(spec)
          .commandLine()
          .getErr()
          .println("asking at " + port + ", up to " + seconds + " s");
    }
    Probe.Finding found = Probe.at(port, baud, 1000L * seconds);
    out().println(json ? new Gson().toJson(row(port, baud, found)) : line(port, baud, found));
    boolean nothing =
        found instanceof Probe.Finding.Noise || found instanceof Probe.Finding.Silence;
    return nothing ? 1 : 0;
  }

  private static Map<String, Object> row(String port, int baud, Probe.Finding found) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("port", port);
    row.put("baud", baud);
    switch (found) {
      case Probe.Finding.Rnode rnode -> {
        row.put("found", "rnode");
        row.put("firmware", rnode.firmware());
      }
      case Probe.Finding.Xbee xbee -> {
        row.put("found", "xbee");
        row.put("firmware", xbee.firmware());
        row.put("api", xbee.api());
      }
      case Probe.Finding.Frames frames -> {
        row.put("found", "frames");
        row.put("frames", frames.count());
      }
      case Probe.Finding.Noise noise -> {
        row.put("found", "noise");
        row.put("bytes", noise.bytes());
      }
      case Probe.Finding.Silence _ -> row.put("found", "nothing");
    }
    return row;
  }

  private static String line(String port, int baud, Probe.Finding found) {
    return port
        + " at "
        + baud
        + " baud: "
        + switch (found) {
          case Probe.Finding.Rnode rnode ->
              "an RNode with firmware " + rnode.firmware() + "; take preset rnode-sf7 or rnode-sf9";
          case Probe.Finding.Xbee xbee ->
              "an XBee with firmware "
                  + xbee.firmware()
                  + (xbee.api()
                      ? " in API mode; take preset xbee-api or xbee-api2"
                      : " in transparent mode; take preset xbee, or starling radio configure");
          case Probe.Finding.Frames frames ->
              "a transparent radio that brought "
                  + frames.count()
                  + " whole frames of Starling nodes";
          case Probe.Finding.Noise noise ->
              noise.bytes()
                  + " bytes that are neither an RNode's nor frames: try another --baud (57600 or"
                  + " 9600 for most), or it is another sort of modem";
          case Probe.Finding.Silence _ ->
              "nothing answers: no modem, another baud, or a transparent radio that hears nobody";
        };
  }

  @SuppressWarnings("SystemConsoleNull") // On Java 25 it is null again where there is no terminal.
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  private ParameterException wrong(String why) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), why);
  }
}
