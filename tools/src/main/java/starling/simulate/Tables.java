package starling.simulate;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import starling.charter.Operator;
import starling.engine.Engine;
import starling.engine.Host;
import starling.engine.UnderWay;
import starling.frame.Keyring;
import starling.link.LinkProfile;
import starling.model.Charter;
import starling.model.Member;
import starling.model.Page;
import starling.model.Window;

/**
 * What one node's engine keeps, seen from outside: every object that it leads to is visited, and of
 * each collection and array the entries are counted by the field that holds it. No table may have
 * more than a limit that is written here, and all of them no more than {@value #BYTES_MAX} bytes;
 * neither knows how large the site is. A field that is not named has {@link #ROWS_MAX}, what zones
 * beside a path of the greatest depth amount to.
 *
 * <p>Pages of the charter and keys are left out: the former are the operator's, the latter are
 * bounded by the senders that use them.
 */
final class Tables {
  /** What a node may keep beside the charter, about. */
  static final int BYTES_MAX = 256 << 10;

  private static final int WINDOWS_MAX = Window.LATE_MAX + 4;
  private static final int ROWS_MAX = Charter.DEPTH_MAX * Member.SLOTS_MAX * WINDOWS_MAX;

  /** The limits, by class and field. */
  static final Map<String, Integer> LIMITS =
      Map.ofEntries(
          Map.entry("Senders.boots", 160),
          Map.entry("Senders.counters", 2 * 160),
          Map.entry("Boots.nodes", 256),
          Map.entry("Boots.begun", 257),
          Map.entry("Boots.contests", 256),
          Map.entry("Warnings.seen", 64),
          Map.entry("Introductions$Due.strangers", 12),
          Map.entry("Introductions$Due.taken", 12),
          Map.entry("Answers.promised", 8),
          Map.entry("CellWindows.windows", WINDOWS_MAX),
          Map.entry("Bitmaps.different", Member.SLOTS_MAX),
          Map.entry("UnderWay", 16),
          Map.entry("Inquiries.quests", 24),
          Map.entry("Quest.askers", 4),
          Map.entry("Port.views", Member.SLOTS_MAX + Charter.DEPTH_MAX * 8));

  private static final Set<Class<?>> NOT_ITS_OWN =
      Set.of(
          Charter.class,
          Page.class,
          Host.class,
          LinkProfile.class,
          Keyring.class,
          Operator.class,
          Member.class);

  private static final Map<Class<?>, List<Field>> FIELDS = new HashMap<>();

  private static final int HEADER_BYTES = 16;
  private static final int ENTRY_BYTES = 48;
  private static final int FIELD_BYTES = 6;

  private final Map<String, Integer> sizes = new TreeMap<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Object> unvisited = new ArrayDeque<>();
  private long bytes;

  private Tables() {}

  /** What an engine keeps now. */
  static Tables of(Engine engine) {
    Tables tables = new Tables();
    tables.meet(engine, "Engine");
    while (!tables.unvisited.isEmpty()) {
      tables.visit(tables.unvisited.pop());
    }
    return tables;
  }

  /** About how many bytes of heap, charter and keys aside. */
  long bytes() {
    return bytes;
  }

  /** The most entries of any one table, by class and field. */
  Map<String, Integer> sizes() {
    return sizes;
  }

  /** Of which zones rows are kept. */
  Set<Integer> zones() {
    Set<Integer> zones = new TreeSet<>();
    for (Object one : seen) {
      if (one.getClass().getSimpleName().equals("ZoneRow")) {
        zones.add((Integer) value(one, "zone"));
      }
    }
    return zones;
  }

  private static Object value(Object one, String name) {
    try {
      Field field = one.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return field.get(one);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("renamed?", e);
    }
  }

  /** Tables that are too large, as text. */
  List<String> tooLarge() {
    List<String> tooLarge = new ArrayList<>();
    sizes.forEach((table, size) -> {
      int most = LIMITS.getOrDefault(table, ROWS_MAX);
      if (size > most) {
        tooLarge.add(table + " has " + size + " entries, at most " + most + " are allowed");
      }
    });
    if (bytes > BYTES_MAX) {
      tooLarge.add("keeps " + bytes + " bytes, at most " + BYTES_MAX + " are allowed");
    }
    return tooLarge;
  }

  private void meet(@Nullable Object one, String table) {
    if (one == null || isPlain(one) || isOthers(one) || !seen.add(one)) {
      return;
    }
    switch (one) {
      case Map<?, ?> map -> {
        holds(table, map.size(), ENTRY_BYTES);
        map.forEach((key, value) -> {
          meet(key, table + " key");
          meet(value, table + " value");
        });
      }
      case Collection<?> all -> {
        holds(table, all.size(), ENTRY_BYTES);
        all.forEach(element -> meet(element, table + " element"));
      }
      case Object[] all -> {
        holds(table, all.length, Integer.BYTES);
        for (Object element : all) {
          meet(element, table + " element");
        }
      }
      case long[] all -> holds(table, all.length, Long.BYTES);
      case int[] all -> holds(table, all.length, Integer.BYTES);
      case byte[] all -> bytes += HEADER_BYTES + all.length;
      case UnderWay<?> frames -> {
        sizes.merge("UnderWay", UnderWay.size(frames), Math::max);
        unvisited.push(frames);
      }
      case Optional<?> maybe -> maybe.ifPresent(value -> meet(value, table));
      default -> unvisited.push(one);
    }
  }

  private void holds(String table, int entries, int bytesEach) {
    sizes.merge(table, entries, Math::max);
    bytes += HEADER_BYTES + (long) bytesEach * entries;
  }

  private void visit(Object one) {
    List<Field> fields = FIELDS.computeIfAbsent(one.getClass(), Tables::fields);
    bytes += HEADER_BYTES + (long) FIELD_BYTES * fields.size();
    for (Field field : fields) {
      try {
        meet(field.get(one), name(field));
      } catch (IllegalAccessException e) {
        throw new IllegalStateException("made accessible before", e);
      }
    }
  }

  private static String name(Field field) {
    String type = field.getDeclaringClass().getName();
    return type.substring(type.lastIndexOf('.') + 1) + "." + field.getName();
  }

  /** What leads on: of foreign classes nothing does that a node could fill. */
  private static List<Field> fields(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> at = type; at != null && isOurs(at); at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          field.setAccessible(true);
          fields.add(field);
        }
      }
    }
    return fields;
  }

  private static boolean isOurs(Class<?> type) {
    return type.getName().startsWith("starling.");
  }

  private static boolean isPlain(Object one) {
    return one instanceof Enum<?> || one instanceof String || one instanceof Number;
  }

  private static boolean isOthers(Object one) {
    return NOT_ITS_OWN.stream().anyMatch(type -> type.isInstance(one))
        || one.getClass().getSimpleName().equals("FrameKeys");
  }
}
