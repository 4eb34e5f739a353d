package starling.link;

/**
 * One node's door to one medium. A link carries whole frames, never blocks, and stays open until
 * {@link #close}: a radio that is unplugged or a broker that is away makes it <em>down</em>, and it
 * comes up again by itself.
 */
public interface Link extends AutoCloseable {
  /** What the medium is and allows. */
  LinkProfile profile();

  /**
   * Begins to listen. Returns at once; everything further is told to {@code listener}, from the
   * link's own threads.
   */
  void open(Listener listener);

  /**
   * Hands over a frame to leave now. Never blocks and never throws for a medium's trouble: the
   * outcome is told by {@link Listener#left}, exactly once per call. A frame that can't leave at
   * once (link down, queue full) is refused, not kept: what it said will be said better in a later
   * frame.
   *
   * @param frameId the caller's name for this frame, given back in {@link Listener#left}
   * @param to {@link Address#ALL} on a broadcast medium, one neighbour on an addressed one
   * @param permit the ledger's leave to send {@code frame.length} bytes
   * @param frame 1 to {@code profile().mtuBytes()} bytes; the caller does not touch it again
   */
  void send(long frameId, Address to, AirtimeLedger.Permit permit, byte[] frame);

  /** Stops, and ends the link's threads. Idempotent. */
  @Override
  void close();

  /**
   * What a link tells its owner, from the link's own threads; implementations only hand over to a
   * queue.
   */
  interface Listener {
    /**
     * A whole frame was heard: the bytes that a neighbour sent, framing removed, not yet
     * authenticated.
     *
     * @param reception how well, {@link Reception#UNTOLD} if the modem does not tell
     * @param heardNanos {@link System#nanoTime} when the frame's last byte had arrived
     */
    void heard(byte[] frame, Reception reception, long heardNanos);

    /** A frame is gone ({@code left}), or could not go and was dropped. */
    void left(long frameId, boolean left);

    /** The medium became usable or unusable; {@code reason} is one line for a person. */
    void state(boolean up, String reason);
  }
}
