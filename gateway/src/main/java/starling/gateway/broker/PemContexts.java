package starling.gateway.broker;

import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.activemq.artemis.spi.core.remoting.ssl.SSLContextConfig;
import org.apache.activemq.artemis.spi.core.remoting.ssl.SSLContextFactory;
import starling.link.mqtt.Tls;

/**
 * How Artemis comes to certificates and keys that {@link Tls} has read: found as a service, in
 * place of its own factory, which wants key stores.
 */
public final class PemContexts implements SSLContextFactory {
  /** Of the acceptor's parameters, where the {@link Tls} is. */
  static final String TLS = "starling.tls";

  /** Artemis's own has 5. */
  private static final int PRIORITY = 100;

  @Override
  public SSLContext getSSLContext(SSLContextConfig config, Map<String, Object> parameters) {
    if (parameters.get(TLS) instanceof Tls tls) {
      return tls.context();
    }
    throw new IllegalStateException("an acceptor without " + TLS);
  }

  @Override
  public int getPriority() {
    return PRIORITY;
  }
}
