package starling.demo;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * An ordinary subscriber of the gateway's broker, which may come late, go and come back. Paho's
 * callbacks only fill a queue; connecting and waiting happen on a thread of its own, with a new
 * client each time.
 */
final class Subscriber implements AutoCloseable {
  /** Messages that wait to be looked at; further ones are dropped and counted. */
  static final int QUEUE_MAX = 1_000;

  private static final long ANSWER_MS = 5_000;
  private static final long BACK_OFF_MS = 250;

  private final URI broker;
  private final String filter;
  private final BlockingQueue<Message> messages = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final AtomicLong dropped = new AtomicLong();
  private final CountDownLatch connected = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /** Begins at once to connect to the broker and to subscribe to the filter. */
  Subscriber(URI broker, String filter) {
    this.broker = broker;
    this.filter = filter;
    thread = Thread.ofPlatform().name("subscriber").daemon().start(this::stayConnected);
  }

  /** The next message, waited for at most so long. */
  Optional<Message> next(long timeoutMillis) throws InterruptedException {
    return Optional.ofNullable(messages.poll(timeoutMillis, TimeUnit.MILLISECONDS));
  }

  /** Whether the broker was ever reached; waits for at most so long. */
  boolean awaitConnected(long timeoutMillis) throws InterruptedException {
    return connected.await(timeoutMillis, TimeUnit.MILLISECONDS);
  }

  /** How many messages nobody took in time. */
  long dropped() {
    return dropped.get();
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }

  private void stayConnected() {
    try {
      do {
        listen();
      } while (!closed.await(BACK_OFF_MS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      // Closed: nothing is left to do.
    }
  }

  /** One connection, until it breaks. */
  private void listen() throws InterruptedException {
    Connection connection = new Connection();
    try (MqttAsyncClient client =
        new MqttAsyncClient(
            broker.toString(), MqttAsyncClient.generateClientId(), new MemoryPersistence())) {
      client.setCallback(connection);
      try {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setAutomaticReconnect(false);
        options.setConnectionTimeout((int) (ANSWER_MS / 1000));
        client.connect(options).waitForCompletion(ANSWER_MS);
        client.subscribe(filter, 1).waitForCompletion(ANSWER_MS);
        connected.countDown();
        connection.lost.await();
      } finally {
        client.disconnectForcibly(0, 0, false);
      }
    } catch (MqttException e) {
      // The broker is not there (yet, or any more): tried again.
    }
  }

  /** One message. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody keeps or compares it.
  record Message(String topic, byte[] payload) {}

  private final class Connection implements MqttCallback {
    private final CountDownLatch lost = new CountDownLatch(1);

    @Override
    public void connectionLost(Throwable cause) {
      lost.countDown();
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      if (!messages.offer(new Message(topic, message.getPayload()))) {
        dropped.incrementAndGet();
      }
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {}
  }
}
