package starling.gateway.join;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import starling.join.Desk;
import starling.join.JoinRequest;
import starling.join.JoinTopics;
import starling.link.mqtt.BrokerSession;
import starling.link.mqtt.Brokers;
import starling.link.mqtt.Message;

/**
 * A desk with a place at the broker: hears boards, tells them where they stand, and what was
 * decided. Holds no key: what is final was signed elsewhere. Safe from any thread.
 */
public final class Reception implements AutoCloseable {
  private static final int IN_FLIGHT_MAX = 8;
  private static final long STALL_MILLIS = 20_000;
  private static final int CHECK_SECONDS = 30;

  private final String site;
  private final Desk desk;
  private final BrokerSession session;
  private final Consumer<String> state;

  /**
   * A reception that is not open yet.
   *
   * @param clientId unique on the broker
   * @param site the root zone's name
   * @param operator the raw public key of who may invite
   * @param state is told how it is with the broker, a line each time
   */
  public Reception(
      Brokers brokers, String clientId, String site, byte[] operator, Consumer<String> state) {
    this.site = site;
    this.state = state;
    this.desk = new Desk(operator);
    String topic = JoinTopics.ask(site);
    this.session =
        new BrokerSession(
            new BrokerSession.Settings(
                brokers,
                clientId,
                Optional.empty(),
                List.of(topic),
                Optional.empty(),
                2 + topic.getBytes(StandardCharsets.UTF_8).length + JoinRequest.BYTES_MAX,
                IN_FLIGHT_MAX,
                STALL_MILLIS,
                CHECK_SECONDS),
            new Ears());
  }

  /** Begins to connect, and returns at once. */
  public void open() {
    session.open();
  }

  /** Who waits, the first first. */
  public List<Desk.Pending> pending() {
    synchronized (desk) {
      return desk.pending(System.currentTimeMillis());
    }
  }

  /** When a board asked last, in Unix milliseconds. */
  public OptionalLong lastMillis(JoinRequest request) {
    synchronized (desk) {
      return desk.lastMillis(request);
    }
  }

  /** The operator has decided: the board is told now, and whenever it asks again. */
  public void decide(JoinRequest request, byte[] answer) {
    synchronized (desk) {
      say(desk.decide(request, answer, System.currentTimeMillis()));
    }
  }

  private void say(Desk.Reply reply) {
    Message message = new Message(JoinTopics.told(site, reply.id()), reply.bytes(), 1, false);
    session.publish(message, _ -> {}); // a lost one is said again when the board asks again
  }

  @Override
  public void close() {
    session.close();
  }

  private final class Ears implements BrokerSession.Listener {
    @Override
    public void state(boolean up, String reason) {
      state.accept(reason);
    }

    @Override
    public void message(String topic, byte[] payload, boolean retained) {
      if (!retained) {
        synchronized (desk) {
          desk.heard(payload, System.currentTimeMillis()).ifPresent(Reception.this::say);
        }
      }
    }
  }
}
