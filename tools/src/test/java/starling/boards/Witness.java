package starling.boards;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Whoever hears all that is on a channel, holds the site's key, and reads what lies on boards'
 * cards when their power is off. It keeps all that was ever said of each window, each frame counter
 * of each boot, and what contradicts what was there before.
 */
final class Witness {
  private static final int ZONE = 5;
  private static final int OWN = 0;
  private static final int ROWS = 1;
  private static final int LAST = 1 << 3;

  private static final int RECORD_HEADER_BYTES = 15;
  private static final int SEALS_FROM = 16;
  private static final int SEALS_TO = 24;

  /** Where it was seen what a node says of a window. */
  enum Place {
    AIR,
    CARD
  }

  /** One node's window. */
  private record Window(int slot, int pace, long endMillis) {}

  /** What was said of it first, and where it was seen since. */
  private record Saying(String content, Set<Place> seen) {}

  /** A frame that nobody's keys have opened yet. */
  private record Sealed(byte[] frame, long atMillis) {}

  private final byte[] siteKey;
  private final long windowMillis;
  private final Map<String, Packets> stations = new HashMap<>();
  private final Map<Integer, List<Opening.Boot>> boots = new TreeMap<>(); // by slot, in order
  private final Map<String, Integer> slots = new HashMap<>(); // by station
  private final Map<Opening.Boot, Set<Integer>> counters = new HashMap<>();
  private final Map<Window, Saying> windows = new LinkedHashMap<>();
  private final List<Sealed> sealed = new ArrayList<>();
  private final List<String> contradictions = new ArrayList<>();

  /**
   * A witness that has seen nothing.
   *
   * @param siteKey 32 bytes
   */
  Witness(byte[] siteKey, long windowMillis) {
    this.siteKey = siteKey.clone();
    this.windowMillis = windowMillis;
  }

  /** A packet was on the air. */
  synchronized void hear(String station, byte[] packet) {
    long nowMillis = System.currentTimeMillis();
    for (byte[] frame : stations.computeIfAbsent(station, _ -> new Packets()).frames(packet)) {
      slots.put(station, frame[3] & 0xFF);
      hear(new Sealed(frame, nowMillis));
    }
  }

  private void hear(Sealed frame) {
    if (Opening.introduces(frame.frame())) {
      Opening.Boot boot = Opening.introduction(frame.frame());
      List<Opening.Boot> known =
          boots.computeIfAbsent(frame.frame()[3] & 0xFF, _ -> new ArrayList<>());
      if (!known.contains(boot) && opens(frame, boot)) {
        introduce(known, boot);
        List<Sealed> again = List.copyOf(sealed);
        sealed.clear();
        again.forEach(this::hear);
        return;
      }
    }
    List<Opening.Boot> known = boots.getOrDefault(frame.frame()[3] & 0xFF, List.of());
    if (known.reversed().stream().noneMatch(boot -> opens(frame, boot))) {
      sealed.add(frame);
    }
  }

  private void introduce(List<Opening.Boot> known, Opening.Boot boot) {
    for (Opening.Boot before : known) {
      if (before.node() == boot.node() && before.generation() >= boot.generation()) {
        contradictions.add(boot + " came after " + before);
      }
    }
    known.add(boot);
  }

