package starling.flash;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What cloud-init reads from a boot partition (NoCloud): user-data, network-config, meta-data. It
 * does what they say once for each instance-id.
 */
final class CloudInit {
  private static final String GROUPS =
      "[adm, dialout, sudo, users, plugdev, input, netdev, gpio, i2c, spi]";

  private static final String SCRIPT = Scheme.MOUNTED + "/" + Scheme.FIRST_START;

  private CloudInit() {}

  static Map<String, String> files(Settings settings, String instance) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("user-data", userData(settings));
    files.put("network-config", networkConfig(settings));
    files.put("meta-data", "dsmode: local\ninstance-id: " + instance + "\n");
    return files;
  }

  private static String userData(Settings settings) {
    StringBuilder text = new StringBuilder("#cloud-config\n# Written by starling flash.\n");
    text.append("hostname: ").append(settings.host()).append("\nmanage_etc_hosts: true\n");
    settings.timeZone().ifPresent(zone -> text.append("timezone: ").append(zone).append('\n'));
    text.append("ssh_pwauth: false\nusers:\n");
    text.append("- name: ").append(settings.user()).append('\n');
    text.append("  groups: ").append(GROUPS).append('\n');
    text.append("  shell: /bin/bash\n  lock_passwd: true\n");
    text.append("  sudo: \"ALL=(ALL) NOPASSWD:ALL\"\n");
    if (!settings.sshKeys().isEmpty()) {
      text.append("  ssh_authorized_keys: ").append(Quoted.list(settings.sshKeys())).append('\n');
    }
    // Done at each start, while all else is noted as done before it is.
    text.append("bootcmd:\n- test ! -e ").append(SCRIPT).append(" || sh ").append(SCRIPT);
    text.append(" arm\nruncmd:\n");
    if (!settings.sshKeys().isEmpty()) {
      text.append("- [systemctl, enable, --now, ssh]\n");
    }
    text.append("- test ! -e ").append(SCRIPT).append(" || sh ").append(SCRIPT);
    return text.append('\n').toString();
  }

  private static String networkConfig(Settings settings) {
    StringBuilder text =
        new StringBuilder("# Written by starling flash.\nnetwork:\n  version: 2\n");
    text.append("  ethernets:\n    eth0:\n      dhcp4: true\n      optional: true\n");
    settings
        .wifi()
        .ifPresent(wifi -> {
          text.append("  wifis:\n    wlan0:\n      dhcp4: true\n      optional: true\n");
          text.append("      regulatory-domain: \"").append(wifi.country()).append("\"\n");
          text.append("      access-points:\n        ").append(Quoted.text(wifi.name()));
          text.append(":\n          password: \"").append(wifi.keyHex()).append("\"\n");
        });
    return text.toString();
  }
}
