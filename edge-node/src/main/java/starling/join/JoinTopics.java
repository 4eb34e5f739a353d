package starling.join;

/** Where requests and answers pass a broker: QoS 1 at most, nothing retained. */
public final class JoinTopics {
  private static final String PREFIX = "starling-join/";

  private JoinTopics() {}

  /** Where the boards of a site ask. */
  public static String ask(String site) {
    return PREFIX + site + "/ask";
  }

  /** Where a board asks. */
  public static String ask(JoinRequest request) {
    return ask(request.card().site());
  }

  /** Where a board listens. */
  public static String told(JoinRequest request) {
    return told(request.card().site(), request.id());
  }

  /** Where the board listens whose request has this id. */
  public static String told(String site, String id) {
    return PREFIX + site + "/told/" + id;
  }
}
