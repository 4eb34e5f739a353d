package starling.engine;

import java.util.Optional;
import starling.model.Delivery;
import starling.model.Facts;
import starling.wire.MalformedException;

/**
 * Who knows what zones consist of, as one protocol may ask another: bytes that any other node of
 * the site can read.
 */
public interface RowSource {
  /** All standing queries. */
  int ALL = -1;

  /** The most bytes of a listing. */
  int LISTING_MAX_BYTES = 1 << 15;

  /**
   * The rows inside a zone for the newest settled window; empty unless this node represents that
   * zone, or serves it as a gateway.
   *
   * @param zone the own cell, or a zone above it
   * @param query a standing query's number, or {@link #ALL}
   */
  Optional<byte[]> rows(int zone, int query, Facts facts, long nowNanos);

  /** What there is inside a zone, for those who asked for what there is not: names alone. */
  byte[] names(int zone, Facts facts);

  /**
   * Reads what another node's {@link #rows} or {@link #names} wrote.
   *
   * @param id names the answer
   * @param path the zone's path, as it was asked for
   */
  Delivery.Inquired read(byte[] listing, long id, String path, Facts facts, long nowNanos)
      throws MalformedException;
}
