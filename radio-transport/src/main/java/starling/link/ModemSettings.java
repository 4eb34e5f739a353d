package starling.link;

import java.util.regex.Pattern;

/** What modem is behind a serial port, and what it is told whenever that port opens. */
public sealed interface ModemSettings {
  /** The rate between the machine and such a modem that is usual, in bits per second. */
  default int baud() {
    return 57_600;
  }

  /** Bytes in are bytes out, and nothing is said to it: SiK, HC-12. */
  record Transparent() implements ModemSettings {}

  /**
   * A terminal node controller that speaks KISS, on an amateur band: frames go as unnumbered
   * information of AX.25, with the station's call sign.
   *
   * @param callsign up to six letters and digits, and up to {@code -15} if the station has several;
   *     empty for one that only listens
   * @param port which of the controller's radios, 0 to 15
   * @param txDelayMs from keying the transmitter to the first bit, 0 to 2550, in steps of 10
   * @param persistence of 256 slots that find the channel free, how many it sends in, less one: 0
   *     to 255
   * @param slotMs how long it waits before it looks again, 0 to 2550, in steps of 10
   */
  record Kiss(String callsign, int port, int txDelayMs, int persistence, int slotMs)
      implements ModemSettings {
    private static final int STEPS_MAX = 255;
    private static final Pattern CALLSIGN = Pattern.compile("([A-Z0-9]{3,6}(-(1[0-5]|[0-9]))?)?");

    public Kiss {
      if (!CALLSIGN.matcher(callsign).matches()) {
        throw new IllegalArgumentException(
            "a call sign is 3 to 6 capital letters and digits, and -0 to -15 if there are several"
                + " stations: not '"
                + callsign
                + "'");
      }
      if (port < 0 || port > 15 || persistence < 0 || persistence > 255) {
        throw new IllegalArgumentException("a KISS port is 0 to 15, a persistence 0 to 255");
      }
      if (!steps(txDelayMs) || !steps(slotMs)) {
        throw new IllegalArgumentException("KISS times are 0 to 2550 ms, in steps of 10");
      }
    }

    /** The same controller at another station. */
    public Kiss station(String sign) {
      return new Kiss(sign, port, txDelayMs, persistence, slotMs);
    }

    private static boolean steps(int millis) {
      return millis >= 0 && millis % 10 == 0 && millis / 10 <= STEPS_MAX;
    }
  }

  /**
   * An EBYTE module in transparent mode.
   *
   * @param airRate its code for the rate on the air, 0 to 7
   * @param channel which of its carriers: 850.125 MHz + 1 MHz each for an E22-900, 862 MHz + 1 MHz
   *     each for an E32-868
   * @param power its code for the transmitter's power, 0 the most to 3
   * @param pins whether M0 is wired to DTR, M1 to RTS, and AUX to CTS if at all: then it is set up
   *     whenever the port opens
   */
  record Ebyte(Model model, int airRate, int channel, int power, boolean pins)
      implements ModemSettings {
    /** The rate at which configuration mode speaks. */
    public static final int BAUD = 9_600;

    /** Families with the same registers. */
    public enum Model {
      /** SX1262, such as E22-900T22S. */
      E22(7),
      /** SX1276, such as E32-868T20D. */
      E32(5);

      private final int registers;

      Model(int registers) {
        this.registers = registers;
      }

      /** How many registers are read and written. */
      public int registers() {
        return registers;
      }
    }

    public Ebyte {
      if ((airRate & ~7) != 0 || (channel & ~0x7F) != 0 || (power & ~3) != 0) {
        throw new IllegalArgumentException("a code of an EBYTE module is out of range");
      }
    }

    @Override
    public int baud() {
      return BAUD;
    }

    /** The same module with its mode pins wired or not. */
    public Ebyte wired(boolean wired) {
      return new Ebyte(model, airRate, channel, power, wired);
    }
  }

  /**
   * An XBee.
   *
   * @param api its API mode: 0 transparent, 1 frames, 2 frames with escapes
   */
  record Xbee(int api) implements ModemSettings {
    public Xbee {
      if (api < 0 || api > 2) {
        throw new IllegalArgumentException("an XBee's API mode is 0, 1 or 2");
      }
    }

    @Override
    public int baud() {
      return 9_600;
    }
  }

  /**
   * A board with RNode firmware.
   *
   * @param frequencyHz of the carrier
   * @param bandwidthHz such as 125000
   * @param spreadingFactor 7 to 12
   * @param codingRate 5 to 8: four bits become so many
   * @param powerDbm what the transmitter makes, 0 to 27; what the antenna adds is the owner's to
   *     know
   * @param preambleSymbolsMax what the preset's airtime counts; a modem that sends longer ones is
   *     refused
   */
  record Rnode(
      long frequencyHz,
      int bandwidthHz,
      int spreadingFactor,
      int codingRate,
      int powerDbm,
      int preambleSymbolsMax)
      implements ModemSettings {
    public Rnode {
      if (spreadingFactor < 7 || spreadingFactor > 12 || codingRate < 5 || codingRate > 8) {
        throw new IllegalArgumentException("a spreading factor is 7 to 12, a coding rate 5 to 8");
      }
      if (powerDbm < 0 || powerDbm > 27 || bandwidthHz < 1 || frequencyHz >> 32 != 0) {
        throw new IllegalArgumentException(
            "an RNode's power is 0 to 27 dBm; frequency and bandwidth are in Hz, in 32 bits");
      }
    }

    @Override
    public int baud() {
      return 115_200;
    }

    /** The same modem on another carrier, with another power. */
    public Rnode tuned(long hertz, int dbm) {
      return new Rnode(hertz, bandwidthHz, spreadingFactor, codingRate, dbm, preambleSymbolsMax);
    }
  }
}
