package starling.engine;

/**
 * What an engine counted since it started.
 *
 * @param framesSent handed to a link and gone
 * @param framesHeard authentic and new
 * @param framesRefused of ours by their looks, but not believed
 * @param noise not frames at all
 * @param airtimeMicros permitted by the ledgers, over all links
 * @param utilisation the busiest link's share of its medium over the last minute, 0 to 1
 */
public record Statistics(
    long framesSent,
    long framesHeard,
    long framesRefused,
    long noise,
    long airtimeMicros,
    double utilisation) {}
