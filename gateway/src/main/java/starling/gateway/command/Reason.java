package starling.gateway.command;

import java.util.Locale;

/** Why a command was refused, or nothing came of it. */
enum Reason {
  /** The broker kept it for whoever comes: nobody says it now. */
  RETAINED,
  /** It is longer than any command. */
  OVERSIZED,
  /** It is no object with an id, an expiry and what its verb takes. */
  MALFORMED,
  /** There is no such verb, zone or query. */
  UNKNOWN,
  /** It is too late for it. */
  EXPIRED,
  /** A command with this id was acted on already. */
  REPEATED,
  /** There are more than there may be at a time. */
  BUSY,
  /** Nobody who knows answered in time. */
  UNANSWERED,
  /** There is nothing to tell yet. */
  UNREADY;

  /** As a result says it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
