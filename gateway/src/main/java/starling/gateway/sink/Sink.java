package starling.gateway.sink;

import java.io.IOException;
import java.util.List;
import starling.gateway.history.Point;

/** Where points go. The same point may come again, and is then no second one. */
public interface Sink extends AutoCloseable {
  /** Under which name points wait for it. */
  String name();

  /**
   * Writes all of them, or none, or some of them.
   *
   * @throws Refused if it will never take them
   * @throws IOException if it may take them later
   */
  void write(List<Point> points) throws IOException;

  @Override
  void close();

  /** It is there, and does not take just these. */
  final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    Refused(String why) {
      super(why);
    }
  }
}
