package starling.link.mqtt;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.MqttPingSender;
import org.eclipse.paho.client.mqttv3.internal.ClientComms;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * One client object's life: connect, subscribe, carry messages, die once. It wraps Paho, whose
 * rules are: never wait or subscribe in a callback, no automatic reconnect, no second use. It is
 * killed by closing its socket, upon which the library's own threads fail and end; the library's
 * close is not used, as it leaves threads behind when it meets a connection just being made.
 */
final class Attempt implements MqttCallback {
  private static final int REFUSED = 0x80;

  /** A check comes this often in the time after which the broker may call us gone. */
  private static final int KEEP_ALIVE_CHECKS = 3;

  /** The library counts a message a little longer than it reports it. */
  private static final int IN_FLIGHT_SPARE = 10;

  /** Messages that leave in one piece. */
  private static final int TOGETHER_MAX = 32;

  private static final long DISCONNECT_MILLIS = 500;

  /** Kept here, as the logging framework forgets a level when nobody holds its logger. */
  private static final Logger SILENCED = Logger.getLogger("org.eclipse.paho");

  static {
    SILENCED.setLevel(Level.OFF);
  }

  /** What happens to an attempt; told from the library's threads. */
  interface Events {
    void connected(Attempt attempt);

    void subscribed(Attempt attempt);

    void failed(Attempt attempt, String reason);

    void message(Attempt attempt, String topic, byte[] payload, boolean retained);

    /** What the broker is to publish when this client goes without a word. */
    Optional<Message> will();

    /** At which quality messages are to come, at most. */
    int subscriptionQos();
  }

  private final BrokerSession.Settings settings;
  private final URI broker;
  private final Events events;
  private final BrokerSocket socket;
  private final MqttAsyncClient client;

  Attempt(BrokerSession.Settings settings, URI broker, LongAdder leftOut, Events events) {
    this.settings = settings;
    this.broker = broker;
    this.events = events;
    this.socket =
        new BrokerSocket(
            broker,
            settings.brokers().tls(),
            BrokerSession.ATTEMPT_MILLIS,
            settings.bodyMaxBytes(),
            leftOut,
            (topic, payload, retained) -> events.message(this, topic, payload, retained),
            Math.clamp(settings.inFlightMax() / 2, 1, TOGETHER_MAX));
    try {
      String address = BrokerSocketFactory.SCHEME + "://" + broker.getAuthority();
      this.client =
          new MqttAsyncClient(
              address, settings.clientId(), new MemoryPersistence(), new NoTimer(), null);
    } catch (MqttException e) {
      throw new IllegalStateException("memory persistence can't fail", e);
    }
    client.setCallback(this);
  }

  /** The broker that it is about. */
  URI broker() {
    return broker;
  }

  void connect() {
    try {
      client.connect(options(), null, then("connect", token -> events.connected(this)));
    } catch (MqttException | RuntimeException e) {
      events.failed(this, why("connect", e));
    }
  }

  /** Tells {@code sent} at most once; throws when the client can't take it. */
  void publish(Message message, Consumer<Boolean> sent) throws MqttException {
    socket.expect(1);
    try {
      client.publish(
          message.topic(),
          message.payload(),
          message.qos(),
          message.retained(),
          null,
          listener(token -> sent.accept(true), cause -> sent.accept(false)));
    } catch (MqttException e) {
      socket.expect(-1);
      throw e;
    }
  }

  /** Pings the broker if nothing came or went for long, and fails if the last ping went unheard. */
  void ping() {
    try {
      client.checkPing(null, null);
    } catch (MqttException e) {
      events.failed(this, why("ping", e));
    }
  }

  /** Tells the broker that we leave on purpose; waits for that a moment. */
  void disconnect() {
    try {
      client.disconnect(0).waitForCompletion(DISCONNECT_MILLIS);
    } catch (MqttException e) {
      // The broker will notice by itself.
    }
  }

