package starling.gateway.broker;

import java.util.Locale;

/**
 * What a user may do on some topics.
 *
 * @param kind what
 * @param filter where: an MQTT topic filter
 */
record Right(Kind kind, String filter) {
  /** What may be done on a topic. */
  enum Kind {
    /** To hear what is published there. */
    READ,
    /** To publish there. */
    WRITE,
    /** Both. */
    ALL
  }

  Right {
    check(filter);
  }

  /** What a word and a filter stand for. */
  static Right of(String word, String filter) {
    for (Kind kind : Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
        return new Right(kind, filter);
      }
    }
    throw new IllegalArgumentException("a right is read, write or all, not '" + word + "'");
  }

  /** Whether it allows to publish on a topic. */
  boolean write(String topic) {
    return kind != Kind.READ && covers(filter, topic);
  }

  /** Whether it allows to subscribe with a filter, so to hear all that this one matches. */
  boolean read(String wanted) {
    return kind != Kind.WRITE && covers(filter, wanted);
  }

  private static void check(String filter) {
    String[] levels = filter.split("/", -1);
    for (int i = 0; i < levels.length; i++) {
      boolean wild = levels[i].contains("#") || levels[i].contains("+");
      boolean last = i == levels.length - 1;
      if (wild && !(levels[i].equals("+") || levels[i].equals("#") && last)) {
        throw new IllegalArgumentException("no topic filter: '" + filter + "'");
      }
    }
  }

  /** Whether all that one filter matches (MQTT 3.1.1, section 4.7) the other one does, too. */
  private static boolean covers(String wide, String narrow) {
    if (narrow.startsWith("$") && !wide.startsWith("$")) {
      return false;
    }
    String[] levels = wide.split("/", -1);
    String[] wanted = narrow.split("/", -1);
    for (int i = 0; i < levels.length; i++) {
      if (levels[i].equals("#")) {
        return true;
      }
      if (i == wanted.length || wanted[i].equals("#")) {
        return false;
      }
      if (!levels[i].equals("+") && !levels[i].equals(wanted[i])) {
        return false;
      }
    }
    return levels.length == wanted.length;
  }
}
