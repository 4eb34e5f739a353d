package starling.gateway.command;

import java.util.List;
import starling.gateway.inquiry.Inquirer;

/** What a gateway can be told to do. Nothing of it changes the site. */
sealed interface Verb {
  /** All there are, as in topics. */
  List<String> NAMES = List.of("rows", "announce", "status");

  /**
   * Tell the rows inside a zone.
   *
   * @param zone its path; empty for the root
   * @param query a standing query's name; empty for all
   * @param timeoutSeconds when to give up
   */
  record Rows(String zone, String query, int timeoutSeconds) implements Verb {
    private static final List<String> KEYS = List.of("zone", "query", "timeout_s");

    static Rows read(Members members) throws Refusal {
      members.only(KEYS);
      return new Rows(
          members.text("zone"),
          members.text("query"),
          members.number("timeout_s", 1, Inquirer.PATIENCE_MAX_SECONDS, Inquirer.PATIENCE_SECONDS));
    }
  }

  /** Publish all that is to be retained once more. */
  record Announce() implements Verb {}

  /** Tell how the gateway is. */
  record Status() implements Verb {}

  /** What a name stands for, with what a payload says of it. */
  static Verb read(String name, Members members) throws Refusal {
    return switch (name) {
      case "rows" -> Rows.read(members);
      case "announce" -> {
        members.only(List.of());
        yield new Announce();
      }
      case "status" -> {
        members.only(List.of());
        yield new Status();
      }
      default ->
          throw members.refusal(
              Reason.UNKNOWN, "no verb " + name + "; there are " + String.join(", ", NAMES));
    };
  }
}
