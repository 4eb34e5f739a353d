package starling.link;

/**
 * Who a frame is for.
 *
 * @param cell the receiver's cell id, 1 to 65535; 0 with {@link #ALL}
 * @param slot the receiver's slot in it, 0 to 63
 */
public record Address(int cell, int slot) {
  /** Everybody in reach: the only address on a broadcast medium. */
  public static final Address ALL = new Address(0, 0);

  public Address {
    if (cell < 0 || cell > 0xFFFF || slot < 0 || slot > 0xFF) {
      throw new IllegalArgumentException("no such address: cell " + cell + ", slot " + slot);
    }
  }
}
