package starling.link;

/** What modem is behind a serial port, and what it is told whenever that port opens. */
public sealed interface ModemSettings {
  /** The rate between the machine and such a modem that is usual, in bits per second. */
  default int baud() {
    return 57_600;
  }

  /** Bytes in are bytes out: SiK, HC-12, E22 and E32, XBee in transparent mode. */
  record Transparent() implements ModemSettings {}

  /**
   * A terminal node controller that speaks KISS.
   *
   * @param port which of the controller's radios, 0 to 15
   * @param txDelayMs from keying the transmitter to the first bit, 0 to 2550, in steps of 10
   * @param persistence of 256 slots that find the channel free, how many it sends in, less one: 0
   *     to 255
   * @param slotMs how long it waits before it looks again, 0 to 2550, in steps of 10
   */
  record Kiss(int port, int txDelayMs, int persistence, int slotMs) implements ModemSettings {
    private static final int STEPS_MAX = 255;

    public Kiss {
      if (port < 0 || port > 15 || persistence < 0 || persistence > 255) {
        throw new IllegalArgumentException("a KISS port is 0 to 15, a persistence 0 to 255");
      }
      if (!steps(txDelayMs) || !steps(slotMs)) {
        throw new IllegalArgumentException("KISS times are 0 to 2550 ms, in steps of 10");
      }
    }

    private static boolean steps(int millis) {
      return millis >= 0 && millis % 10 == 0 && millis / 10 <= STEPS_MAX;
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
