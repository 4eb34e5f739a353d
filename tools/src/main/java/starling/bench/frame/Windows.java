package starling.bench.frame;

import java.util.ArrayList;
import java.util.List;

/** A node's whole windows: what it says in them, and what it costs a neighbour to hear that. */
final class Windows {
  private final Cell cell = Cell.create();
  private final DrivenNode alone = cell.node(0);
  private final DrivenNode speaker = cell.node(0);
  private final DrivenNode listener = cell.node(1);
  private List<DrivenNode.Frame> frames = List.of();

  /** Readings become frames. */
  Case encode() {
    return new Case("encode", "a window's four readings become sealed frames", this::encode);
  }

  /** Frames become a neighbour's readings. */
  Case decode() {
    return new Case("decode", "such a frame is opened, read and held", this::prepare, this::decode);
  }

  private long encode(int windows) {
    long bytes = 0;
    for (int i = 0; i < windows; i++) {
      for (DrivenNode.Frame frame : alone.liveWindow()) {
        bytes += frame.bytes().length;
      }
    }
    return bytes;
  }

  private void prepare(int operations) {
    frames = new ArrayList<>(operations);
    while (frames.size() < operations) {
      frames.addAll(speaker.liveWindow());
    }
  }

  private long decode(int operations) {
    long bytes = 0;
    long before = listener.framesHeard();
    for (DrivenNode.Frame frame : frames.subList(0, operations)) {
      listener.hear(frame);
      bytes += frame.bytes().length;
    }
    long heard = listener.framesHeard() - before;
    if (heard < operations) {
      throw new IllegalStateException("of " + operations + " frames " + heard + " were read");
    }
    return bytes;
  }
}