  /** Whether it is a frame of this boot, which is noted. */
  private boolean opens(Sealed sealed, Opening.Boot boot) {
    byte[] frame = sealed.frame();
    try {
      Optional<byte[]> sections = Opening.sections(frame, siteKey, boot);
      sections.ifPresent(plain -> {
        int counter = ByteBuffer.wrap(frame).getInt(4) >>> 8;
        if (!counters.computeIfAbsent(boot, _ -> new HashSet<>()).add(counter)) {
          contradictions.add(boot + " has sent two frames with counter " + counter);
        }
        try {
          read(frame[3] & 0xFF, ByteBuffer.wrap(plain), sealed.atMillis());
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
          contradictions.add(boot + " has sent a malformed frame: " + e);
        }
      });
      return sections.isPresent();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void read(int slot, ByteBuffer sections, long atMillis) {
    while (sections.hasRemaining()) {
      int first = sections.get() & 0xFF;
      int length = (first & LAST) != 0 ? sections.remaining() : sections.get() & 0xFF;
      ByteBuffer body = sections.slice(sections.position(), length);
      sections.position(sections.position() + length);
      if (first >>> 4 == ZONE && (first & 7) == OWN) {
        Window window = window(slot, body.get(), atMillis);
        say(Place.AIR, window, rest(body));
      } else if (first >>> 4 == ZONE && (first & 7) == ROWS) {
        while (body.hasRemaining()) {
          byte code = body.get();
          Window window = window(body.get() & 0xFF, code, atMillis);
          byte[] row = new byte[body.get() & 0xFF];
          body.get(row);
          say(Place.AIR, window, row);
        }
      }
    }
  }

  /** The window of that code that is nearest to when it was said. */
  private Window window(int slot, byte code, long atMillis) {
    int pace = code & 7;
    long lengthMillis = windowMillis << pace;
    long now = atMillis / lengthMillis;
    long ahead = ((code & 0xFF) >>> 3) - now & 31;
    long index = ahead < 16 ? now + ahead : now + ahead - 32;
    return new Window(slot, pace, (index + 1) * lengthMillis);
  }

  /**
   * What a node's log has on its card: records of {@code CRC 4 | length 2 | protocol 1 | key 8 |
   * value}, of which those of sealed windows are {@code cell 2 | slot 1 | pace 1 | end 6 | row}. A
   * torn end is no statement.
   */
  synchronized void read(byte[] log) {
    ByteBuffer from = ByteBuffer.wrap(log);
    while (from.remaining() >= RECORD_HEADER_BYTES) {
      int sum = from.getInt();
      int begin = from.position();
      int length = from.getShort() & 0xFFFF;
      int protocol = from.get();
      long key = from.getLong();
      if (length > from.remaining() || sum != sum(log, begin, from.position() + length)) {
        return;
      }
      ByteBuffer value = from.slice(from.position(), length);
      from.position(from.position() + length);
      if (protocol == ZONE && key >= SEALS_FROM && key < SEALS_TO && length > 0) {
        value.getShort();
        int slot = value.get() & 0xFF;
        int pace = value.get();
        long endMillis = (value.getShort() & 0xFFFFL) << 32 | value.getInt() & 0xFFFF_FFFFL;
        say(Place.CARD, new Window(slot, pace, endMillis), rest(value));
      }
    }
  }

  private static int sum(byte[] log, int from, int to) {
    CRC32C sum = new CRC32C();
    sum.update(log, from, to - from);
    return (int) sum.getValue();
  }

  private static byte[] rest(ByteBuffer from) {
    byte[] rest = new byte[from.remaining()];
    from.get(rest);
    return rest;
  }

  private void say(Place place, Window window, byte[] row) {
    String content = HexFormat.of().formatHex(row);
    Saying first =
        windows.computeIfAbsent(window, _ -> new Saying(content, EnumSet.noneOf(Place.class)));
    first.seen().add(place);
    if (!first.content().equals(content)) {
      contradictions.add(
          window + " was " + first.content() + " and is " + content + ", by the " + place);
    }
  }

  /** What can't be true together; empty if all can. */
  synchronized List<String> contradictions() {
    return List.copyOf(contradictions);
  }

  /** How many frames there were that nobody who was ever introduced has sealed. */
  synchronized int foreign() {
    return sealed.size();
  }

  /** How many frames were opened. */
  synchronized int opened() {
    return counters.values().stream().mapToInt(Set::size).sum();
  }

  /** The last boot in which the node with this radio was heard; 0 if it was not yet. */
  synchronized long boot(String station) {
    return boots.getOrDefault(slots.getOrDefault(station, -1), List.of()).stream()
        .mapToLong(Opening.Boot::generation)
        .max()
        .orElse(0);
  }

  @Override
  public String toString() {
    return "%d frames opened, %d not; %d windows on the air, %d on cards, %d of them in both places"
        .formatted(
            opened(),
            foreign(),
            windows(EnumSet.of(Place.AIR)),
            windows(EnumSet.of(Place.CARD)),
            windows(EnumSet.allOf(Place.class)));
  }

  /** How many windows were seen in all of these places. */
  synchronized long windows(Set<Place> places) {
    return windows.values().stream().filter(said -> said.seen().containsAll(places)).count();
  }
}
