package starling.flash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import starling.flash.disk.BootFiles;

/**
 * How a stock image learns at its first start what it shall be. Raspberry Pi OS has changed it
 * three times; which one an image has can be seen on its boot partition. Sources: the customisation
 * formats of rpi-imager, and the scripts of pi-gen, raspberrypi-sys-mods and rpi-preseed.
 */
public enum Scheme {
  /** Trixie since November 2025, Ubuntu: {@code user-data}, read by cloud-init. */
  CLOUD_INIT("cloud-init"),
  /** The newest: {@code rpi-preseed.toml}. */
  PRESEED("rpi-preseed"),
  /** Bookworm, if somebody has put a {@code custom.toml}. */
  CUSTOM_TOML("custom-toml"),
  /** Bookworm and the first Trixie: {@code firstrun.sh}, named on the kernel's command line. */
  FIRSTRUN("firstrun");

  /** Where a running board has its boot partition. */
  static final String MOUNTED = "/boot/firmware";

  /** What installs the node, whatever the scheme. */
  static final String FIRST_START = "starling/first-start.sh";

  /** The C library of Raspberry Pi OS 12: 2.36. */
  static final int BOOKWORM_GLIBC = 236;

  private static final String FIRSTBOOT = "init=/usr/lib/raspberrypi-sys-mods/firstboot";

  private final String label;

  Scheme(String label) {
    this.label = label;
  }

  /** What it is called on the command line. */
  public String label() {
    return label;
  }

  /** The scheme of that name. */
  public static Scheme of(String label) {
    return Arrays.stream(values())
        .filter(one -> one.label.equals(label))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "--scheme is one of " + labels() + ", not '" + label + "'"));
  }

  private static String labels() {
    return Arrays.stream(values()).map(Scheme::label).collect(Collectors.joining(", "));
  }

  /**
   * Looks which one a boot partition has.
   *
   * @throws IOException none, or it is no boot partition: what to do instead
   */
  public static Scheme detect(BootFiles boot) throws IOException {
    List<String> words = words(boot);
    if (boot.exists("user-data") || boot.exists("meta-data")) {
      return CLOUD_INIT;
    }
    if (boot.exists("rpi-preseed.toml") || named(words, "rpi_preseed.config=")) {
      return PRESEED;
    }
    if (boot.exists("custom.toml")) {
      return CUSTOM_TOML;
    }
    if (boot.exists("firstrun.sh") || words.contains(FIRSTBOOT) || words.contains("resize")) {
      return FIRSTRUN;
    }
    throw new IOException(
        "no first-boot scheme is to be seen (no user-data, rpi-preseed.toml, custom.toml or"
            + " firstrun.sh, and a command line that no fresh Raspberry Pi OS has). Take a stock"
            + " Raspberry Pi OS image (64 bit) that has not been started; or, if you know which"
            + " scheme it has, say --scheme with one of "
            + labels()
            + "; or start it as it is and use: starling keys bundle");
  }

  private static List<String> words(BootFiles boot) throws IOException {
    Optional<byte[]> line = boot.read(BootConfig.CMDLINE);
    if (line.isEmpty() || !boot.exists(BootConfig.CONFIG)) {
      throw new IOException(
          "there is no cmdline.txt and config.txt: this is not the boot partition of a Raspberry"
              + " Pi; name an image, a card, or the folder where its boot partition is mounted");
    }
    return List.of(new String(line.get(), UTF_8).strip().split("\\s+", -1));
  }

  private static boolean named(List<String> words, String beginning) {
    return words.stream().anyMatch(word -> word.startsWith(beginning));
  }

  /** Whether an image is of Bookworm, whose C library is of 2022. */
  static boolean isBookworm(BootFiles boot) throws IOException {
    return words(boot).contains(FIRSTBOOT);
  }

  /**
   * The files that it reads, by name.
   *
   * @param instance different for each writing, as cloud-init takes it for a first start by that
   */
  Map<String, String> files(Settings settings, String instance) {
    return switch (this) {
      case CLOUD_INIT -> CloudInit.files(settings, instance);
      case PRESEED -> Map.of("rpi-preseed.toml", SettingsToml.preseed(settings));
      case CUSTOM_TOML -> Map.of("custom.toml", SettingsToml.custom(settings));
      case FIRSTRUN -> Map.of("firstrun.sh", FirstRun.script(settings));
    };
  }

  /** What it wants the kernel's command line to say, so that the node is installed. */
  List<String> kernelWords() {
    String script =
        switch (this) {
          case CLOUD_INIT, PRESEED -> "";
          case CUSTOM_TOML -> FIRST_START;
          case FIRSTRUN -> "firstrun.sh";
        };
    if (script.isEmpty()) {
      return List.of();
    }
    return List.of(
        "systemd.run=" + MOUNTED + "/" + script,
        "systemd.run_success_action=reboot",
        "systemd.run_failure_action=reboot",
        "systemd.unit=kernel-command-line.target");
  }
}
