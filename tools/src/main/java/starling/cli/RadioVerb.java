package starling.cli;

import com.google.gson.Gson;
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
import starling.link.ModemSettings;
import starling.link.Presets;
import starling.link.serial.Adjustment;
import starling.link.serial.Comparison;
import starling.link.serial.Probe;
import starling.progress.Terminal;

/** {@code starling radio}: what media cost, and what modem is at a port. */
@Command(
    name = "radio",
    description = {
      "Says what frames cost on each medium and which radio carries a field; finds the modem at a"
          + " port, and sets it."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    footer = {
      "",
      "Exit status: 0 done, 1 failed or nothing known was found, 2 wrong usage.",
      "",
      "Examples:",
      "  starling radio show rnode-sf9",
      "  starling radio plan --nodes 32 --every 60",
      "  starling radio probe /dev/ttyUSB0",
      "  starling radio configure /dev/ttyUSB0 --modem e22-2k4 --dry-run",
      "",
      "docs/modems.md has a section for each sort of modem."
    })
final class RadioVerb {
  private static final int SECONDS_MAX = 600;
  private static final int BAUD_MIN = 300;
  private static final int BAUD_MAX = 4_000_000;
  private static final int DAY_SECONDS = 86_400;
  private static final int CHANNELS_MAX = 16;
  private static final double LOSS_MAX = 0.9;

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
    if (Terminal.isThere()) {
      err().println("asking at " + port + ", up to " + seconds + " s");
    }
    Probe.Finding found = Probe.at(port, baud, 1000L * seconds);
    out().println(json ? new Gson().toJson(row(port, baud, found)) : line(port, baud, found));
    boolean nothing =
        found instanceof Probe.Finding.Noise || found instanceof Probe.Finding.Silence;
    return nothing ? 1 : 0;
  }

  @Command(
      name = "configure",
      description = {
        "Sets a modem as a preset wants it, reads it back and compares. A program that has the port"
            + " open has to be stopped first."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footer = {
        "",
        "Exit status: 0 all is as asked, 1 it is not or the modem does not answer, 2 wrong usage.",
        "",
        "Examples:",
        "  starling radio configure /dev/ttyUSB0 --modem xbee-api2",
        "  starling radio configure /dev/ttyUSB0 --modem e22-2k4 --mode-pins --dry-run"
      })
  int configure(
      @Parameters(paramLabel = "PORT", description = "The device.") String port,
      @Option(
              names = "--modem",
              required = true,
              paramLabel = "PRESET",
              description = "What it is to be, such as e22-2k4.")
          String preset,
      @Option(
              names = "--baud",
              paramLabel = "RATE",
              description = "Bits per second on the wire (default: the preset's).")
          @Nullable Integer baud,
      @Option(
              names = "--mode-pins",
              description = {
                "e22, e32: M0 is wired to DTR and M1 to RTS (default: set by hand beforehand)."
              })
          boolean pins,
      @Option(
              names = "--frequency-khz",
              paramLabel = "KHZ",
              description = "rnode: the carrier (default: 869525).")
          @Nullable Integer kilohertz,
      @Option(
              names = "--power-dbm",
              paramLabel = "DBM",
              description = "rnode: what the transmitter makes, 0 to 27 (default: 14).")
          @Nullable Integer power,
      @Option(names = "--dry-run", description = "Only read and compare.") boolean dry,
      @Option(names = "--json", description = "Print one JSON object a setting.") boolean json)
      throws IOException {
    Presets medium = known(preset);
    ModemSettings modem = modem(medium, pins, kilohertz, power);
    int rate = baud == null ? modem.baud() : baud;
    if (rate < BAUD_MIN || rate > BAUD_MAX) {
      throw wrong("--baud is 300 to 4000000, not " + rate);
    }
    List<Comparison> settings = Adjustment.at(port, rate, medium.profile(), modem, !dry);
    PrintWriter out = out();
    if (!json) {
      out.println(String.format("%-28s %-18s %-18s %s", "setting", "was", "asked", "is"));
    }
    for (Comparison each : settings) {
      out.println(json ? new Gson().toJson(row(each)) : line(each));
    }
    out.flush();
    boolean holds = settings.stream().allMatch(Comparison::holds);
    if (!holds) {
      long differing = settings.stream().filter(each -> !each.holds()).count();
      err()
          .println(
              "starling: "
                  + differing
                  + " settings differ from what "
                  + preset
                  + " wants"
                  + (dry ? "; without --dry-run they are set" : ""));
    }
    return holds ? 0 : 1;
  }

  private ModemSettings modem(
      Presets medium, boolean pins, @Nullable Integer kilohertz, @Nullable Integer power) {
    boolean tuned = kilohertz != null || power != null;
    if (tuned && !(medium.modem() instanceof ModemSettings.Rnode)) {
      throw wrong("--frequency-khz and --power-dbm are for RNodes");
    }
    if (pins && !(medium.modem() instanceof ModemSettings.Ebyte)) {
      throw wrong("--mode-pins is for E22 and E32");
    }
    return switch (medium.modem()) {
      case ModemSettings.Rnode rnode -> {
        try {
          yield rnode.tuned(
              kilohertz == null ? rnode.frequencyHz() : 1_000L * kilohertz,
              power == null ? rnode.powerDbm() : power);
        } catch (IllegalArgumentException e) {
          throw wrong(String.valueOf(e.getMessage()));
        }
      }
      case ModemSettings.Ebyte ebyte -> ebyte.wired(pins);
      case ModemSettings.Xbee xbee -> xbee;
      case ModemSettings.Kiss kiss -> kiss;
      case ModemSettings.Transparent transparent -> transparent;
    };
  }

  private static Map<String, Object> row(Comparison setting) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("setting", setting.setting());
    row.put("was", setting.was());
    row.put("asked", setting.asked());
    row.put("is", setting.is());
    row.put("holds", setting.holds());
    return row;
  }

  private static String line(Comparison setting) {
    String remark = setting.holds() ? setting.changed() ? "  set" : "" : "  DIFFERS";
    return String.format(
        "%-28s %-18s %-18s %s%s",
        setting.setting(), setting.was(), setting.asked(), setting.is(), remark);
  }

  @Command(
      name = "plan",
      description = "Says which radio carries a cell: how many nodes, how often.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "'starling predict' has more of one radio: zones above the cell, ages, what limits it.",
        "",
        "Example: starling radio plan --nodes 32 --every 60 --loss 0.2"
      })
  int plan(
      @Option(
              names = "--nodes",
              required = true,
              paramLabel = "N",
              description = "Nodes on one channel, 2 to 64.")
          int nodes,
      @Option(
              names = "--every",
              paramLabel = "SECONDS",
              defaultValue = "60",
              description = "How often each contributes, 1 to 86400 (default: ${DEFAULT-VALUE}).")
          int every,
      @Option(
              names = "--channels",
              paramLabel = "N",
              defaultValue = "4",
              description = "Values in a contribution, 1 to 16 (default: ${DEFAULT-VALUE}).")
          int channels,
      @Option(
              names = "--loss",
              paramLabel = "SHARE",
              defaultValue = "0.1",
              description = "Share of frames lost, 0 to 0.9 (default: ${DEFAULT-VALUE}).")
          double loss,
      @Option(names = "--json", description = "Print one JSON object a preset.") boolean json) {
    if (nodes < 2 || nodes > RadioPlan.CELL_MAX) {
      throw wrong("--nodes is 2 to 64 for one cell, not " + nodes);
    }
    if (every < 1 || every > DAY_SECONDS || channels < 1 || channels > CHANNELS_MAX) {
      throw wrong("--every is 1 to 86400 seconds, --channels 1 to 16");
    }
    if (!(loss >= 0 && loss <= LOSS_MAX)) {
      throw wrong("--loss is 0 to 0.9, not " + loss);
    }
    RadioPlan plan = new RadioPlan(nodes, 1_000L * every, channels, loss);
    PrintWriter out = out();
    if (json) {
      plan.objects().forEach(row -> out.println(new Gson().toJson(row)));
    } else {
      plan.lines().forEach(out::println);
    }
    out.flush();
    return plan.advice().isPresent() ? 0 : 1;
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

  private PrintWriter err() {
    return Objects.requireNonNull(spec).commandLine().getErr();
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  private ParameterException wrong(String why) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), why);
  }
}
