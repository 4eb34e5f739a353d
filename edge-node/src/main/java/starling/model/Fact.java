package starling.model;

/** What a protocol publishes for those after it. */
public sealed interface Fact permits NetworkTime, Charter, Members, Reach, Pace, Counterparts {}
