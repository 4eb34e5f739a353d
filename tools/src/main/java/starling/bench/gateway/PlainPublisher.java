package starling.bench.gateway;

import java.net.URI;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import starling.gateway.upstream.Payloads;
import starling.gateway.upstream.Topics;
import starling.model.Delivery;

/**
 * Eclipse Paho as its documentation shows it, with as many messages in flight as a gateway has: the
 * same bytes on the same topics, retained, at QoS 1. It keeps nothing and hears nothing.
 */
final class PlainPublisher implements Publisher {
  private static final int IN_FLIGHT_MAX = 128;
  private static final int SPARE = 10;
  private static final long WAIT_MILLIS = 10_000;

  private final MqttAsyncClient client;
  private final Topics topics;
  private final Semaphore room = new Semaphore(IN_FLIGHT_MAX);
  private final AtomicLong acknowledged = new AtomicLong();

  PlainPublisher(URI broker, String site) {
    topics = new Topics(site);
    try {
      client = new MqttAsyncClient(tcp(broker), "plain", new MemoryPersistence());
      MqttConnectOptions options = new MqttConnectOptions();
      options.setMaxInflight(IN_FLIGHT_MAX + SPARE);
      client.connect(options).waitForCompletion(WAIT_MILLIS);
    } catch (MqttException e) {
      throw new IllegalStateException("could not connect to " + broker, e);
    }
  }

  static String tcp(URI broker) {
    return "tcp://" + broker.getAuthority();
  }

  @Override
  public void take(Delivery.Result answer) {
    room.acquireUninterruptibly();
    try {
      client.publish(
          topics.zone(answer.zone(), answer.query()),
          Payloads.result(answer),
          1,
          true,
          null,
          new Acknowledged());
    } catch (MqttException e) {
      throw new IllegalStateException("could not publish", e);
    }
  }

  private final class Acknowledged implements IMqttActionListener {
    @Override
    public void onSuccess(IMqttToken token) {
      acknowledged.incrementAndGet();
      room.release();
    }

    @Override
    public void onFailure(IMqttToken token, Throwable why) {
      throw new IllegalStateException("not acknowledged", why);
    }
  }

  @Override
  public long acknowledged() {
    return acknowledged.get();
  }

  @Override
  public void close() {
    end(client);
  }

  /** Ends a connection without a farewell. */
  static void end(MqttAsyncClient client) {
    try {
      client.disconnectForcibly(0, 0, false);
      client.close();
    } catch (MqttException e) {
      // The process ends anyway.
    }
  }
}
