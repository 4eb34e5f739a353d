package starling.cli;

import java.util.List;
import starling.gateway.join.Reception;
import starling.join.Desk;
import starling.join.JoinRequest;
import starling.link.mqtt.Brokers;

/** The operator's own desk at the broker. */
final class BrokerDesk implements JoinDesk {
  private static final long LOOK_MILLIS = 100;

  /** A board asks every 2 s: one that asked no more for two times has heard. */
  private static final long SETTLED_MILLIS = 4_500;

  private static final long SETTLE_MAX_MILLIS = 60_000;

  private final Reception reception;
  private volatile String told = "no answer";

  BrokerDesk(Brokers brokers, String site, byte[] operator) {
    String client = "starling-desk-" + ProcessHandle.current().pid();
    reception = new Reception(brokers, client, site, operator, state -> told = state);
    reception.open();
  }

  @Override
  public List<JoinRequest> pending() {
    return reception.pending().stream().map(Desk.Pending::request).toList();
  }

  @Override
  public void decide(JoinRequest request, byte[] answer, byte[] charter)
      throws InterruptedException {
    reception.decide(request, answer);
    long until = System.currentTimeMillis() + SETTLE_MAX_MILLIS;
    while (System.currentTimeMillis() < until && asked(request)) {
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private boolean asked(JoinRequest request) {
    long last = reception.lastMillis(request).orElse(0);
    return System.currentTimeMillis() - last < SETTLED_MILLIS;
  }

  @Override
  public boolean spreads() {
    return false;
  }

  @Override
  public String state() {
    return told;
  }

  @Override
  public void close() {
    reception.close();
  }
}
