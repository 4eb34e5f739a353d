package starling.gateway.broker;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.core.config.WildcardConfiguration;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTUtil;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.apache.activemq.artemis.utils.CertificateUtil;
import org.jspecify.annotations.Nullable;

/**
 * Lets the configured users in, by password or certificate, to what they have a right to. Whoever
 * has a certificate that was verified and no user's name may do everything if no users are
 * configured, nothing otherwise.
 */
final class Doorkeeper implements ActiveMQSecurityManager5 {
  private static final String QUEUE_MARK = "::";

  /** Artemis's own, which nobody changes here. */
  private static final WildcardConfiguration WILDCARDS = new WildcardConfiguration();

  private final List<User> users;
  private final boolean certificateSuffices;
  private final Guesses guesses = new Guesses();

  /**
   * A doorkeeper.
   *
   * @param users who may come in
   * @param certificateSuffices whether anybody with a certificate may, too
   */
  Doorkeeper(List<User> users, boolean certificateSuffices) {
    this.users = List.copyOf(users);
    this.certificateSuffices = certificateSuffices;
  }

  /** Who came in. Artemis believes in users of its own class only. */
  private static final class Guest extends UserPrincipal {
    private final User user;

    Guest(User user) {
      super(user.name());
      this.user = user;
    }
  }

  @Override
  public @Nullable Subject authenticate(
      @Nullable String name,
      @Nullable String password,
      RemotingConnection connection,
      @Nullable String domain) {
    Subject before = connection.getSubject();
    if (before != null && !before.getPrincipals(Guest.class).isEmpty()) {
      return before; // Who is in is asked again at times, and may have been locked out meanwhile.
    }
    Optional<User> user = who(name, password, connection);
    if (user.isEmpty()) {
      return null;
    }
    return new Subject(true, Set.of(new Guest(user.get())), Set.of(), Set.of());
  }

  /** Who somebody is that comes with these. */
  Optional<User> who(
      @Nullable String name, @Nullable String password, RemotingConnection connection) {
    return name == null || password == null
        ? certified(connection)
        : named(name, password, connection);
  }

  private Optional<User> named(String name, String password, RemotingConnection connection) {
    Optional<User> user = find(name);
    if (user.isEmpty()) {
      return Optional.empty();
    }
    String from = machine(connection);
    long now = System.nanoTime();
    if (guesses.tooMany(name, from, now)) {
      return Optional.empty();
    }
    if (!user.get().hasPassword(password)) {
      guesses.wrong(name, from, now);
      return Optional.empty();
    }
    guesses.right(name, from);
    return user;
  }

  private Optional<User> certified(RemotingConnection connection) {
    X509Certificate[] shown = CertificateUtil.getCertsFromConnection(connection);
    if (shown == null || shown.length == 0) {
      return Optional.empty();
    }
    String name = commonName(shown[0]);
    return find(name)
        .or(() ->
            certificateSuffices
                ? Optional.of(new User(name, Optional.empty(), List.of()))
                : Optional.empty());
  }

  private Optional<User> find(String name) {
    return users.stream().filter(user -> user.name().equals(name)).findFirst();
  }

  private static String commonName(X509Certificate of) {
    try {
      for (Rdn part : new LdapName(of.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          return String.valueOf(part.getValue());
        }
      }
      return "";
    } catch (InvalidNameException e) {
      return "";
    }
  }

  /** The address without the port, which is another for each connection. */
  private static String machine(RemotingConnection connection) {
    String address = String.valueOf(connection.getRemoteAddress());
    return address.substring(0, Math.max(0, address.lastIndexOf(':')));
  }

  @Override
  public boolean authorize(
      @Nullable Subject subject, Set<Role> roles, CheckType check, String address) {
    if (subject == null) {
      return false;
    }
    return subject.getPrincipals(Guest.class).stream()
        .anyMatch(guest -> may(guest.user, check, topic(address)));
  }

  private static boolean may(User user, CheckType check, String topic) {
    return switch (check) {
      case SEND -> user.mayWrite(topic);
      case CREATE_ADDRESS -> user.mayWrite(topic) || user.mayRead(topic);
      case MANAGE, VIEW, EDIT -> false;
      default -> user.mayRead(topic);
    };
  }

  /** Of Artemis's names for an address, or a queue at it, the topic or filter that they are for. */
  private static String topic(String address) {
    int mark = address.indexOf(QUEUE_MARK);
    return MQTTUtil.getMqttTopicFromCoreAddress(
        mark < 0 ? address : address.substring(0, mark), WILDCARDS);
  }

  @Override
  public boolean validateUser(@Nullable String user, @Nullable String password) {
    return false; // Asked of older kinds of security managers.
  }

  @Override
  public boolean validateUserAndRole(
      @Nullable String user, @Nullable String password, Set<Role> roles, CheckType check) {
    return false;
  }
}
