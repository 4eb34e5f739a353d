package starling.flash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A wireless network that a board joins.
 *
 * @param name its SSID, 1 to 32 bytes of UTF-8
 * @param keyHex what its passphrase makes with its name, 64 hexadecimal digits: the passphrase
 *     itself goes on no card
 * @param country where the board is, two letters, as the law on channels wants to know
 */
public record Wifi(String name, String keyHex, String country) {
  private static final int NAME_MAX_BYTES = 32;
  private static final int ROUNDS = 4096;
  private static final int KEY_BITS = 256;

  public Wifi {
    Settings.refuseIf(
        name.isEmpty() || name.getBytes(UTF_8).length > NAME_MAX_BYTES || Settings.hasControl(name),
        "a Wi-Fi network's name has 1 to 32 bytes: '" + name + "'");
    Settings.refuseIf(
        !country.matches("[A-Z]{2}"),
        "--wifi-country is two capital letters, such as DE, not '" + country + "'");
  }

  /** A network with a WPA2 passphrase (IEEE 802.11-2020, annex J.4), or its key of 64 digits. */
  public static Wifi of(String name, String passphrase, String country) {
    if (passphrase.matches("[0-9A-Fa-f]{64}")) {
      return new Wifi(name, passphrase, country);
    }
    Settings.refuseIf(
        !passphrase.matches("[ -~]{8,63}"),
        "a Wi-Fi passphrase has 8 to 63 printable ASCII letters; look at its file's first line");
    try {
      PBEKeySpec spec =
          new PBEKeySpec(passphrase.toCharArray(), name.getBytes(UTF_8), ROUNDS, KEY_BITS);
      byte[] key =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1").generateSecret(spec).getEncoded();
      return new Wifi(name, HexFormat.of().formatHex(key), country);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime lacks PBKDF2", e);
    }
  }

  @Override
  public String toString() {
    return "Wifi " + name; // never the key
  }
}
