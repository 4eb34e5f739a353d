package starling.gateway.broker;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.mqtt.MqttDecoder;
import java.util.List;
import java.util.Map;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.BaseInterceptor;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTProtocolManager;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTProtocolManagerFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyServerConnection;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.routing.RoutingHandler;
import org.apache.activemq.artemis.spi.core.protocol.ConnectionEntry;
import org.apache.activemq.artemis.spi.core.protocol.ProtocolManager;
import org.apache.activemq.artemis.spi.core.protocol.ProtocolManagerFactory;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;
import org.apache.activemq.artemis.spi.core.remoting.Connection;

/**
 * Artemis's MQTT with a limit on packets before they are read: by itself it gathers up to 256 MB,
 * and holds only clients of version 5 to the size that it announces, afterwards. Everything else is
 * passed on as it is.
 */
@SuppressWarnings({"rawtypes", "unchecked"}) // Artemis's own interfaces are raw.
final class BoundedMqtt implements ProtocolManager {
  /**
   * The largest packet; a longer one ends its connection. It fits the journal's buffer: what does
   * not becomes a file of its own, beside all limits on what a queue may keep.
   */
  static final int PACKET_MAX_BYTES = BrokerConfiguration.JOURNAL_BUFFER_BYTES / 2;

  private static final int SESSION_EXPIRY_SECONDS = 7 * 24 * 3600;

  private final ProtocolManager mqtt;

  private BoundedMqtt(ProtocolManager mqtt) {
    this.mqtt = mqtt;
  }

  /** What a server is given, in place of the protocols that it would look for. */
  static ProtocolManagerFactory factory() {
    return new MQTTProtocolManagerFactory() {
      @Override
      public ProtocolManager createProtocolManager(
          ActiveMQServer server,
          Map<String, Object> parameters,
          List<BaseInterceptor> incoming,
          List<BaseInterceptor> outgoing)
          throws Exception {
        var mqtt =
            (MQTTProtocolManager)
                super.createProtocolManager(server, parameters, incoming, outgoing);
        mqtt.setMaximumPacketSize(PACKET_MAX_BYTES);
        mqtt.setDefaultMqttSessionExpiryInterval(SESSION_EXPIRY_SECONDS);
        return new BoundedMqtt(mqtt);
      }
    };
  }

  @Override
  public void addChannelHandlers(ChannelPipeline pipeline) {
    mqtt.addChannelHandlers(pipeline);
    pipeline.replace(MqttDecoder.class, "bounded mqtt", new MqttDecoder(PACKET_MAX_BYTES));
  }

  @Override
  public ProtocolManagerFactory getFactory() {
    return mqtt.getFactory();
  }

  @Override
  public void updateInterceptors(List incoming, List outgoing) {
    mqtt.updateInterceptors(incoming, outgoing);
  }

  @Override
  public ConnectionEntry createConnectionEntry(Acceptor acceptor, Connection connection) {
    return mqtt.createConnectionEntry(acceptor, connection);
  }

  @Override
  public void removeHandler(String name) {
    mqtt.removeHandler(name);
  }

  @Override
  public void handleBuffer(RemotingConnection connection, ActiveMQBuffer buffer) {
    mqtt.handleBuffer(connection, buffer);
  }

  @Override
  public boolean isProtocol(byte[] start) {
    return mqtt.isProtocol(start);
  }

  @Override
  public boolean acceptsNoHandshake() {
    return mqtt.acceptsNoHandshake();
  }

  @Override
  public void handshake(NettyServerConnection connection, ActiveMQBuffer buffer) {
    mqtt.handshake(connection, buffer);
  }

  @Override
  public List<String> websocketSubprotocolIdentifiers() {
    return mqtt.websocketSubprotocolIdentifiers();
  }

  @Override
  public void setAnycastPrefix(String prefix) {
    mqtt.setAnycastPrefix(prefix);
  }

  @Override
  public void setMulticastPrefix(String prefix) {
    mqtt.setMulticastPrefix(prefix);
  }

  @Override
  public Map<SimpleString, RoutingType> getPrefixes() {
    return mqtt.getPrefixes();
  }

  @Override
  public void setSecurityDomain(String domain) {
    mqtt.setSecurityDomain(domain);
  }

  @Override
  public String getSecurityDomain() {
    return mqtt.getSecurityDomain();
  }

  @Override
  public RoutingHandler getRoutingHandler() {
    return mqtt.getRoutingHandler();
  }
}
