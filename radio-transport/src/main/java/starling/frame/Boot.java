package starling.frame;

/**
 * One boot of one sender on one link, and the keys of its frames: the same for all who hear it.
 *
 * @param sender where it speaks from, as {@link FrameHeader#sender}
 * @param epoch of the site key that its keys come from
 * @param introduction who it is
 */
record Boot(int sender, int epoch, Introduction introduction, FrameKeys keys) {
  boolean is(int ofEpoch, Introduction introduced) {
    return epoch == ofEpoch && introduction.equals(introduced);
  }

  /** The same, speaking from this place. */
  Boot at(int place) {
    return place == sender ? this : new Boot(place, epoch, introduction, keys);
  }
}
