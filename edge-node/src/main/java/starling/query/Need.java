package starling.query;

import java.util.OptionalLong;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/**
 * What a plan keeps of one measure besides how many values there are.
 *
 * @param binsMax 0 where no quantile is asked for; else smallest and largest are kept too
 */
record Need(Measure measure, boolean sum, boolean sumSquares, boolean min, boolean max, int binsMax)
    implements Part {

  /** Only counts. */
  static Need of(Measure measure) {
    return new Need(measure, false, false, false, false, 0);
  }

  Need and(Expression.Statistic statistic) {
    return switch (statistic) {
      case COUNT -> this;
      case SUM, AVG -> new Need(measure, true, sumSquares, min, max, binsMax);
      case STDDEV -> new Need(measure, true, true, min, max, binsMax);
      case MIN -> new Need(measure, sum, sumSquares, true, max, binsMax);
      case MAX -> new Need(measure, sum, sumSquares, min, true, binsMax);
    };
  }

  Need andBins(int bins) {
    return new Need(measure, sum, sumSquares, true, true, Math.max(binsMax, bins));
  }

  @Override
  public String text() {
    return measure.text();
  }

  long lowest() {
    return measure.lowest();
  }

  long highest() {
    return measure.highest();
  }

  boolean bins() {
    return binsMax > 0;
  }

  @Override
  public Tally none() {
    return new Tally(this, 0, 0, 0, 0, 0, Bins.NONE);
  }

  @Override
  public Tally of(Sample sample) {
    OptionalLong steps = measure.steps(sample);
    return steps.isPresent() ? Tally.of(this, steps.getAsLong()) : none();
  }

  @Override
  public Tally decode(WireReader from, int nodes) throws MalformedException {
    return Tally.decode(from, this, nodes);
  }

  @Override
  public int bytesMax(int nodes) {
    return Tally.bytesMax(this, nodes);
  }
}
