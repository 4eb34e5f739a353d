package starling.gateway.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import starling.link.mqtt.Login;

/**
 * Somebody who may connect to the embedded broker.
 *
 * @param name as in a login, or the common name of a certificate
 * @param password never shown; empty if only a certificate lets this user in
 * @param rights what the user may do; empty means everything
 */
public record User(String name, Optional<String> password, List<Right> rights) {
  /** Users that a site has. */
  public static final int MAX = 256;

  private static final int RIGHTS_MAX = 16;
  private static final String NO_PASSWORD = "-";

  public User {
    rights = List.copyOf(rights);
    if (rights.size() > RIGHTS_MAX) {
      throw new IllegalArgumentException("a user has at most " + RIGHTS_MAX + " rights");
    }
  }

  /** One that may do everything. */
  public static User of(Login login) {
    return new User(login.user(), Optional.of(login.password()), List.of());
  }

  /**
   * Reads a line of words: name, password ({@code -} for none), then {@code read}, {@code write} or
   * {@code all}, each with a topic filter.
   *
   * @throws IllegalArgumentException when it is none; does not say the password
   */
  public static User parse(String line) {
    String[] words = line.strip().split("\\s+");
    if (words.length < 2 || words.length % 2 != 0) {
      throw new IllegalArgumentException(
          "a user is a name, a password (- for none) and pairs such as: read starling/#");
    }
    List<Right> rights = new ArrayList<>();
    for (int i = 2; i < words.length; i += 2) {
      rights.add(Right.of(words[i], words[i + 1]));
    }
    Optional<String> password =
        words[1].equals(NO_PASSWORD) ? Optional.empty() : Optional.of(words[1]);
    return new User(words[0], password, rights);
  }

  boolean mayWrite(String topic) {
    return rights.isEmpty() || rights.stream().anyMatch(right -> right.write(topic));
  }

  boolean mayRead(String filter) {
    return rights.isEmpty() || rights.stream().anyMatch(right -> right.read(filter));
  }

  /** Takes as long whether it is right or not. */
  boolean hasPassword(String given) {
    return password.isPresent()
        && MessageDigest.isEqual(password.get().getBytes(UTF_8), given.getBytes(UTF_8));
  }

  @Override
  public String toString() {
    return "User[name=" + name + "]";
  }
}
