package starling.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import starling.flash.Flash;
import starling.flash.Scheme;
import starling.flash.Settings;
import starling.flash.Wifi;
import starling.flash.disk.BlockDevice;
import starling.flash.disk.Disks;
import starling.keys.Bundle;
import starling.keys.Guest;
import starling.keys.SensorTable;
import starling.node.SmallFile;
import starling.progress.ProgressBar;
import starling.progress.Terminal;

/** {@code starling flash}: a stock image becomes a node. */
@Command(
    name = "flash",
    description = {
      "Makes a stock Raspberry Pi OS image (64 bit), or the boot partition of a card, start as a"
          + " node of the site: looks which first-boot scheme it has (cloud-init, rpi-preseed.toml,"
          + " custom.toml, firstrun.sh), writes what that one reads, and reads it back. Needs no"
          + " root and mounts nothing.",
      "The node gets its place in the roster and an identity of its own, which goes onto this card"
          + " alone."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    footer = {
      "",
      "TARGET is an image, which is changed where it is; or with --image a file that is made, or a"
          + " card's device, which is shown first and asked for, and never one that is mounted,"
          + " built in or the system's; or a folder where the boot partition of a card is mounted,"
          + " for use with Raspberry Pi Imager.",
      "",
      "There are no passwords: whoever shall log in has an ssh key. A Wi-Fi passphrase is read from"
          + " a file, and only the key that it makes goes onto the card. At the first start the"
          + " board takes all that is secret off the boot partition.",
      "",
      "Exit status: 0 done, 1 failed, 2 wrong usage. What is refused or fails changes nothing.",
      "",
      "Examples:",
      "  starling flash n17.img --image raspios.img.xz --node /orchard/north/n17 \\",
      "      --radio sik-64k:/dev/ttyUSB0 --ssh-key ~/.ssh/id_ed25519.pub",
      "  starling flash /dev/sdb --image raspios.img.xz --node /orchard/north/n17 --radio …"
          + " --sensor bme280",
      "  starling flash /dev/sdb --image raspios.img.xz --invite n18.invite \\",
      "      --broker tcp://gateway.local:1883",
      "  starling flash /media/me/bootfs --node /orchard/north/n18 --radio lora-sf7:/dev/serial0"
          + " \\",
      "      --wifi barn --wifi-passphrase barn.txt --wifi-country DE --time-zone Europe/Berlin",
    })
final class FlashVerb implements Callable<Integer> {
  private static final int SMALL_MAX_BYTES = 64 * 1024;

  @Parameters(
      paramLabel = "TARGET",
      description = "An image, a card's device, or the folder of a boot partition.")
  private Path target = Path.of("");

  @Option(
      names = "--node",
      paramLabel = "PATH",
      description = "Which node it becomes, such as /orchard/north/n17.")
  private @Nullable String node;

  @Option(
      names = "--invite",
      paramLabel = "FILE",
      description =
          "Instead of --node, without the operator's key: the board asks for the place in"
              + " this invite (starling keys invite), at --broker.")
  private @Nullable Path invite;

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "The stock image that TARGET is made from: plain, .xz, .gz or .zst.")
  private @Nullable Path image;

  @Mixin private BoardOptions board = new BoardOptions();

  @Option(
      names = "--sensor",
      paramLabel = "KIND[:KEY=VALUE,…]",
      description = {
        "A sensor that is wired to it, such as bme280 or bme280:address=0x77; again for more. The"
            + " board itself is read anyway."
      })
  private List<String> sensors = new ArrayList<>();

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description = "Its host name (default: north-n17 for /orchard/north/n17).")
  private @Nullable String host;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      defaultValue = "pi",
      description = "Who may log in (default: pi).")
  private String user = "pi";

  @Option(
      names = "--ssh-key",
      paramLabel = "FILE",
      description = "A public key that may log in; again for more. Without, nobody may.")
  private List<Path> sshKeys = new ArrayList<>();

  @Option(names = "--wifi", paramLabel = "SSID", description = "A network to join.")
  private @Nullable String wifi;

  @Option(
      names = "--wifi-passphrase",
      paramLabel = "FILE",
      description = "The file whose first line is its passphrase.")
  private @Nullable Path passphrase;

  @Option(names = "--wifi-country", paramLabel = "CC", description = "Where it is, such as DE.")
  private @Nullable String country;

  @Option(names = "--time-zone", paramLabel = "ZONE", description = "Such as Europe/Berlin.")
  private @Nullable String timeZone;

  @Option(
      names = "--scheme",
      paramLabel = "NAME",
      description = "Its first-boot scheme, if none is to be seen.")
  private @Nullable String scheme;

  @Mixin private SoftwareOption software = new SoftwareOption();

  @Option(
      names = "--no-software",
      description = "Write no programs: the board has them, from a package or an earlier flash.")
  private boolean bare;

  @Option(names = "--yes", description = "Overwrite the card without asking.")
  private boolean yes;

  @Option(names = "--json", description = "Print what was done as one JSON object.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try {
      Optional<Bundle.Radio> modem = board.modem();
      List<SensorTable> tables = sensors.stream().map(SensorTable::of).toList();
      Optional<Guest> guest = guest(modem, tables);
      String path = guest.map(Guest::path).orElse(node == null ? "" : node);
      Settings settings = settings(modem, path);
      Optional<BlockDevice> card = card();
      Flash flash =
          new Flash(
              target,
              Optional.ofNullable(image),
              card,
              Optional.ofNullable(scheme).map(Scheme::of),
              settings,
              software(),
              LocalDateTime.now(ZoneId.systemDefault()).withNano(0));
      Flash.Door door = () -> guest.isPresent() ? guest.get() : board.enrolment(path, tables);
      Flash.Done done = flash.run(door, ProgressBar.on(err()));
      print(done, flash.settings(), path);
      return 0;
    } catch (NoSuchFileException e) {
      throw new IOException(e.getFile() + " does not exist", e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<Guest> guest(Optional<Bundle.Radio> modem, List<SensorTable> tables)
      throws IOException {
    if ((node == null) == (invite == null)) {
      throw new IllegalArgumentException(
          "say which node it becomes, --node PATH, or give it an invite, --invite FILE");
    }
    if (invite == null) {
      return Optional.empty();
    }
    if (board.differs()) {
      throw new IllegalArgumentException("with --invite the place is as the invite says");
    }
    return Optional.of(
        Guest.of(small(invite), modem, board.broker(), board.brokerCa(), tables, Instant.now()));
  }

  /** The card that TARGET names, if it does, and its owner agrees. */
  private Optional<BlockDevice> card() throws IOException {
    if (!target.toAbsolutePath().normalize().startsWith("/dev")) {
      return Optional.empty();
    }
    if (image == null) {
      throw new IllegalArgumentException("a card wants --image: what goes onto it");
    }
    BlockDevice card = Disks.here().find(target);
    card.check(0);
    card.lines().forEach(err()::println);
    err().flush();
    Console console = Terminal.isThere() ? System.console() : null;
    if (!yes && console == null) {
      throw new IllegalArgumentException("all that is on it would be lost: say --yes");
    }
    if (!yes && console != null) {
      String said = console.readLine("All that is on it will be lost. Type yes to go on: ");
      if (!"yes".equals(said)) {
        throw new IOException("nothing was done");
      }
    }
    return Optional.of(card);
  }

  private Settings settings(Optional<Bundle.Radio> modem, String path) throws IOException {
    List<String> keys = new ArrayList<>();
    for (Path file : sshKeys) {
      small(file).lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(keys::add);
    }
    return new Settings(
        host == null ? Settings.hostOf(path) : host,
        user,
        keys,
        wifi(),
        Optional.ofNullable(timeZone),
        modem.map(one -> Settings.isOnBoard(one.port())).orElse(false));
  }

  private Optional<Path> software() throws IOException {
    if (bare && software.isSaid()) {
      throw new IllegalArgumentException("--software and --no-software contradict each other");
    }
    return bare ? Optional.empty() : Optional.of(software.archive(ProgressBar.on(err())));
  }

  private Optional<Wifi> wifi() throws IOException {
    boolean all = wifi != null && passphrase != null && country != null;
    if (!all && (wifi != null || passphrase != null || country != null)) {
      throw new IllegalArgumentException(
          "a Wi-Fi network wants all of --wifi, --wifi-passphrase and --wifi-country");
    }
    if (wifi == null || passphrase == null || country == null) {
      return Optional.empty();
    }
    String line = small(passphrase).lines().findFirst().orElse("");
    return Optional.of(Wifi.of(wifi, line, country));
  }

  private static String small(Path file) throws IOException {
    return new String(SmallFile.read(file, SMALL_MAX_BYTES), StandardCharsets.UTF_8);
  }

  private void print(Flash.Done done, Settings settings, String path) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      JsonObject object = new JsonObject();
      object.addProperty("node", path);
      object.addProperty("invited", invite != null);
      object.addProperty("id", done.id());
      object.addProperty("target", target.toString());
      object.addProperty("scheme", done.scheme().label());
      object.addProperty("host", settings.host());
      JsonArray files = new JsonArray();
      done.files().forEach(files::add);
      object.add("files", files);
      object.addProperty("bytes", done.bytes());
      out.println(object);
    } else {
      out.println("node      " + path + " (" + done.id() + "), host " + settings.host());
      out.println("scheme    " + done.scheme().label());
      out.println("written   " + String.join(" ", done.files()) + ", and read back");
      out.println(
          invite == null
              ? "charter   signed anew: give charter.bin to a gateway, and all will know"
              : "invite    it asks to join; who has the operator's key decides: starling keys"
                  + " pending");
    }
    out.flush();
  }

  private PrintWriter err() {
    return Objects.requireNonNull(spec).commandLine().getErr();
  }
}
