package starling.link.mqtt;

/**
 * A user and password for a broker.
 *
 * @param user the name the broker knows
 * @param password never shown: {@link #toString} leaves it out
 */
public record Login(String user, String password) {
  @Override
  public String toString() {
    return "Login[user=" + user + "]";
  }
}
