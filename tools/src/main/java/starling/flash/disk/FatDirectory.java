package starling.flash.disk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of one FAT directory, and what they say. An entry is 32 bytes; before it stand the
 * parts of its long name, thirteen UTF-16 units each, last part first. Source: FAT specification
 * 1.03, "Directory Structure" and "Long File Name Implementation".
 *
 * <pre>
 *   short: name 11 | attributes 1 | case 1 | ... | cluster high 2 | time 2 | date 2 | low 2 | size 4
 *   long:  number 1 | units 1-5 | 0x0F | 0 | checksum 1 | units 6-11 | 0 2 | units 12-13
 * </pre>
 */
final class FatDirectory {
  static final int ENTRY_BYTES = 32;

  /** The most that a directory has, by specification: 65,536 entries. */
  static final int BYTES_MAX = 65_536 * ENTRY_BYTES;

  private static final int FREE = 0xE5;
  private static final int LONG = 0x0F;
  private static final int VOLUME = 0x08;
  private static final int DIRECTORY = 0x10;
  private static final int ARCHIVE = 0x20;
  private static final int LAST_PART = 0x40;
  private static final int UNITS = 13;
  private static final int PARTS_MAX = 20;
  private static final int[] UNITS_AT = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};

  private byte[] bytes;
  private boolean dirty;

  /**
   * One file or directory.
   *
   * @param name its long name, or its short one
   * @param at where its short entry stands
   * @param cluster where its bytes begin, 0 if it has none
   */
  record Entry(
      String name, ShortName shortName, boolean directory, int at, int cluster, long sizeBytes) {
    boolean isCalled(String wanted) {
      return name.equalsIgnoreCase(wanted) || shortName.text(0).equalsIgnoreCase(wanted);
    }
  }

  FatDirectory(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A new directory's first cluster: itself and the one that it is in. */
  static FatDirectory fresh(int clusterBytes, int self, int parent, LocalDateTime now) {
    FatDirectory made = new FatDirectory(new byte[clusterBytes]);
    made.put(0, dots("."), DIRECTORY, self, 0, now);
    made.put(ENTRY_BYTES, dots(".."), DIRECTORY, parent, 0, now);
    return made;
  }

  private static ShortName dots(String name) {
    byte[] padded = Arrays.copyOf(name.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 11);
    Arrays.fill(padded, name.length(), padded.length, (byte) ' ');
    return new ShortName(padded);
  }

  byte[] bytes() {
    return bytes;
  }

  boolean dirty() {
    return dirty;
  }

  void clean() {
    dirty = false;
  }

  /** Makes room for more entries. */
  void grow(int by) {
    bytes = Arrays.copyOf(bytes, bytes.length + by);
    dirty = true;
  }

  Optional<Entry> find(String name) {
    return entries().stream().filter(entry -> entry.isCalled(name)).findFirst();
  }

  /** All that is in it, without the volume's label and the dots. */
  List<Entry> entries() {
    List<Entry> found = new ArrayList<>();
    byte[][] parts = new byte[PARTS_MAX + 1][];
    for (int at = 0; at < bytes.length && bytes[at] != 0; at += ENTRY_BYTES) {
      int attributes = bytes[at + 11];
      int first = bytes[at] & 0xFF;
      if (first != FREE && (attributes & 0x3F) == LONG) {
        remember(at, first, parts);
        continue;
      }
      if (first != FREE && first != '.' && (attributes & VOLUME) == 0) {
        found.add(entry(at, parts));
      }
      Arrays.fill(parts, null);
    }
    return found;
  }

  private void remember(int at, int first, byte[][] parts) {
    int number = first & 0x1F;
    if ((first & LAST_PART) != 0) {
      Arrays.fill(parts, null);
    }
    if (number >= 1 && number <= PARTS_MAX) {
      parts[number] = Arrays.copyOfRange(bytes, at, at + ENTRY_BYTES);
    }
  }

  private Entry entry(int at, byte[][] parts) {
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    ShortName name = new ShortName(Arrays.copyOfRange(bytes, at, at + ShortName.BYTES));
    int cluster = (view.getShort(at + 20) & 0xFFFF) << 16 | view.getShort(at + 26) & 0xFFFF;
    return new Entry(
        longName(parts, name.checksum()).orElse(name.text(bytes[at + 12])),
        name,
        (bytes[at + 11] & DIRECTORY) != 0,
        at,
        cluster,
        view.getInt(at + 28) & 0xFFFFFFFFL);
  }

  private static Optional<String> longName(byte[][] parts, byte checksum) {
    StringBuilder name = new StringBuilder();
    for (int i = 1; i <= PARTS_MAX && parts[i] != null; i++) {
      ByteBuffer part = ByteBuffer.wrap(parts[i]).order(ByteOrder.LITTLE_ENDIAN);
      if (part.get(13) != checksum) {
        return Optional.empty();
      }
      for (int at : UNITS_AT) {
        char unit = part.getChar(at);
        if (unit == 0) {
          return Optional.of(name.toString());
        }
        name.append(unit);
      }
    }
    return name.isEmpty() ? Optional.empty() : Optional.of(name.toString());
  }

  /** How many entries a name takes. */
  static int slots(String name) {
    return ShortName.suffices(name) ? 1 : 1 + (name.length() + UNITS - 1) / UNITS;
  }

  /** Where so many free entries follow each other, or -1. */
  int room(int slots) {
    int run = 0;
    boolean ended = false;
    for (int at = 0; at < bytes.length; at += ENTRY_BYTES) {
      ended |= bytes[at] == 0; // all after the first of these are free, whatever they hold
      run = ended || (bytes[at] & 0xFF) == FREE ? run + 1 : 0;
      if (run == slots) {
        return at - (slots - 1) * ENTRY_BYTES;
      }
    }
    return -1;
  }

  /** Writes an entry where {@link #room} has found some. */
  void add(String name, int at, boolean directory, int cluster, long size, LocalDateTime now) {
    int parts = slots(name) - 1;
    int end = at + (parts + 1) * ENTRY_BYTES;
    boolean last = endsBefore(end);
    ShortName shortName =
        ShortName.of(name, one -> entries().stream().anyMatch(e -> e.shortName().equals(one)));
    for (int part = parts; part >= 1; part--) {
      putPart(at + (parts - part) * ENTRY_BYTES, name, part, part == parts, shortName.checksum());
    }
    put(end - ENTRY_BYTES, shortName, directory ? DIRECTORY : ARCHIVE, cluster, size, now);
    if (last && end < bytes.length) {
      bytes[end] = 0; // what lies behind the end of a directory may be anything
    }
  }

  /** Whether a directory's end stands before a place. */
  private boolean endsBefore(int place) {
    for (int at = 0; at < place; at += ENTRY_BYTES) {
      if (bytes[at] == 0) {
        return true;
      }
    }
    return false;
  }

  /** Lets an entry have other bytes than before. */
  void replace(Entry entry, int cluster, long size, LocalDateTime now) {
    int flags = bytes[entry.at() + 12];
    put(entry.at(), entry.shortName(), ARCHIVE, cluster, size, now);
    bytes[entry.at() + 12] = (byte) flags;
  }

  private void putPart(int at, String name, int part, boolean last, byte checksum) {
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    view.put(at, (byte) (last ? part | LAST_PART : part));
    view.put(at + 11, (byte) LONG).put(at + 12, (byte) 0).put(at + 13, checksum);
    view.putShort(at + 26, (short) 0);
    for (int i = 0; i < UNITS; i++) {
      int unit = (part - 1) * UNITS + i;
      int filler = unit == name.length() ? 0 : 0xFFFF;
      view.putChar(at + UNITS_AT[i], unit < name.length() ? name.charAt(unit) : (char) filler);
    }
  }

  private void put(
      int at, ShortName name, int attributes, int cluster, long size, LocalDateTime now) {
    int time = now.getHour() << 11 | now.getMinute() << 5 | now.getSecond() / 2;
    int date = now.getYear() - 1980 << 9 | now.getMonthValue() << 5 | now.getDayOfMonth();
    Arrays.fill(bytes, at, at + ENTRY_BYTES, (byte) 0);
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    view.put(at, name.bytes()).put(at + 11, (byte) attributes);
    view.putShort(at + 14, (short) time).putShort(at + 16, (short) date);
    view.putShort(at + 18, (short) date);
    view.putShort(at + 20, (short) (cluster >>> 16));
    view.putShort(at + 22, (short) time).putShort(at + 24, (short) date);
    view.putShort(at + 26, (short) cluster).putInt(at + 28, (int) size);
    dirty = true;
  }
}
