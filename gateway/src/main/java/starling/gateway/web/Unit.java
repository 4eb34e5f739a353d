package starling.gateway.web;

import java.util.Map;

/**
 * A unit as Prometheus wants it: a base unit, named at the end of a metric's name.
 *
 * @param suffix of the metric's name, with its {@code _}; empty for a number without a unit
 * @param factor from the unit as published to this one
 */
record Unit(String suffix, double factor) {
  private static final Unit NONE = new Unit("", 1);

  private static final Map<String, Unit> BY_UCUM =
      Map.ofEntries(
          Map.entry("Cel", new Unit("_celsius", 1)),
          Map.entry("K", new Unit("_kelvin", 1)),
          Map.entry("%", new Unit("_ratio", 0.01)),
          Map.entry("Pa", new Unit("_pascals", 1)),
          Map.entry("hPa", new Unit("_pascals", 100)),
          Map.entry("lx", new Unit("_lux", 1)),
          Map.entry("[ppm]", new Unit("_ppm", 1)),
          Map.entry("ug/m3", new Unit("_micrograms_per_cubic_meter", 1)),
          Map.entry("V", new Unit("_volts", 1)),
          Map.entry("mV", new Unit("_volts", 0.001)),
          Map.entry("A", new Unit("_amperes", 1)),
          Map.entry("mA", new Unit("_amperes", 0.001)),
          Map.entry("W", new Unit("_watts", 1)),
          Map.entry("kW.h", new Unit("_joules", 3.6e6)),
          Map.entry("m", new Unit("_meters", 1)),
          Map.entry("mm", new Unit("_meters", 0.001)),
          Map.entry("m/s", new Unit("_meters_per_second", 1)),
          Map.entry("deg", new Unit("_degrees", 1)),
          Map.entry("s", new Unit("_seconds", 1)),
          Map.entry("ms", new Unit("_seconds", 0.001)),
          Map.entry("kg", new Unit("_kilograms", 1)),
          Map.entry("dB[SPL]", new Unit("_decibels", 1)),
          Map.entry("Hz", new Unit("_hertz", 1)));

  /** Units that are not in the table are left out of names, and values stay as they are. */
  static Unit of(String ucum) {
    return BY_UCUM.getOrDefault(ucum, NONE);
  }
}
