package starling.link;

/**
 * How well a frame came in, as the modem tells it. What it does not tell is not a number.
 *
 * @param rssiDbm signal strength at the receiver's antenna connector, about -140 to 0 dBm
 * @param snrDb signal to noise ratio, about -25 to 15 dB for LoRa
 */
public record Reception(double rssiDbm, double snrDb) {
  /** Of a modem that tells nothing, and of media that are no radio. */
  public static final Reception UNTOLD = new Reception(Double.NaN, Double.NaN);

  /** Of a modem that tells the signal's strength alone. */
  public static Reception ofStrength(double rssiDbm) {
    return new Reception(rssiDbm, Double.NaN);
  }

  /** Whether the modem tells anything. */
  public boolean told() {
    return hasRssi() || hasSnr();
  }

  /** Whether the modem tells the signal's strength. */
  public boolean hasRssi() {
    return !Double.isNaN(rssiDbm);
  }

  /** Whether the modem tells how far the signal is above the noise. */
  public boolean hasSnr() {
    return !Double.isNaN(snrDb);
  }
}
