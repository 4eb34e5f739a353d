package starling.query;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A unit as a product of powers of the channels' UCUM codes. A number in a query has whatever unit
 * it needs beside a value: {@code t - 20} is in that of t.
 */
record Unit(SortedMap<String, Integer> powers, boolean any) {
  /** A pure number's: {@code 1}. */
  static final Unit ONE = new Unit(new TreeMap<>(), false);

  /** A literal's. */
  static final Unit ANY = new Unit(new TreeMap<>(), true);

  static Unit of(String code) {
    return code.equals("1") ? ONE : new Unit(new TreeMap<>(Map.of(code, 1)), false);
  }

  boolean fits(Unit other) {
    return any || other.any || powers.equals(other.powers);
  }

  /** The unit of a sum of both. */
  Unit with(Unit other) {
    return any ? other : this;
  }

  Unit times(Unit other) {
    return product(other, 1);
  }

  Unit per(Unit other) {
    return product(other, -1);
  }

  private Unit product(Unit other, int sign) {
    TreeMap<String, Integer> product = new TreeMap<>(powers);
    other.powers.forEach((code, power) -> product.merge(code, sign * power, Integer::sum));
    product.values().removeIf(power -> power == 0);
    return new Unit(product, any && other.any);
  }

  /** The UCUM code: {@code Cel}, {@code V.A}, {@code W/m2}, {@code 1}. */
  String code() {
    StringBuilder code = new StringBuilder();
    powers.forEach((atom, power) -> {
      if (power > 0) {
        code.append(code.isEmpty() ? "" : ".").append(power(atom, power));
      }
    });
    powers.forEach((atom, power) -> {
      if (power < 0) {
        code.append("/").append(power(atom, -power));
      }
    });
    return code.isEmpty() ? "1" : code.toString();
  }

  private String power(String atom, int power) {
    boolean plain = atom.matches("[A-Za-z%]+");
    String base = plain || powers.size() == 1 && power == 1 ? atom : "(" + atom + ")";
    return power == 1 ? base : base + power;
  }
}
