package starling.link;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The media that ship with Starling, by name. */
public enum Presets {
  /**
   * SiK telemetry radio at 64 kb/s (Holybro, RFD900): 252-byte packets, no duty cycle by default.
   */
  SIK_64K(radio("sik-64k", 247, Airtime.stream(55_555, 8, 2_000), Law.NONE, 100)),
  /** LoRa SF7 at 125 kHz in EU868 sub-band P (869.4 to 869.65 MHz): 10 % of any hour. */
  LORA_SF7(lora("lora-sf7", 222, 7, 500)),
  /** LoRa SF9 at 125 kHz in EU868 sub-band P. */
  LORA_SF9(lora("lora-sf9", 115, 9, 1_000)),
  /** LoRa SF12 at 125 kHz in EU868 sub-band P. */
  LORA_SF12(lora("lora-sf12", 51, 12, 10_000)),
  /**
   * LoRa SF7 at 125 kHz in the US band (902 to 928 MHz) by a modem that hops over 50 channels or
   * more: on one of them 400 ms in any 20 s (47 CFR 15.247 (a)(1)(i)). A frame is on one channel;
   * this counts as if all were on the same.
   */
  LORA_US_SF7(lora("lora-us-sf7", 222, 7, 500).under(new Law(0.02, 20_000))),
  /** LoRa SF9 at 500 kHz in the US band: wide enough to be on one channel for any time (a)(2). */
  LORA_US_SF9_WIDE(lora("lora-us-sf9-wide", 222, 9, 500_000, 500).under(Law.NONE)),
  /**
   * RNode at SF7 and 125 kHz in EU868 sub-band P: preambles of 24 symbols, carrier sense in the
   * modem.
   */
  RNODE_SF7(rnode("rnode-sf7", 222, 7, 24, 500, 24), rnodeModem(7, 24)),
  /** RNode at SF9 and 125 kHz in EU868 sub-band P. */
  RNODE_SF9(rnode("rnode-sf9", 115, 9, 18, 1_000, 49), rnodeModem(9, 18)),
  /**
   * EBYTE E22-900T22 at 2.4 kb/s on channel 17, 867.125 MHz: 500 kHz in EU868 sub-band L, 1 % of
   * any hour at 25 mW.
   */
  E22_2K4(ebyte("e22-2k4", 235, 11, 3_000), e22Modem(2)),
  /** EBYTE E22-900T22 at 9.6 kb/s on channel 17. */
  E22_9K6(ebyte("e22-9k6", 235, 9, 1_000), e22Modem(4)),
  /** EBYTE E32-868T20 at 2.4 kb/s on channel 5, 867 MHz: sub-band L, packets of 58 bytes. */
  E32_2K4(
      ebyte("e32-2k4", 53, 11, 3_000),
      new ModemSettings.Ebyte(ModemSettings.Ebyte.Model.E32, 2, 5, 2, false)),
  /**
   * XBee with 802.15.4 firmware in transparent mode: 2.4 GHz, 250 kb/s, no duty cycle; frames as
   * large as 100 bytes of payload hold with framing.
   */
  XBEE(xbee("xbee", 95, 5), new ModemSettings.Xbee(0)),
  /** The same in API mode: no framing of ours, and the strength of each frame. */
  XBEE_API(xbee("xbee-api", 95, 0), new ModemSettings.Xbee(1)),
  /** The same in API mode 2, with escapes. */
  XBEE_API2(xbee("xbee-api2", 95, 0), new ModemSettings.Xbee(2)),
  /**
   * A KISS TNC with 1200 Bd AFSK (Bell 202) on an amateur band: 300 ms from keying to the first
   * bit, 1200 bit/s of which stuffing may take a sixth; 16 bytes of AX.25 around a frame, 2 of
   * checksum and 2 of flags.
   *
   * <p>Amateur bands forbid encryption: frames are authenticated, and anybody can read them.
   */
  KISS_1200(
      radio("kiss-1200", 240, Airtime.stream(1_000, 20, 300_000), Law.NONE, 10_000).inClear(),
      new ModemSettings.Kiss("", 0, 300, 63, 100)),
  /**
   * Any MQTT broker: inboxes, no law; each node keeps to one round a second of at most three
   * frames.
   */
  MQTT(
      new LinkProfile(
          "mqtt",
          LinkProfile.Medium.ADDRESSED,
          508,
          Airtime.stream(1_000_000, 40, 0),
          Law.NONE,
          0.20,
          3,
          1_000,
          new Delay(5_000, 25_000)));

