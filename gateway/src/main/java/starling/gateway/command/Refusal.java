package starling.gateway.command;

/** A message that is no command, or none that is acted on. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;
  private final String id;
  private final Reason reason;

  /**
   * @param id the command's; empty if it says none
   * @param text what was wrong, and what would be right
   */
  Refusal(String id, Reason reason, String text) {
    super(text, null, false, false);
    this.id = id;
    this.reason = reason;
  }

  String id() {
    return id;
  }

  Reason reason() {
    return reason;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
