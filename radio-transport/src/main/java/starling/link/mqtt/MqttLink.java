package starling.link.mqtt;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Link;
import starling.link.LinkProfile;
import starling.link.Reception;

/**
 * Neighbours over a broker: each node has an inbox, {@code <prefix>/<cell>/<slot>}, listens to that
 * alone and publishes to others'. A frame is one message at QoS 0, not retained, so nothing waits
 * anywhere for a node that is away. The broker says nothing about who is alive: only frames do.
 *
 * <p>What can't leave within two rounds doesn't leave: then the connection itself is given up, and
 * with it what it still held.
 */
public final class MqttLink implements Link {
  /** Frames handed over and not yet written to the broker's connection. */
  static final int IN_FLIGHT_MAX = 8;

  private static final int ROUNDS_MAX = 2;
  private static final int CHECK_SECONDS = 10;
  private static final int TOPIC_LENGTH_BYTES = 2;
  private static final Pattern PREFIX = Pattern.compile("[^/+#\0]+(/[^/+#\0]+)*");
  private static final int PREFIX_MAX_CHARS = 200;

  private final String topicPrefix;
  private final LinkProfile profile;
  private final BrokerSession session;
  private final LongAdder refused = new LongAdder();
  private volatile @Nullable Listener listener;

  /** A link to a broker that wants neither login nor certificate. */
  public MqttLink(
      URI broker, String clientId, String topicPrefix, Address self, LinkProfile profile) {
    this(Brokers.at(broker, Optional.empty()), clientId, topicPrefix, self, profile);
  }

  /**
   * A link that is not open yet.
   *
   * @param brokers where all neighbours are
   * @param clientId unique on the broker
   * @param topicPrefix under which the inboxes are: {@code starling-air/berlin}
   * @param self whose inbox to listen to
   * @param profile an addressed medium
   */
  public MqttLink(
      Brokers brokers, String clientId, String topicPrefix, Address self, LinkProfile profile) {
    if (topicPrefix.length() > PREFIX_MAX_CHARS || !PREFIX.matcher(topicPrefix).matches()) {
      throw new IllegalArgumentException(
          "a topic prefix is levels joined by '/', without + and #: '" + topicPrefix + "'");
    }
    if (profile.broadcast()) {
      throw new IllegalArgumentException(
          "a broker is an addressed medium; " + profile.name() + " is a broadcast one");
    }
    this.topicPrefix = topicPrefix;
    this.profile = profile;
    String inbox = inbox(self);
    this.session =
        new BrokerSession(
            new BrokerSession.Settings(
                brokers,
                clientId,
                Optional.empty(),
                List.of(inbox),
                Optional.of(inbox),
                TOPIC_LENGTH_BYTES + utf8Bytes(inbox) + profile.mtuBytes(),
                IN_FLIGHT_MAX,
                ROUNDS_MAX * profile.roundMillis(),
                CHECK_SECONDS),
            new Ears());
  }

  @Override
  public LinkProfile profile() {
    return profile;
  }

  @Override
  public void open(Listener owner) {
    listener = owner;
    session.open();
  }

  @Override
  public void send(long frameId, Address to, AirtimeLedger.Permit permit, byte[] frame) {
    permit.check(frame);
    session.publish(new Message(inbox(to), frame, 0, false), sent -> left(frameId, sent));
  }

  @Override
  public void close() {
    session.close();
  }

  /** Messages in the inbox that could be no frame, since the start: too large, or retained. */
  public long refused() {
    return refused.sum() + session.leftOut();
  }

  private void left(long frameId, boolean sent) {
    Listener owner = listener;
    if (owner != null) {
      owner.left(frameId, sent);
    }
  }

  private String inbox(Address of) {
    if (of.equals(Address.ALL)) {
      throw new IllegalArgumentException("there is no inbox of everybody behind a broker");
    }
    return topicPrefix + "/" + of.cell() + "/" + of.slot();
  }

  private static int utf8Bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private final class Ears implements BrokerSession.Listener {
    @Override
    public void state(boolean up, String reason) {
      Listener owner = listener;
      if (owner != null) {
        owner.state(up, reason);
      }
    }

    @Override
    public void message(String topic, byte[] payload, boolean retained) {
      Listener owner = listener;
      if (retained || payload.length == 0 || payload.length > profile.mtuBytes()) {
        refused.increment();
      } else if (owner != null) {
        owner.heard(payload, Reception.UNTOLD, System.nanoTime());
      }
    }
  }
}
