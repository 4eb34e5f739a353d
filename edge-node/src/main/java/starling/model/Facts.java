package starling.model;

/**
 * What one protocol may know of the others: an immutable snapshot, in the order of who builds on
 * whom.
 *
 * @param self which node this is
 * @param time from {@code starling.clock}
 * @param charter from {@code starling.charter}
 * @param members from {@code starling.membership}
 * @param pace from {@code starling.zone}
 * @param counterparts from {@code starling.zone}
 */
public record Facts(
    Self self,
    NetworkTime time,
    Charter charter,
    Members members,
    Pace pace,
    Counterparts counterparts) {
  /** What a node knows when it wakes up. */
  public static Facts of(Self self, Charter charter) {
    return new Facts(
        self, NetworkTime.UNKNOWN, charter, Members.NONE, Pace.NONE, Counterparts.NONE);
  }

  /** The same with one fact replaced. */
  public Facts with(Fact fact) {
    return switch (fact) {
      case NetworkTime next -> new Facts(self, next, charter, members, pace, counterparts);
      case Charter next -> new Facts(self, time, next, members, pace, counterparts);
      case Members next -> new Facts(self, time, charter, next, pace, counterparts);
      case Pace next -> new Facts(self, time, charter, members, next, counterparts);
      case Counterparts next -> new Facts(self, time, charter, members, pace, next);
    };
  }

  /** The same in another boot. */
  public Facts with(Self next) {
    return new Facts(next, time, charter, members, pace, counterparts);
  }
}
