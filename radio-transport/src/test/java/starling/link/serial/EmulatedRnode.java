package starling.link.serial;

import java.io.IOException;
import java.nio.file.Path;

/** A board on a pseudo-terminal that is deaf until it has booted. */
final class EmulatedRnode implements AutoCloseable {
  private static final long BOOT_NANOS = 300_000_000L;

  private final RnodeBoard board;
  private final KissOnPty line;
  private final long poweredNanos = System.nanoTime();
  private boolean booted;

  EmulatedRnode(Path path, RnodeBoard board) throws IOException {
    this.board = board;
    line = new KissOnPty(path, this::obey);
    line.start();
  }

  private void obey(byte[] message) {
    if (System.nanoTime() - poweredNanos < BOOT_NANOS) {
      return;
    }
    if (!booted) {
      booted = true;
      line.says(board.boot());
    }
    line.says(board.obey(message));
  }

  /** A frame from the air. */
  void hears(byte[] frame) {
    line.says(board.hears(frame));
  }

  /** Its own power fails for a moment; the port stays. */
  void resets() {
    line.says(board.boot());
  }

  @Override
  public void close() {
    line.close();
  }
}
