package starling.query;

import java.util.List;
import starling.model.Channel;
import starling.query.Expression.OfChannel;

/**
 * What a plan keeps of one channel besides how many values there are.
 *
 * @param lowest the smallest value that any schema allows, in steps
 * @param highest the largest
 * @param binsMax 0 where no quantile is asked for; else smallest and largest are kept too
 */
record Need(
    String channel,
    int decimals,
    long lowest,
    long highest,
    boolean sum,
    boolean sumSquares,
    boolean min,
    boolean max,
    int binsMax) {

  /**
   * What the answers about one channel take.
   *
   * @param declared the channel in every schema that has it
   */
  static Need of(List<Channel> declared, List<OfChannel> said, int binsMax) {
    boolean sum = false;
    boolean squares = false;
    boolean min = false;
    boolean max = false;
    boolean bins = false;
    for (OfChannel expression : said) {
      switch (expression) {
        case Expression.Quantile _ -> bins = true;
        case Expression.Of of -> {
          switch (of.statistic()) {
            case COUNT -> {}
            case SUM, AVG -> sum = true;
            case STDDEV -> squares = true;
            case MIN -> min = true;
            case MAX -> max = true;
          }
        }
      }
    }
    Channel any = declared.getFirst();
    return new Need(
        any.name(),
        any.decimals(),
        declared.stream().mapToLong(c -> c.steps(c.minimum())).min().orElseThrow(),
        declared.stream().mapToLong(c -> c.steps(c.maximum())).max().orElseThrow(),
        sum || squares,
        squares,
        min || bins,
        max || bins,
        bins ? binsMax : 0);
  }

  boolean bins() {
    return binsMax > 0;
  }

  boolean accepts(long steps) {
    return steps >= lowest && steps <= highest;
  }
}
