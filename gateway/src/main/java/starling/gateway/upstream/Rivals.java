package starling.gateway.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which of the gateways on one broker publishes a zone, by what they say there themselves: the
 * first by name of those that are online and hold it. All come to the same, without a word more;
 * and where they do not, two publish the same bytes.
 */
final class Rivals {
  /** Gateways that are listened to besides ourselves. */
  static final int RIVALS_MAX = 16;

  /** Zones that a gateway says that it holds; of more, it is not known to others. */
  static final int ZONES_MAX = 512;

  private static final class Rival {
    private boolean online;
    private Set<String> zones = Set.of();
  }

  private final String self;
  private final SortedMap<String, Rival> others = new TreeMap<>();
  private final Set<String> zones = new HashSet<>();

  Rivals(String self) {
    this.self = self;
  }

  /** This gateway holds a zone; whether that is new. */
  boolean hold(String zone) {
    return zones.size() < ZONES_MAX && zones.add(zone);
  }

  /** It no longer holds those that match; whether there were any. */
  boolean leave(Predicate<String> which) {
    return zones.removeIf(which);
  }

  /** Another gateway's status or info; whether that changed anything. */
  boolean heard(String name, String what, byte[] payload) {
    Rival rival = others.get(name);
    if (rival == null) {
      if (others.size() >= RIVALS_MAX) {
        return false;
      }
      rival = new Rival();
      others.put(name, rival);
    }
    if (what.equals("status")) {
      boolean was = rival.online;
      rival.online = new String(payload, UTF_8).equals("online");
      return was != rival.online;
    }
    Set<String> before = rival.zones;
    rival.zones = zones(payload);
    return !before.equals(rival.zones);
  }

  /** Whether no other gateway is online. */
  boolean none() {
    for (Rival other : others.values()) {
      if (other.online) {
        return false;
      }
    }
    return true;
  }

  /** How many others go before this gateway in a zone. */
  int before(String zone) {
    int before = 0;
    for (Rival other : others.headMap(self).values()) {
      before += other.online && other.zones.contains(zone) ? 1 : 0;
    }
    return before;
  }

  /** The zones that this gateway publishes first. */
  List<String> publishes() {
    return zones.stream().sorted().filter(zone -> before(zone) == 0).toList();
  }

  /** The zones that it publishes if others do not. */
  List<String> standsBy() {
    return zones.stream().sorted().filter(zone -> before(zone) > 0).toList();
  }

  private static Set<String> zones(byte[] payload) {
    Set<String> zones = new LinkedHashSet<>();
    try {
      JsonObject info = JsonParser.parseString(new String(payload, UTF_8)).getAsJsonObject();
      for (String key : List.of("publishes", "stands_by")) {
        for (JsonElement zone : info.getAsJsonArray(key)) {
          if (zones.size() < ZONES_MAX) {
            zones.add(zone.getAsString());
          }
        }
      }
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | ClassCastException
        | NullPointerException e) {
      return Set.of();
    }
    return zones;
  }
}
