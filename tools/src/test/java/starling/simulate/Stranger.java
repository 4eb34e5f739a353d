package starling.simulate;

import java.util.ArrayList;
import java.util.List;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Link;

/** Somebody without keys at one medium: hears what is there to hear, and says what it likes. */
final class Stranger implements Link.Listener {
  final List<byte[]> heard = new ArrayList<>();
  private final Link link;
  private final AirtimeLedger unlimited;
  private long frames;

  Stranger(Link link) {
    this.link = link;
    this.unlimited = new AirtimeLedger(link.profile());
    link.open(this);
  }

  /** Sends as fast as the ledger of a whole channel lets it; drops the rest. */
  void say(Address to, byte[] frame, long nowNanos) {
    unlimited
        .reserve(frame.length, true, nowNanos)
        .ifPresent(permit -> link.send(frames++, to, permit, frame.clone()));
  }

  @Override
  public void heard(byte[] frame, long heardNanos) {
    heard.add(frame);
  }

  @Override
  public void left(long frameId, boolean left) {}

  @Override
  public void state(boolean up, String reason) {}
}
