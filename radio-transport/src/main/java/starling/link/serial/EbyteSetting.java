package starling.link.serial;

import java.util.ArrayList;
import java.util.List;
import starling.link.ModemSettings;

/**
 * One setting of an EBYTE module: some bits of one of its registers.
 *
 * @param name for a person
 * @param register which, 0 and up
 * @param mask its bits there
 * @param asked their values, in place
 */
record EbyteSetting(String name, int register, int mask, int asked) {
  private static final int ALL = 0xFF;
  private static final int BAUD_9600 = 3;

  /** All that matters for carrying frames; what else the registers hold stays as it is. */
  static List<EbyteSetting> of(ModemSettings.Ebyte from) {
    List<EbyteSetting> settings = new ArrayList<>();
    settings.add(new EbyteSetting("address, high byte", 0, ALL, ALL)); // hears and is heard by all
    settings.add(new EbyteSetting("address, low byte", 1, ALL, ALL));
    settings.addAll(from.model() == ModemSettings.Ebyte.Model.E22 ? e22(from) : e32(from));
    return settings;
  }

  private static List<EbyteSetting> e22(ModemSettings.Ebyte from) {
    return List.of(
        new EbyteSetting("network", 2, ALL, 0),
        new EbyteSetting("line rate", 3, 0xE0, BAUD_9600 << 5),
        new EbyteSetting("parity", 3, 0x18, 0),
        new EbyteSetting("air rate", 3, 0x07, from.airRate()),
        new EbyteSetting("packet length", 4, 0xC0, 0),
        new EbyteSetting("commands among data", 4, 0x20, 0), // bytes of a frame would be obeyed
        new EbyteSetting("power", 4, 0x03, from.power()),
        new EbyteSetting("channel", 5, ALL, from.channel()),
        new EbyteSetting("RSSI byte", 6, 0x80, 0x80),
        new EbyteSetting("fixed addresses", 6, 0x40, 0),
        new EbyteSetting("repeater", 6, 0x20, 0),
        new EbyteSetting("listen before talk", 6, 0x10, 0x10));
  }

  private static List<EbyteSetting> e32(ModemSettings.Ebyte from) {
    return List.of(
        new EbyteSetting("parity", 2, 0xC0, 0),
        new EbyteSetting("line rate", 2, 0x38, BAUD_9600 << 3),
        new EbyteSetting("air rate", 2, 0x07, from.airRate()),
        new EbyteSetting("channel", 3, 0x1F, from.channel()),
        new EbyteSetting("fixed addresses", 4, 0x80, 0),
        new EbyteSetting("error correction", 4, 0x04, 0x04),
        new EbyteSetting("power", 4, 0x03, from.power()));
  }

  boolean holds(byte[] registers) {
    return value(registers) == asked;
  }

  void set(byte[] registers) {
    registers[register] = (byte) (registers[register] & ~mask | asked);
  }

  /** How it was, should be and is. */
  Comparison compare(byte[] before, byte[] after) {
    return new Comparison(name, told(value(before)), told(asked), told(value(after)));
  }

  private int value(byte[] registers) {
    return registers[register] & mask;
  }

  private String told(int value) {
    return Integer.toString(value >>> Integer.numberOfTrailingZeros(mask));
  }
}
