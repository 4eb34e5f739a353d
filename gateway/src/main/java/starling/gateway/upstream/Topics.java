package starling.gateway.upstream;

import java.util.List;
import java.util.Optional;
import starling.model.Names;

/**
 * Where things are published: {@code starling/<site>/...}. A zone's path begins with the site's own
 * name, and each segment below becomes a level, so that access rules and bridges are prefixes.
 * Names that {@link Names} does not allow are refused: no name can add a level or a wildcard.
 */
public final class Topics {
  /** The deepest path, in segments. */
  static final int SEGMENTS_MAX = 16;

  private final String site;
  private final String base;

  /**
   * @param site the root zone's name
   */
  public Topics(String site) {
    this.site = Names.check(site);
    this.base = "starling/" + site + "/";
  }

  /**
   * A query's answer for a zone.
   *
   * @param zone its path: {@code /orchard/north}
   */
  public String zone(String zone, String query) {
    return base + "zone" + below(zone) + "/" + Names.check(query);
  }

  /** All zones' answers: a filter to subscribe to. */
  public String zones() {
    return base + "zone/#";
  }

  /**
   * Something of a node.
   *
   * @param node its path: {@code /orchard/north/n7}
   * @param what {@code latest}, {@code status} or {@code health}
   */
  public String node(String node, String what) {
    String path = below(node);
    if (path.isEmpty()) {
      throw new IllegalArgumentException("a node is below a zone, not '" + node + "'");
    }
    return base + "node" + path + "/" + Names.check(what);
  }

  /**
   * Something of a gateway.
   *
   * @param what {@code status} or {@code info}
   */
  public String gateway(String name, String what) {
    return base + "gateway/" + Names.check(name) + "/" + Names.check(what);
  }

  /** Something of all gateways: a filter to subscribe to. */
  public String gateways(String what) {
    return base + "gateway/+/" + Names.check(what);
  }

  /** The name of the gateway whose topic this is; empty for other topics. */
  Optional<String> gatewayOf(String topic) {
    String above = base + "gateway/";
    int last = topic.lastIndexOf('/');
    return topic.startsWith(above) && last > above.length()
        ? Optional.of(topic.substring(above.length(), last))
        : Optional.empty();
  }

  /** An event. */
  public String event(String kind) {
    return base + "event/" + Names.check(kind);
  }

  /** The path of the zone or node whose topic this is; empty for other topics. */
  Optional<String> path(String topic) {
    int last = topic.lastIndexOf('/');
    for (String kind : List.of("zone", "node")) {
      String above = base + kind;
      if (topic.startsWith(above + "/")) {
        return Optional.of("/" + site + topic.substring(above.length(), last));
      }
    }
    return Optional.empty();
  }

  /** What follows the root zone in a path: empty, or {@code /north}. */
  private String below(String path) {
    String[] segments = path.split("/", SEGMENTS_MAX + 2);
    if (segments.length < 2
        || segments.length > SEGMENTS_MAX + 1
        || !segments[0].isEmpty()
        || !segments[1].equals(site)) {
      throw new IllegalArgumentException(
          "paths here are /" + site + "/..., at most " + SEGMENTS_MAX + " deep: '" + path + "'");
    }
    StringBuilder below = new StringBuilder();
    for (int i = 2; i < segments.length; i++) {
      below.append('/').append(Names.check(segments[i]));
    }
    return below.toString();
  }
}
