package starling.node;

import java.util.Map;
import starling.link.ModemSettings;
import starling.link.Presets;

/** What the modem behind a serial link is told, as the link's table says beside its preset. */
final class Modems {
  private static final int RNODE_FRAME_MAX_BYTES = 254;
  private static final int HERTZ_A_KILOHERTZ = 1_000;

  /** The keys that are some modems' alone, and whose. */
  private static final Map<String, Class<? extends ModemSettings>> KEYS =
      Map.of(
          "frequency_khz", ModemSettings.Rnode.class,
          "power_dbm", ModemSettings.Rnode.class,
          "mode_pins", ModemSettings.Ebyte.class,
          "callsign", ModemSettings.Kiss.class);

  private Modems() {}

  /**
   * The preset's modem with what the table says of it.
   *
   * @param at the table's name and a dot
   */
  static ModemSettings of(Configuration from, String at, Presets preset)
      throws ConfigurationException {
    refuseOthersKeys(from, at, preset);
    return switch (preset.modem()) {
      case ModemSettings.Rnode rnode -> rnode(from, at, rnode);
      case ModemSettings.Kiss kiss -> kiss(from, at, kiss);
      case ModemSettings.Ebyte ebyte -> {
        refuseCut(from, at, preset);
        yield ebyte(from, at, ebyte);
      }
      case ModemSettings.Xbee xbee -> {
        refuseCut(from, at, preset);
        yield xbee;
      }
      case ModemSettings.Transparent transparent -> transparent;
    };
  }

  private static void refuseOthersKeys(Configuration from, String at, Presets preset)
      throws ConfigurationException {
    for (Map.Entry<String, Class<? extends ModemSettings>> key : KEYS.entrySet()) {
      boolean own = key.getValue().isInstance(preset.modem());
      if (!own && from.text(at + key.getKey()).isPresent()) {
        throw from.refused(
            at + key.getKey(),
            switch (key.getKey()) {
              case "mode_pins" -> "is for E22 and E32: no other modem has M0 and M1";
              case "callsign" -> "is for TNCs: " + preset.profile().name() + " has none";
              default -> "is for RNodes: other modems are set with their own tools";
            });
      }
    }
  }

  private static void refuseCut(Configuration from, String at, Presets preset)
      throws ConfigurationException {
    if (from.number(at + "mtu", 0) > preset.profile().mtuBytes()) {
      throw from.refused(at + "mtu", "more than a packet of the modem holds, which cuts it");
    }
  }

  private static ModemSettings rnode(Configuration from, String at, ModemSettings.Rnode rnode)
      throws ConfigurationException {
    if (from.number(at + "mtu", 0) > RNODE_FRAME_MAX_BYTES) {
      throw from.refused(at + "mtu", "an RNode cuts more than 254 bytes in two, unbooked");
    }
    long kilohertz = from.number(at + "frequency_khz", rnode.frequencyHz() / HERTZ_A_KILOHERTZ);
    int dbm = (int) from.number(at + "power_dbm", rnode.powerDbm());
    return rnode.tuned(kilohertz * HERTZ_A_KILOHERTZ, dbm);
  }

  private static ModemSettings ebyte(Configuration from, String at, ModemSettings.Ebyte ebyte)
      throws ConfigurationException {
    boolean wired = from.flag(at + "mode_pins", false);
    if (wired && from.number(at + "baud", ebyte.baud()) != ebyte.baud()) {
      throw from.refused(at + "baud", "is 9600 with mode_pins: configuration mode has no other");
    }
    return ebyte.wired(wired);
  }

  private static ModemSettings kiss(Configuration from, String at, ModemSettings.Kiss kiss)
      throws ConfigurationException {
    try {
      return kiss.station(from.required(at + "callsign"));
    } catch (IllegalArgumentException e) {
      throw from.refused(at + "callsign", String.valueOf(e.getMessage()));
    }
  }
}
