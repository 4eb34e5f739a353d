package starling.simulate;

import java.util.ArrayList;
import java.util.List;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Presets;
import starling.link.Purpose;

/**
 * Somebody without keys near one cell's radio and one inbox: hears what is there to hear, and says
 * what it likes.
 */
final class Stranger {
  private static final int NOWHERE = 0xFFFF;
  final List<byte[]> onAir = new ArrayList<>();
  final List<byte[]> inInbox = new ArrayList<>();
  private final VirtualSite site;
  private final String cell;
  private final AirtimeLedger air;
  private final AirtimeLedger network = new AirtimeLedger(Presets.MQTT.profile());

  Stranger(VirtualSite site, String cell) {
    this(site, cell, new Address(NOWHERE, 0));
  }

  Stranger(VirtualSite site, String cell, Address inbox) {
    this.site = site;
    this.cell = cell;
    this.air = new AirtimeLedger(site.radio);
    site.tap =
        (from, to, frame) -> {
          if (to.equals(inbox)) {
            inInbox.add(frame.clone());
          } else if (to.equals(Address.ALL) && from.cell.path.equals(cell)) {
            onAir.add(frame.clone());
          }
        };
  }

  /** Sends as fast as the ledger of a whole channel lets it; drops the rest. */
  void sayOnAir(byte[] frame) {
    air.reserve(frame.length, Purpose.ALARM, site.nowNanos())
        .ifPresent(_ -> site.radio(cell).inject(frame.clone()));
  }

  /** The same to an inbox. */
  void say(Address to, byte[] frame) {
    network
        .reserve(frame.length, Purpose.ALARM, site.nowNanos())
        .ifPresent(_ -> site.broker.inject(to, frame));
  }
}
