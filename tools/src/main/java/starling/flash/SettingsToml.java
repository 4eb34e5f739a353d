package starling.flash;

/**
 * The two TOML files that images have learned to read. They differ in what they call their version
 * by, and in that only the newer one runs commands; the older one has the kernel's command line for
 * that.
 */
final class SettingsToml {
  private SettingsToml() {}

  /** {@code rpi-preseed.toml}, for rpi-preseed. */
  static String preseed(Settings settings) {
    // A board in a field may never see a time server or a network: it must not wait for them.
    return text(settings, "\"1.0\"", "passwordless_sudo = true\n")
        + "\n"
        + "[runcmd]\n"
        + "late_require_time_sync = false\n"
        + "late_wait_for_apt_lock = false\n"
        + "late = [\"sh "
        + Scheme.MOUNTED
        + "/"
        + Scheme.FIRST_START
        + "\"]\n";
  }

  /** {@code custom.toml}, for the init_config of raspberrypi-sys-mods. */
  static String custom(Settings settings) {
    return text(settings, "1", "");
  }

  private static String text(Settings settings, String version, String sudo) {
    StringBuilder text = new StringBuilder("# Written by starling flash.\n");
    text.append("config_version = ").append(version).append('\n');
    text.append("\n[system]\nhostname = ").append(Quoted.text(settings.host())).append('\n');
    text.append("\n[user]\nname = ").append(Quoted.text(settings.user())).append('\n').append(sudo);
    boolean login = !settings.sshKeys().isEmpty();
    text.append("\n[ssh]\nenabled = ").append(login).append('\n');
    text.append("password_authentication = false\nauthorized_keys = ");
    text.append(Quoted.list(settings.sshKeys())).append('\n');
    settings
        .wifi()
        .ifPresent(wifi -> {
          text.append("\n[wlan]\nssid = ").append(Quoted.text(wifi.name()));
          text.append("\npassword = \"").append(wifi.keyHex());
          text.append("\"\npassword_encrypted = true\nhidden = false\ncountry = \"");
          text.append(wifi.country()).append("\"\n");
        });
    settings
        .timeZone()
        .ifPresent(
            zone -> text.append("\n[locale]\ntimezone = ").append(Quoted.text(zone)).append('\n'));
    return text.toString();
  }
}
