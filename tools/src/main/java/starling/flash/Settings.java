package starling.flash;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * What a board is told at its first start, apart from what makes it a node.
 *
 * @param host its name, as RFC 1123 wants it
 * @param user who may log in
 * @param sshKeys with which keys; there are no passwords
 * @param wifi a network to join
 * @param timeZone such as {@code Europe/Berlin}
 * @param onBoardRadio whether the radio is on the board's own serial port, not on USB
 */
public record Settings(
    String host,
    String user,
    List<String> sshKeys,
    Optional<Wifi> wifi,
    Optional<String> timeZone,
    boolean onBoardRadio) {
  private static final int KEY_MAX_CHARS = 4096;
  private static final int KEYS_MAX = 16;

  public Settings {
    refuseIf(
        !host.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"),
        "a host name has 1 to 63 small letters, digits and inner hyphens, not '" + host + "'");
    refuseIf(
        !user.matches("[a-z][a-z0-9_-]{0,30}"),
        "a user's name is of small letters, digits, '_' and '-', not '" + user + "'");
    refuseIf(user.equals("root"), "root does not log in over ssh; name another --user");
    refuseIf(sshKeys.size() > KEYS_MAX, "there are at most " + KEYS_MAX + " ssh keys");
    sshKeys.forEach(Settings::checkKey);
    timeZone.ifPresent(Settings::checkZone);
    sshKeys = List.copyOf(sshKeys);
  }

  private static void checkKey(String key) {
    refuseIf(key.contains("PRIVATE KEY"), "that is a private key; give the file that ends in .pub");
    boolean form =
        key.matches("(ssh|ecdsa|sk-ssh|sk-ecdsa)-[A-Za-z0-9@.-]+ [A-Za-z0-9+/]+=* ?[^\"\\\\]*");
    refuseIf(
        !form || key.length() > KEY_MAX_CHARS || hasControl(key),
        "that is no public ssh key, which looks like: ssh-ed25519 AAAA… name");
  }

  private static void checkZone(String zone) {
    refuseIf(
        !ZoneId.getAvailableZoneIds().contains(zone),
        "there is no time zone '" + zone + "'; they are called like Europe/Berlin");
  }

  /**
   * What a node's board is called if nothing else is said: {@code /orchard/north/n17}'s north-n17.
   */
  public static String hostOf(String node) {
    String below = node.substring(node.indexOf('/', 1) + 1).replace('/', '-').replace('_', '-');
    String cut = below.substring(Math.max(0, below.length() - 63));
    return cut.replaceAll("^-+|-+$", "");
  }

  /** Whether a radio's port is a pin header's, which a console may be on too. */
  public static boolean isOnBoard(String port) {
    return port.matches("/dev/(serial[01]|ttyAMA\\d+|ttyS\\d+)");
  }

  static boolean hasControl(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }

  static void refuseIf(boolean wrong, String why) {
    if (wrong) {
      throw new IllegalArgumentException(why);
    }
  }
}
