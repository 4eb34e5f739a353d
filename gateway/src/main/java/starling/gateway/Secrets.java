package starling.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import starling.link.mqtt.Login;
import starling.node.Configuration;
import starling.node.ConfigurationException;
import starling.node.SmallFile;

/**
 * What is not in the configuration itself: keys name files that only their owner may read, or what
 * systemd hands to the service under a name (systemd.exec(5), Credentials).
 */
final class Secrets {
  private static final String CREDENTIAL = "credential:";
  private static final String CREDENTIALS_DIRECTORY = "CREDENTIALS_DIRECTORY";
  private static final Pattern CREDENTIAL_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]*");
  private static final int MAX_BYTES = 4096;

  private Secrets() {}

  /** The user and password of a table, if it has them. */
  static Optional<Login> login(Configuration from, String table)
      throws ConfigurationException, IOException {
    if (from.text(table + ".user").isEmpty()) {
      return Optional.empty();
    }
    String password = text(from, table + ".password_file");
    return Optional.of(new Login(from.required(table + ".user"), password));
  }

  /** What a secret says, without space around it. */
  static String text(Configuration from, String key) throws ConfigurationException, IOException {
    return new String(SmallFile.read(file(from, key), MAX_BYTES), UTF_8).strip();
  }

  /** Where a secret is. */
  static Path file(Configuration from, String key) throws ConfigurationException, IOException {
    if (from.required(key).startsWith(CREDENTIAL)) {
      return credential(from, key, System.getenv()); // systemd's files have access lists
    }
    Path file = from.path(key);
    SmallFile.checkSecret(file);
    return file;
  }

  static Path credential(Configuration from, String key, Map<String, String> environment)
      throws ConfigurationException {
    String name = from.required(key).substring(CREDENTIAL.length());
    String directory = environment.get(CREDENTIALS_DIRECTORY);
    if (!CREDENTIAL_NAME.matcher(name).matches()) {
      throw from.refused(key, "names a credential of letters, digits, - _ and .");
    }
    if (directory == null) {
      throw from.refused(
          key,
          "is a credential, and systemd gave none: the unit wants LoadCredential="
              + name
              + ":FILE");
    }
    return Path.of(directory, name);
  }
}
