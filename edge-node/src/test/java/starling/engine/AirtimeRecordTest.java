package starling.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import starling.frame.Keyring;
import starling.link.Presets;
import starling.model.Charter;
import starling.model.NodeId;
import starling.model.Self;
import starling.wire.MalformedException;
import starling.wire.WireReader;

class AirtimeRecordTest {
  private static final long KEY = 2; // of the second link

  private final IdleHost host = new IdleHost();

  @Test
  void eachLifeCountsWhatTheOneBeforeMayHaveSent() throws MalformedException {
    long first = live();
    assertEquals(18_000_000, first, "a twentieth of a tenth of an hour, ahead");
    assertEquals(2 * first, live());
    assertEquals(3 * first, live());
    assertTrue(!host.disk.containsKey(KEY - 1), "no law limits the first link");
  }

  /** Starts, writes, and dies; answers what the record says in all. */
  private long live() throws MalformedException {
    Engine engine =
        new Engine(
            new Self(new NodeId(1L << 40), 2, 3, 0),
            Charter.EMPTY,
            Keyring.of(0, new byte[32]),
            List.of(),
            List.of(Presets.SIK_64K.profile(), Presets.LORA_SF7.profile()),
            new SplittableRandom(1),
            host);
    Map.copyOf(host.disk)
        .forEach((key, value) -> engine.restore(SectionType.ENGINE.code(), key, value));
    engine.start(0);
    WireReader record = new WireReader(host.disk.get(KEY));
    long sum = 0;
    for (int part = 0; part < 12; part++) {
      sum += record.u32();
    }
    return sum;
  }
}
