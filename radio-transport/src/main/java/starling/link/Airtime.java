package starling.link;

/** How long a frame occupies its medium. */
@FunctionalInterface
public interface Airtime {
  /**
   * Microseconds on the air for a frame of {@code bytes} bytes, the medium's own framing and
   * preamble included.
   */
  long micros(int bytes);

  /**
   * A stream modem: a fixed preamble and a bit rate.
   *
   * @param bitsPerSecond on the air, after the modem's coding
   * @param framingBytes added to each frame (delimiter, checksum, modem header)
   * @param preambleMicros before the first bit
   */
  static Airtime stream(int bitsPerSecond, int framingBytes, long preambleMicros) {
    return bytes -> preambleMicros + (bytes + framingBytes) * 8_000_000L / bitsPerSecond;
  }

  /**
   * LoRa with explicit header and CRC, coding rate 4/5 (Semtech AN1200.13).
   *
   * @param spreadingFactor 7 to 12
   * @param bandwidthHz 125000, 250000 or 500000
   * @param preambleSymbols 8, or 16 as Meshtastic uses
   * @param framingBytes added to each frame before the modem's own header
   */
  static Airtime lora(int spreadingFactor, int bandwidthHz, int preambleSymbols, int framingBytes) {
    double symbolMicros = (1 << spreadingFactor) * 1e6 / bandwidthHz;
    int lowRate = symbolMicros > 16_000 ? 1 : 0;
    return bytes -> {
      double bits = 8.0 * (bytes + framingBytes) - 4 * spreadingFactor + 28 + 16;
      double symbols =
          8 + Math.max(Math.ceil(bits / (4.0 * (spreadingFactor - 2 * lowRate))) * 5, 0);
      return Math.round((preambleSymbols + 4.25 + symbols) * symbolMicros);
    };
  }
}
