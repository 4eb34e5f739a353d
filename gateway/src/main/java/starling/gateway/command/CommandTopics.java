package starling.gateway.command;

import java.util.List;
import java.util.Optional;
import starling.model.Names;

/**
 * Where a gateway's commands come and their results go.
 *
 * <pre>
 * starling/&lt;site&gt;/command/&lt;target&gt;/&lt;verb&gt;           in
 * starling/&lt;site&gt;/command/&lt;target&gt;/&lt;verb&gt;/result    out
 * </pre>
 */
final class CommandTopics {
  private final String base;
  private final String gateway;

  CommandTopics(String site, String gateway) {
    this.base = "starling/" + Names.check(site) + "/command/";
    this.gateway = Names.check(gateway);
  }

  /**
   * What a topic says.
   *
   * @param any whether it is for whichever gateway is the first, not for this one by name
   * @param verb what to do
   * @param result where its result goes
   */
  record Line(boolean any, String verb, String result) {}

  /** What to subscribe to. */
  List<String> filters() {
    return List.of(base + gateway + "/+", base + Commands.ANY + "/+");
  }

  /** What a topic says; empty if a result could go nowhere. */
  Optional<Line> read(String topic) {
    int last = topic.lastIndexOf('/');
    String target = topic.substring(Math.min(base.length(), last), last);
    try {
      String verb = Names.check(topic.substring(last + 1));
      return Optional.of(new Line(!target.equals(gateway), verb, topic + "/result"));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
