package starling.keys;

import java.io.IOException;
import java.nio.file.Path;

/** Who a card's board becomes: a node of the roster ({@link Enrolment}), or a {@link Guest}. */
public interface Admission {
  /** What no other board has: its id, or its invite's. */
  String label() throws IOException;

  /**
   * Writes the files that only this board has into a directory that is made for them.
   *
   * @param state where it keeps what must outlive a power cut
   */
  void write(Path directory, String state) throws IOException;

  /** The card is done. */
  default void done() throws IOException {}

  /** The card could not be written. */
  default void undo() throws IOException {}
}
