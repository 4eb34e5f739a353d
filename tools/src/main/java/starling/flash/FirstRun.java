package starling.flash;

import java.util.stream.Collectors;

/**
 * {@code firstrun.sh}: run once by systemd, as the kernel's command line says. Uses the helpers
 * that the images it is for have; what one of them refuses does not keep the node from coming up.
 */
final class FirstRun {
  private FirstRun() {}

  static String script(Settings settings) {
    StringBuilder text = new StringBuilder("#!/bin/sh\n# Written by starling flash.\n");
    text.append("custom=/usr/lib/raspberrypi-sys-mods/imager_custom\n");
    text.append("$custom set_hostname ").append(settings.host()).append('\n');
    text.append("/usr/lib/userconf-pi/userconf ").append(settings.user()).append(" '!'\n");
    if (!settings.sshKeys().isEmpty()) {
      String keys = settings.sshKeys().stream().map(Quoted::shell).collect(Collectors.joining(" "));
      text.append("$custom enable_ssh -k ").append(keys).append('\n');
    }
    settings
        .wifi()
        .ifPresent(wifi -> {
          text.append("$custom set_wlan ").append(Quoted.shell(wifi.name())).append(' ');
          text.append(wifi.keyHex()).append(' ').append(wifi.country()).append('\n');
        });
    settings
        .timeZone()
        .ifPresent(
            zone -> text.append("$custom set_timezone ").append(Quoted.shell(zone)).append('\n'));
    return text.append("exec sh ")
        .append(Scheme.MOUNTED)
        .append('/')
        .append(Scheme.FIRST_START)
        .append('\n')
        .toString();
  }
}
