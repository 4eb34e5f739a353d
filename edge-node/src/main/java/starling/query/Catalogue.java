package starling.query;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import starling.model.Channel;
import starling.model.Schema;

/** Which channels a query can name. */
final class Catalogue {
  private final String text;
  private final List<Schema> schemas;

  /**
   * @param text the query, for errors
   */
  Catalogue(String text, List<Schema> schemas) {
    this.text = text;
    this.schemas = schemas;
  }

  /**
   * A channel as the schemas declare it: at least once, with the same unit and decimals each time.
   *
   * @param column where the query names it
   */
  List<Channel> channels(String name, int column) throws QueryException {
    List<Channel> found = new ArrayList<>();
    for (Schema schema : schemas) {
      for (Channel channel : schema.channels()) {
        if (channel.name().equals(name)) {
          found.add(channel);
        }
      }
    }
    if (found.isEmpty()) {
      throw new QueryException(text, column, unknown(name));
    }
    Channel first = found.getFirst();
    for (Channel other : found) {
      if (!other.unit().equals(first.unit()) || other.decimals() != first.decimals()) {
        throw new QueryException(text, column, disagreement(first, other));
      }
    }
    return found;
  }

  private String unknown(String name) {
    SortedSet<String> names = new TreeSet<>();
    schemas.forEach(schema -> schema.channels().forEach(channel -> names.add(channel.name())));
    return "no node has a channel "
        + name
        + Nearest.hint(name, names)
        + " There are: "
        + String.join(", ", names);
  }

  private static String disagreement(Channel one, Channel other) {
    return "schemas disagree on "
        + one.name()
        + ": "
        + described(one)
        + " and "
        + described(other)
        + "; rename one of the channels";
  }

  private static String described(Channel channel) {
    return channel.unit() + " with " + channel.decimals() + " decimals";
  }
}
