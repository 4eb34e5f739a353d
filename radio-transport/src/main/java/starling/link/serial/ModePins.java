package starling.link.serial;

/**
 * The pins by which a module is told its mode, wired to the port's outputs: M0 to DTR, M1 to RTS.
 * At the pins of an adapter with logic levels an output that is asserted is low.
 *
 * @param m0 whether M0 is high
 * @param m1 whether M1 is high
 */
record ModePins(boolean m0, boolean m1) {
  /** Where ports are as they open: bytes in are bytes out. */
  static final ModePins TRANSPARENT = new ModePins(false, false);
}
