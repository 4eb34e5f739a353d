package starling.link.mqtt;

import java.net.URI;
import java.util.Set;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.internal.NetworkModule;
import org.eclipse.paho.client.mqttv3.spi.NetworkModuleFactory;

/** Gives Paho our own sockets for {@code mqtt://}: public only so that Paho can find it. */
public final class BrokerSocketFactory implements NetworkModuleFactory {
  static final String SCHEME = "mqtt";

  /** The options of one client object, and the socket that goes with it. */
  static final class Options extends MqttConnectOptions {
    private final BrokerSocket socket;

    Options(BrokerSocket socket) {
      this.socket = socket;
    }
  }

  @Override
  public Set<String> getSupportedUriSchemes() {
    return Set.of(SCHEME);
  }

  @Override
  public void validateURI(URI broker) {
    if (broker.getHost() == null) {
      throw new IllegalArgumentException("no host in the broker's address: " + broker);
    }
  }

  @Override
  public NetworkModule createNetworkModule(URI broker, MqttConnectOptions options, String id) {
    if (options instanceof Options ours) {
      return ours.socket;
    }
    throw new IllegalArgumentException("mqtt:// is served to a BrokerSession only");
  }
}
