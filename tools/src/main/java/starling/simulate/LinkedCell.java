package starling.simulate;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.IntPredicate;
import starling.charter.Draft.Duty;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.air.Air;
import starling.link.air.Loss;
import starling.model.Member;

/**
 * One cell on one radio channel whose directed links deliver what was measured somewhere, over
 * several hops; one member is the gateway.
 *
 * @param delivery the share of one member's frames that another hears, {@code [from][to]}, 0 to 1;
 *     where it is 0 they don't even disturb
 * @param windowMillis how long windows are; whole seconds
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record LinkedCell(double[][] delivery, LinkProfile radio, long windowMillis) {
  static final String PATH = "/orchard/field";

  LinkedCell {
    if (delivery.length < 2 || delivery.length > Member.SLOTS_MAX) {
      throw new IllegalArgumentException("a cell has 2 to 64 members, not " + delivery.length);
    }
    delivery = Arrays.stream(delivery).map(double[]::clone).toArray(double[][]::new);
  }

  int size() {
    return delivery.length;
  }

  /** Members in a line, each of whom hears the ones beside it. */
  static LinkedCell line(int members, double delivery, LinkProfile radio, long windowMillis) {
    double[][] line = new double[members][members];
    for (int one = 1; one < members; one++) {
      line[one - 1][one] = delivery;
      line[one][one - 1] = delivery;
    }
    return new LinkedCell(line, radio, windowMillis);
  }

  /** The same as a site that is switched on. */
  VirtualSite site(int gateway, long seed) {
    return site(slot -> slot == gateway, seed);
  }

  /** The same with other gateways. */
  VirtualSite site(IntPredicate gateways, long seed) {
    VirtualSite site =
        new VirtualSite(
            seed, radio, Presets.MQTT.profile(), new Loss.EachLink(this::lost), windowMillis, 1);
    Set<Duty> plain = EnumSet.of(Duty.SENSES);
    Set<Duty> serves = EnumSet.of(Duty.SENSES, Duty.UPLINK, Duty.MAINS, Duty.GATEWAY);
    site.radioCell(PATH, size(), slot -> gateways.test(slot) ? serves : plain).startAll();
    Air air = site.radio(PATH).air();
    for (int from = 0; from < size(); from++) {
      for (int to = 0; to < size(); to++) {
        air.hears(to, from, delivery[from][to] > 0);
      }
    }
    return site;
  }

  /** Stations beside the members' are nobody's. */
  private double lost(int from, int to) {
    return from < size() && to < size() ? 1 - delivery[from][to] : 1;
  }

  static String path(int slot) {
    return PATH + "/n" + slot;
  }
}
