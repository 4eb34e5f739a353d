package starling.inquiry;

import java.util.BitSet;
import starling.engine.RowSource;

/** A neighbour that waits for a listing, and what it still lacks of it. */
final class Asker {
  final Peer peer;
  final int id;

  /** As it was asked. */
  final Question question;

  /** Bytes that it wants to be told. */
  final BitSet wanted = new BitSet();

  /** Whether it should hear that it was heard. */
  boolean waits;

  /** When it is forgotten unless it asks again. */
  long untilNanos;

  Asker(Peer peer, int id, Question question) {
    this.peer = peer;
    this.id = id;
    this.question = question;
  }

  /** It asked, perhaps again. */
  void wants(Message.Ask ask, Copy copy, long until) {
    untilNanos = until;
    waits = !copy.complete();
    wanted.clear();
    int[] gaps = ask.gaps();
    if (gaps.length == 0 || ask.stamp() != copy.stamp()) {
      wanted.set(0, RowSource.LISTING_MAX_BYTES);
      return;
    }
    for (int i = 0; i < gaps.length; i += 2) {
      wanted.set(gaps[i], i + 1 < gaps.length ? gaps[i + 1] : RowSource.LISTING_MAX_BYTES);
    }
  }
}
