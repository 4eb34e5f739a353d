package starling.flash.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * The eleven bytes under which a FAT directory has a file, beside its long name. Source: FAT
 * specification 1.03, "Short Directory Entries" and "The Basis-Name Generation Algorithm".
 *
 * @param bytes eight of the name, three of the ending, filled up with blanks
 */
record ShortName(byte[] bytes) {
  static final int BYTES = 11;
  private static final int BASE = 8;
  private static final int TAIL_MAX = 999_999;
  private static final String ALLOWED = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789$%'-_@~`!(){}^#&";

  /** Whether a name needs no long one beside it. */
  static boolean suffices(String name) {
    return plain(base(name), BASE).equals(base(name))
        && plain(ending(name), BYTES - BASE).equals(ending(name))
        && name.equals(base(name) + (ending(name).isEmpty() ? "" : "." + ending(name)));
  }

  /** One that is free, for a long name. */
  static ShortName of(String name, Predicate<ShortName> taken) {
    if (suffices(name)) {
      return of(base(name), ending(name));
    }
    String upper = name.toUpperCase(Locale.ROOT);
    String base = plain(base(upper), BASE);
    for (int i = 1; i <= TAIL_MAX; i++) {
      String tail = "~" + i;
      String cut = base.substring(0, Math.min(base.length(), BASE - tail.length()));
      ShortName one = of(cut + tail, plain(ending(upper), BYTES - BASE));
      if (!taken.test(one)) {
        return one;
      }
    }
    throw new IllegalStateException("a directory with a million names like " + name);
  }

  private static ShortName of(String base, String ending) {
    byte[] bytes = new byte[BYTES];
    Arrays.fill(bytes, (byte) ' ');
    System.arraycopy(base.getBytes(US_ASCII), 0, bytes, 0, base.length());
    System.arraycopy(ending.getBytes(US_ASCII), 0, bytes, BASE, ending.length());
    return new ShortName(bytes);
  }

  private static String base(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static String ending(String name) {
    return name.substring(Math.min(name.length(), base(name).length() + 1));
  }

  private static String plain(String part, int max) {
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i < part.length() && kept.length() < max; i++) {
      char letter = part.charAt(i);
      if (ALLOWED.indexOf(letter) >= 0) {
        kept.append(letter);
      } else if (letter != ' ' && letter != '.') {
        kept.append('_');
      }
    }
    return kept.toString();
  }

  /** As a person reads it; lower case where the entry's flags say so. */
  String text(int caseFlags) {
    String base = new String(bytes, 0, BASE, US_ASCII).stripTrailing();
    String ending = new String(bytes, BASE, BYTES - BASE, US_ASCII).stripTrailing();
    base = (caseFlags & 0x08) == 0 ? base : base.toLowerCase(Locale.ROOT);
    ending = (caseFlags & 0x10) == 0 ? ending : ending.toLowerCase(Locale.ROOT);
    return ending.isEmpty() ? base : base + "." + ending;
  }

  /** By which the parts of a long name are known to belong to it. */
  byte checksum() {
    int sum = 0;
    for (byte one : bytes) {
      sum = ((sum & 1) << 7) + (sum >> 1) + (one & 0xFF) & 0xFF;
    }
    return (byte) sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ShortName name && Arrays.equals(bytes, name.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
