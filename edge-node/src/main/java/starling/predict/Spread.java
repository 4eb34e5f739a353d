package starling.predict;

/**
 * How one change spreads.
 *
 * @param all rounds until the last member knows it
 * @param member rounds until any one of the others knows it
 * @param frames what is sent until the last member knows, on average: pushes, requests, answers
 */
public record Spread(Rounds all, Rounds member, double frames) {}
