package starling.bench.frame;

import starling.bench.Sample;

/**
 * What a case costs, an operation; a value a round.
 *
 * @param nanos processor time
 * @param allocated bytes of heap
 * @param frameBytes bytes of frames, on average over all rounds
 */
record Cost(Sample nanos, Sample allocated, double frameBytes) {}
