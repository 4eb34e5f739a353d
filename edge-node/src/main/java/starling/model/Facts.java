package starling.model;

/**
 * What one protocol may know of the others: an immutable snapshot, in the order of who builds on
 * whom.
 *
 * @param self which node this is
 * @param time from {@code starling.clock}
 * @param charter from {@code starling.charter}
 * @param members from {@code starling.membership}
 * @param reach from {@code starling.membership}
 * @param pace from {@code starling.zone}
 * @param counterparts from {@code starling.zone}
 */
public record Facts(
    Self self,
    NetworkTime time,
    Charter charter,
    Members members,
    Reach reach,
    Pace pace,
    Counterparts counterparts) {
  /** What a node knows when it wakes up. */
  public static Facts of(Self self, Charter charter) {
    return new Facts(
        self, NetworkTime.UNKNOWN, charter, Members.NONE, Reach.ALL, Pace.NONE, Counterparts.NONE);
  }

  /** The same with one fact replaced. */
  public Facts with(Fact fact) {
    return switch (fact) {
      case NetworkTime next -> new Facts(self, next, charter, members, reach, pace, counterparts);
      case Charter next -> new Facts(self, time, next, members, reach, pace, counterparts);
      case Members next -> new Facts(self, time, charter, next, reach, pace, counterparts);
      case Reach next -> new Facts(self, time, charter, members, next, pace, counterparts);
      case Pace next -> new Facts(self, time, charter, members, reach, next, counterparts);
      case Counterparts next -> new Facts(self, time, charter, members, reach, pace, next);
    };
  }

  /** The same in another boot. */
  public Facts with(Self next) {
    return new Facts(next, time, charter, members, reach, pace, counterparts);
  }
}
