package starling.frame;

import starling.wire.WireWriter;

/** Makes this node's frames on one link, for one boot. */
public final class Sealer {
  private final Boot boot;

  /**
   * A sealer for one boot and link.
   *
   * @param sender where its frames come from, as {@link FrameHeader#sender}
   * @param link a number that both ends give this medium, 0 to 255: a frame captured on one medium
   *     opens on no other; with {@link Keyring#CLEAR} frames are not encrypted
   * @throws IllegalArgumentException if the keyring lacks the epoch
   */
  public Sealer(Keyring keyring, int epoch, Introduction self, int sender, int link) {
    Boot derived = keyring.boot(sender, epoch, self, link);
    if (derived == null) {
      throw new IllegalArgumentException("no site key for epoch " + epoch);
    }
    this.boot = derived;
  }

  /** The epoch of the site key that its frames need. */
  public int epoch() {
    return boot.epoch();
  }

  /** Bytes that a frame has besides its sections: 16, or 32 when it introduces its sender. */
  public static int overheadBytes(boolean introduces) {
    return FrameHeader.BYTES + (introduces ? Introduction.BYTES : 0) + FrameKeys.TAG_BYTES;
  }

  /**
   * A sealed frame, ready to send.
   *
   * @param sections the plaintext; its first {@code length} bytes are used
   */
  public byte[] seal(FrameHeader header, byte[] sections, int length) {
    byte[] frame = new byte[overheadBytes(header.introduces()) + length];
    WireWriter to = new WireWriter(frame);
    header.write(to);
    if (header.introduces()) {
      boot.introduction().write(to);
    }
    int clearBytes = to.length();
    to.bytes(sections, 0, length);
    boot.keys().seal(frame, clearBytes);
    return frame;
  }
}
