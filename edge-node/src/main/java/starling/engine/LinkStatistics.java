package starling.engine;

/**
 * How one link is used.
 *
 * @param up whether frames can leave
 * @param inFlight frames handed over that were not reported on yet
 * @param utilisation this node's share of the medium over the last minute, 0 to 1
 * @param budget the share that it may have of any minute
 * @param legalUtilisation its share of the last hour; 0 on a network that no law limits
 */
public record LinkStatistics(
    boolean up, int inFlight, double utilisation, double budget, double legalUtilisation) {}
