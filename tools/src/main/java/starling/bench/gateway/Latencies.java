package starling.bench.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import starling.gateway.upstream.Topics;
import starling.model.Delivery;

/** A subscriber that measures how long answers take from the publisher's hands to its own. */
final class Latencies implements AutoCloseable {
  private static final long WAIT_MILLIS = 10_000;

  private final Topics topics;
  private final Map<String, Long> handed = new ConcurrentHashMap<>();
  private final List<Double> millis = new ArrayList<>();
  private final MqttAsyncClient client;

  Latencies(URI broker, String site) {
    topics = new Topics(site);
    try {
      client =
          new MqttAsyncClient(PlainPublisher.tcp(broker), "latencies", new MemoryPersistence());
      client.connect().waitForCompletion(WAIT_MILLIS);
      client.subscribe(topics.zones(), 0, this::came).waitForCompletion(WAIT_MILLIS);
    } catch (MqttException e) {
      throw new IllegalStateException("could not subscribe at " + broker, e);
    }
  }

  /** The answer is handed over now. */
  void handing(Delivery.Result answer) {
    handed.put(topics.zone(answer.zone(), answer.query()) + answer.endMillis(), System.nanoTime());
  }

  private void came(String topic, MqttMessage message) {
    long now = System.nanoTime();
    String text = new String(message.getPayload(), UTF_8);
    int at = text.indexOf("\"ts\":") + "\"ts\":".length();
    Long since = handed.remove(topic + text.substring(at, text.indexOf(',', at)));
    if (since != null) {
      add((now - since) / 1e6);
    }
  }

  private synchronized void add(double latency) {
    millis.add(latency);
  }

  /** How many are still to come. */
  int waiting() {
    return handed.size();
  }

  /** What was measured, in milliseconds. */
  synchronized double[] millis() {
    return millis.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Override
  public void close() {
    PlainPublisher.end(client);
  }
}
