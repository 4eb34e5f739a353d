package starling.link.mqtt;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where to meet others: one broker, or several of which one is enough, such as the members of a
 * cluster.
 *
 * @param addresses in the order in which they are tried: {@code mqtt://host:port}, or {@code mqtts}
 *     for TLS
 * @param login if they want one
 * @param tls whom to believe behind {@code mqtts}
 */
public record Brokers(List<URI> addresses, Optional<Login> login, Tls tls) {
  /** Addresses that make sense. */
  public static final int MAX = 16;

  private static final Set<String> PLAIN = Set.of("mqtt", "tcp");
  private static final Set<String> SECURE = Set.of("mqtts", "ssl");
  private static final int PLAIN_PORT = 1883;
  private static final int SECURE_PORT = 8883;

  public Brokers {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty() || addresses.size() > MAX) {
      throw new IllegalArgumentException("1 to " + MAX + " brokers, not " + addresses.size());
    }
    addresses.forEach(Brokers::check);
  }

  /** One broker that wants no certificate. */
  public static Brokers at(URI address, Optional<Login> login) {
    return new Brokers(List.of(address), login, Tls.SYSTEM);
  }

  /** Where it listens. */
  public static int port(URI address) {
    int usual = isSecure(address) ? SECURE_PORT : PLAIN_PORT;
    return address.getPort() < 0 ? usual : address.getPort();
  }

  /** Whether it speaks TLS. */
  public static boolean isSecure(URI address) {
    return SECURE.contains(address.getScheme());
  }

  /**
   * Looks whether it is a broker's address.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static void check(URI address) {
    String scheme = String.valueOf(address.getScheme());
    if (!(PLAIN.contains(scheme) || SECURE.contains(scheme)) || address.getHost() == null) {
      throw new IllegalArgumentException(
          "a broker's address is mqtt://host:port or mqtts://host:port, not '" + address + "'");
    }
    if (address.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "a login does not belong in a broker's address: it would be shown");
    }
  }

  @Override
  public String toString() {
    return addresses.toString();
  }
}
