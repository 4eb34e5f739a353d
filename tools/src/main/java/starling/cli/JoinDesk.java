package starling.cli;

import java.io.IOException;
import java.util.List;
import starling.join.JoinRequest;

/** A desk where boards ask to join, as an operator sees it: at the broker, or a gateway's. */
interface JoinDesk extends AutoCloseable {
  /** Who waits. */
  List<JoinRequest> pending() throws IOException;

  /**
   * Tells a board what was decided, and returns once it has probably heard.
   *
   * @param answer signed
   * @param charter the charter file, for whoever can give it to the site
   */
  void decide(JoinRequest request, byte[] answer, byte[] charter)
      throws IOException, InterruptedException;

  /** Whether the site learns the charter from here. */
  boolean spreads();

  /** How it is with whoever is at the other end, for whom nothing came. */
  String state();

  @Override
  void close();
}