  void kill() {
    try {
      socket.stop();
      client.disconnectForcibly(0, 0, false);
    } catch (IOException | MqttException e) {
      // Dead either way.
    }
  }

  @Override
  public void connectionLost(Throwable cause) {
    events.failed(this, why("stay connected", cause));
  }

  /** Those at QoS 1: the socket hands over the others. */
  @Override
  public void messageArrived(String topic, MqttMessage message) {
    events.message(this, topic, message.getPayload(), message.isRetained());
  }

  @Override
  public void deliveryComplete(IMqttDeliveryToken token) {}

  /** Asks for the subscriptions; an attempt without any is ready at once. */
  void subscribe() {
    if (settings.subscriptions().isEmpty()) {
      events.subscribed(this);
      return;
    }
    try {
      String[] filters = settings.subscriptions().toArray(String[]::new);
      int[] qos = new int[filters.length];
      Arrays.fill(qos, events.subscriptionQos());
      client.subscribe(filters, qos, null, then("subscribe", this::granted));
    } catch (MqttException e) {
      events.failed(this, why("subscribe", e));
    }
  }

  private void granted(IMqttToken token) {
    if (isGranted(token)) {
      events.subscribed(this);
    }
  }

  private boolean isGranted(IMqttToken token) {
    if (Arrays.stream(token.getGrantedQos()).noneMatch(qos -> qos == REFUSED)) {
      return true;
    }
    events.failed(this, "it does not let us subscribe to " + settings.subscriptions());
    return false;
  }

  /** Subscribes once more to a filter, so that what is retained there comes again. */
  void subscribe(String filter) {
    try {
      client.subscribe(
          filter, events.subscriptionQos(), null, then("subscribe", token -> isGranted(token)));
    } catch (MqttException e) {
      events.failed(this, why("subscribe", e));
    }
  }

  void unsubscribe(String filter) {
    try {
      client.unsubscribe(filter, null, then("unsubscribe", token -> {}));
    } catch (MqttException e) {
      events.failed(this, why("unsubscribe", e));
    }
  }

  private MqttConnectOptions options() {
    var options = new BrokerSocketFactory.Options(socket);
    options.setCleanSession(true);
    options.setAutomaticReconnect(false);
    options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
    options.setKeepAliveInterval(KEEP_ALIVE_CHECKS * settings.checkSeconds());
    options.setMaxInflight(settings.inFlightMax() + IN_FLIGHT_SPARE);
    settings
        .brokers()
        .login()
        .ifPresent(login -> {
          options.setUserName(login.user());
          options.setPassword(login.password().toCharArray());
        });
    events
        .will()
        .ifPresent(
            will -> options.setWill(will.topic(), will.payload(), will.qos(), will.retained()));
    return options;
  }

  private IMqttActionListener then(String what, Consumer<IMqttToken> next) {
    return listener(next, cause -> events.failed(this, why(what, cause)));
  }

  private static IMqttActionListener listener(
      Consumer<IMqttToken> success, Consumer<Throwable> failure) {
    return new IMqttActionListener() {
      @Override
      public void onSuccess(IMqttToken token) {
        success.accept(token);
      }

      @Override
      public void onFailure(IMqttToken token, Throwable cause) {
        failure.accept(cause);
      }
    };
  }

  private String why(String what, Throwable thrown) {
    Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
    if (cause instanceof EOFException) {
      return "it closed the connection (is another client called " + settings.clientId() + "?)";
    }
    if (Brokers.isSecure(broker) && cause instanceof IOException refused) {
      return "could not " + what + ": " + TlsRefusal.why(refused);
    }
    String text = cause.getMessage();
    return "could not " + what + ": " + (text == null ? cause.getClass().getSimpleName() : text);
  }

  /** No timer thread: the session asks for pings itself. */
  private static final class NoTimer implements MqttPingSender {
    @Override
    public void init(ClientComms comms) {}

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public void schedule(long delayInMilliseconds) {}
  }
}
