package starling.gateway.broker;

import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.core.postoffice.PostOffice;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTUtil;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.impl.AddressInfo;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerAddressPlugin;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerQueuePlugin;
import org.jspecify.annotations.Nullable;

/**
 * Counts the broker's places, addresses and queues, and lets no client make more of them than half
 * the heap can hold: a retained topic takes three, a subscription two. Artemis itself has no limit
 * here, and ran out of a 64 MB heap at 1,900 retained topics. A client that asks for more is
 * disconnected; what is there goes on.
 */
final class Census implements ActiveMQServerAddressPlugin, ActiveMQServerQueuePlugin {
  /** Measured over 1,000 topics and 1,000 subscriptions: 30 KB and 24 KB. */
  private static final int PLACE_BYTES = 12 << 10;

  private final long max = Runtime.getRuntime().maxMemory() / 2 / PLACE_BYTES;
  private @Nullable PostOffice places;

  @Override
  public void registered(ActiveMQServer server) {
    places = server.getPostOffice();
  }

  @Override
  public void beforeAddAddress(AddressInfo address, boolean reload) throws ActiveMQException {
    if (!reload) {
      check(address.getName().toString());
    }
  }

  @Override
  public void beforeCreateQueue(QueueConfiguration queue) throws ActiveMQException {
    check(queue.getName().toString());
  }

  private void check(String name) throws ActiveMQException {
    // The last quarter is for those who listen.
    long limit = name.startsWith(MQTTUtil.MQTT_RETAIN_ADDRESS_PREFIX) ? max / 4 * 3 : max;
    if (places != null && places.getAddresses().size() + places.getAllBindings().count() >= limit) {
      throw new ActiveMQException(
          "no place for '"
              + name
              + "': "
              + limit
              + " are taken; give the gateway more heap, or the site a broker of its own",
          ActiveMQExceptionType.ADDRESS_FULL);
    }
  }
}