  private final LinkProfile profile;
  private final ModemSettings modem;

  Presets(LinkProfile profile) {
    this(profile, new ModemSettings.Transparent());
  }

  Presets(LinkProfile profile, ModemSettings modem) {
    this.profile = profile;
    this.modem = modem;
  }

  private static LinkProfile radio(
      String name, int mtu, Airtime airtime, Law law, long roundMillis) {
    return new LinkProfile(
        name,
        LinkProfile.Medium.BROADCAST,
        mtu,
        airtime,
        law,
        0.20,
        1,
        roundMillis,
        new Delay(10_000, 15_000));
  }

  private static LinkProfile lora(String name, int mtu, int spreadingFactor, long roundMillis) {
    return lora(name, mtu, spreadingFactor, 125_000, roundMillis);
  }

  private static LinkProfile lora(
      String name, int mtu, int spreadingFactor, int bandwidthHz, long roundMillis) {
    int framingBytes = 5; // what a serial link adds: see starling.link.serial
    Airtime airtime = Airtime.lora(spreadingFactor, bandwidthHz, 8, framingBytes);
    return radio(name, mtu, airtime, Law.EU868_P, roundMillis);
  }

  /**
   * The maker says neither spreading factor nor preamble nor what a module adds to a packet: these
   * are the slowest that go with the rate it says (2148 bit/s at SF11 and 500 kHz for 2.4 kb/s),
   * twice the usual preamble, and 8 bytes. A line at 9600 baud takes its time at both ends.
   */
  private static LinkProfile ebyte(String name, int mtu, int spreadingFactor, long roundMillis) {
    int framingBytes = 5; // what a serial link adds
    int headerBytes = 8;
    Airtime airtime = Airtime.lora(spreadingFactor, 500_000, 16, framingBytes + headerBytes);
    return radio(name, mtu, airtime, Law.EU868_L, roundMillis)
        .delayed(lineMicros(mtu, 9_600), lineMicros(mtu, 9_600));
  }

  /**
   * IEEE 802.15.4 at 250 kb/s, broadcast without acknowledgement: 6 bytes of preamble, delimiter
   * and length, 17 of MAC header with the sender's long address, 2 of the maker's, 2 of checksum;
   * at most 7 back-offs of 320 us before.
   */
  private static LinkProfile xbee(String name, int mtu, int framingBytes) {
    Airtime airtime = Airtime.stream(250_000, framingBytes + 27, 0);
    long lineMicros = lineMicros(mtu, 9_600);
    return radio(name, mtu, airtime, Law.NONE, 100).delayed(lineMicros, lineMicros);
  }

  /** From a frame's first byte into one modem to its last out of the other: half of the largest. */
  private static long lineMicros(int mtu, int baud) {
    return 10_000_000L * mtu / baud;
  }

  private static ModemSettings.Ebyte e22Modem(int airRate) {
    return new ModemSettings.Ebyte(ModemSettings.Ebyte.Model.E22, airRate, 17, 2, false);
  }

  /**
   * Before each frame the modem waits 2 of its slots and up to 14 more, from a clear channel on
   * (firmware 1.7x, while a node keeps below 7 % of the channel).
   */
  private static LinkProfile rnode(
      String name, int mtu, int spreadingFactor, int preamble, long roundMillis, int slotMillis) {
    int headerBytes = 1;
    Airtime airtime = Airtime.lora(spreadingFactor, 125_000, preamble, headerBytes);
    return radio(name, mtu, airtime, Law.EU868_P, roundMillis)
        .delayed(9_000L * slotMillis, 7_000L * slotMillis);
  }

  private static ModemSettings.Rnode rnodeModem(int spreadingFactor, int preamble) {
    return new ModemSettings.Rnode(869_525_000, 125_000, spreadingFactor, 5, 14, preamble);
  }

  /** The medium itself. */
  public LinkProfile profile() {
    return profile;
  }

  /** What a serial radio's modem is told; of no meaning for a broker. */
  public ModemSettings modem() {
    return modem;
  }

  /** The preset with this name, if there is one. */
  public static Optional<Presets> of(String name) {
    return Arrays.stream(values()).filter(p -> p.profile.name().equals(name)).findFirst();
  }

  /** The medium of the preset with this name, if there is one. */
  public static Optional<LinkProfile> named(String name) {
    return of(name).map(Presets::profile);
  }

  /** All names, in order. */
  public static List<String> names() {
    return Arrays.stream(values()).map(p -> p.profile.name()).toList();
  }
}
