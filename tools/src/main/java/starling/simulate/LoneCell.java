package starling.simulate;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import starling.charter.CharterSpread;
import starling.charter.Draft.Duty;
import starling.engine.Local;
import starling.engine.SectionType;
import starling.link.Address;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.link.air.Air;
import starling.link.air.Loss;
import starling.link.air.Terrain;
import starling.model.Channel;
import starling.model.Delivery;
import starling.model.Hash;
import starling.model.Member;
import starling.model.Page;
import starling.model.Schema;

/**
 * One cell of production nodes on one radio channel, watched from outside: what reaches its
 * gateway, which is its first member, and what the channel is used for. Stations lie on a disc, so
 * that the stronger of two packets may survive.
 */
public final class LoneCell {
  private static final String PATH = "/orchard/field";
  private static final List<Channel> CHANNELS =
      List.of(
          new Channel("air_temperature", "Cel", 2, -40, 60),
          new Channel("relative_humidity", "%", 1, 0, 100),
          new Channel("wind_speed", "m/s", 1, 0, 60),
          new Channel("battery", "V", 2, 0, 6));

  private final VirtualSite site;
  private final int members;
  private final List<Reading> readings = new ArrayList<>();
  private final List<Emission> emissions = new ArrayList<>();
  private final Eavesdropper ear;
  private int pageFrames;

  /**
   * A cell to be.
   *
   * @param radio its medium
   * @param members 2 to 64
   * @param uplinks so many of them, the first ones, have an uplink
   * @param channels that each measures, 1 to 4
   * @param windowMillis how often, in whole seconds
   */
  public record Setup(
      LinkProfile radio, int members, int uplinks, int channels, long windowMillis, Loss loss) {
    /** The most values that one of these nodes measures. */
    public static final int CHANNELS_MAX = CHANNELS.size();

    public Setup {
      if (members < 2 || members > Member.SLOTS_MAX || uplinks < 1 || uplinks > members) {
        throw new IllegalArgumentException(
            "a cell has 2 to 64 members and 1 uplink, not " + members + " and " + uplinks);
      }
      if (channels < 1 || channels > CHANNELS_MAX || windowMillis % 1000 != 0) {
        throw new IllegalArgumentException(
            "nodes measure 1 to 4 channels, every so many whole seconds");
      }
    }
  }

  /**
   * One node's readings of one window have reached the gateway.
   *
   * @param node who measured them, 0 and up
   * @param endMillis when their window ended
   * @param atMillis when the gateway had them first
   */
  public record Reading(int node, long endMillis, long atMillis) {}

  /**
   * A frame was handed to a radio.
   *
   * @param node whose, 0 and up
   * @param micros how long it is on the air, by its bytes
   * @param charter whether it says something of the charter
   */
  public record Emission(long atNanos, int node, long micros, boolean charter) {}

  /** Switches a cell on, all of it at once. */
  public LoneCell(Setup setup, long seed) {
    members = setup.members();
    String query =
        "SELECT AVG(air_temperature), MAX(air_temperature), COUNT(*) FROM readings EVERY "
            + setup.windowMillis() / 1000
            + " s";
    site =
        new VirtualSite(
            seed,
            setup.radio(),
            Presets.MQTT.profile(),
            setup.loss(),
            setup.windowMillis(),
            1,
            new Schema(1, CHANNELS.subList(0, setup.channels())),
            query);
    site.radioCell(PATH, members, slot -> duties(slot, setup.uplinks()));
    ear = new Eavesdropper(setup.radio());
    site.listener = this::told;
    site.tap = this::sent;
    site.startAll();
    air().strengths(new Terrain(air().stations(), Hash.of(seed, 6)));
  }

  private static Set<Duty> duties(int slot, int uplinks) {
    if (slot == 0) {
      return EnumSet.of(Duty.SENSES, Duty.UPLINK, Duty.MAINS, Duty.GATEWAY);
    }
    return slot < uplinks ? EnumSet.of(Duty.SENSES, Duty.UPLINK) : EnumSet.of(Duty.SENSES);
  }

  private void told(VirtualNode by, Delivery delivery) {
    if (by.index == 0 && delivery instanceof Delivery.Latest latest) {
      int node = site.node(latest.node()).index;
      readings.add(new Reading(node, latest.endMillis(), by.cell.shard.nowNanos() / 1_000_000));
    }
  }

  private void sent(VirtualNode from, Address to, byte[] frame) {
    if (to.equals(Address.ALL)) {
      long micros = site.radio.airtime().micros(frame.length);
      int kinds = ear.kinds(SectionType.CHARTER, frame);
      pageFrames += kinds >>> CharterSpread.CHUNK & 1;
      emissions.add(new Emission(from.cell.shard.nowNanos(), from.index, micros, kinds != 0));
    }
  }

  /** The channel: what is lost, who hears whom, and what it is used for. */
  public Air air() {
    return site.radio(PATH).air();
  }

  /** Lets time pass. */
  public void run(double seconds) {
    site.run(seconds);
  }

  /** The present, in Unix milliseconds. */
  public long nowMillis() {
    return site.nowMillis();
  }

  /** How long windows last: longer than they should if the channel can't carry that. */
  public long windowMillis() {
    return site.windowMillis << site.nodeAt(0).engine.facts().pace().exponent();
  }

  /** What has reached the gateway, its own readings too, in the order in which it came. */
  public List<Reading> readings() {
    return List.copyOf(readings);
  }

  /**
   * What must never happen and did, as text: shares of the channel that were exceeded, and such.
   */
  public List<String> violations() {
    return site.violations().stream().map(Violation::toString).toList();
  }

  /** What was sent by radio, in the order of time. */
  public List<Emission> emissions() {
    return List.copyOf(emissions);
  }

  /** How many of them said something of the charter. */
  public int charterFrames() {
    return (int) emissions.stream().filter(Emission::charter).count();
  }

  /** How many of those carried a page, or a part of one: not digests, and not requests. */
  public int pageFrames() {
    return pageFrames;
  }

  /** Gives the gateway a newer site page: one without the query, or one with another query. */
  public void revise(boolean larger) {
    site.revise(draft ->
        larger
            ? draft.query("count", "SELECT COUNT(*) FROM readings")
            : draft.removeQuery(VirtualSite.QUERY_NAME));
    site.give(path(0));
  }

  /** How many members hold the newest site page. */
  public int holders() {
    long newest = site.charter().version(Page.SITE);
    int holders = 0;
    for (VirtualNode node : site.nodes()) {
      holders += node.engine.facts().charter().version(Page.SITE) == newest ? 1 : 0;
    }
    return holders;
  }

  /** Members below a number and the others hear each other from now on, or they don't. */
  public void joined(int first, boolean hear) {
    for (int one = 0; one < first; one++) {
      for (int other = first; other < members; other++) {
        air().hears(one, other, hear);
        air().hears(other, one, hear);
      }
    }
  }

  /** A member's power fails. */
  public void kill(int node) {
    site.kill(path(node));
  }

  /** It is back, with what was on its disk. */
  public void restart(int node) {
    site.restart(site.node(path(node)));
  }

  /** A member's sensors say something else ten times a second, for so long. */
  public void babble(int node, int seconds) {
    for (int i = 0; i < 10 * seconds; i++) {
      long window = site.nowMillis() / windowMillis() * windowMillis();
      Map<String, Double> values = Map.of("air_temperature", i % 50.0);
      site.node(path(node)).say(new Local.Readings(window, values, 0));
      site.run(0.1);
    }
  }

  private static String path(int node) {
    return PATH + "/n" + node;
  }
}
