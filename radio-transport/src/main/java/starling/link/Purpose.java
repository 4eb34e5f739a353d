package starling.link;

/** What a frame is for: by it a node's share of the channel is measured. */
public enum Purpose {
  /** What a node has to say when something has changed. */
  NEWS,

  /**
   * On a broadcast medium, what each says once a window: paced as it is, it may use what was left
   * of the share for some time before.
   */
  OWN,

  /**
   * On a broadcast medium, what others missed of that: the same, but only while all that is heard
   * on the channel keeps well within its target.
   */
  REPAIR,

  /** May use what is kept for alarms. */
  ALARM
}
