package starling.gateway.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager;
import org.jspecify.annotations.Nullable;
import starling.link.mqtt.Login;

/** Lets the configured users in, to everything. */
final class Doorkeeper implements ActiveMQSecurityManager {
  private final List<Login> users;

  Doorkeeper(List<Login> users) {
    this.users = users;
  }

  @Override
  public boolean validateUser(@Nullable String user, @Nullable String password) {
    if (user == null || password == null) {
      return false;
    }
    boolean known = false;
    for (Login login : users) {
      known |= login.user().equals(user) && equalInConstantTime(login.password(), password);
    }
    return known;
  }

  @Override
  public boolean validateUserAndRole(
      @Nullable String user, @Nullable String password, Set<Role> roles, CheckType check) {
    return validateUser(user, password);
  }

  private static boolean equalInConstantTime(String expected, String given) {
    return MessageDigest.isEqual(expected.getBytes(UTF_8), given.getBytes(UTF_8));
  }
}
